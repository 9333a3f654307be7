// The commands by name: what each is for, examples, exit codes. The words of `--help`.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mxsmith::cli {

struct CommandInfo {
  std::string_view name;      ///< "plan", "spf eval"
  std::string_view summary;   ///< One sentence.
  std::string_view examples;  ///< Lines, each a command and what it does.
  std::string_view exits;     ///< Lines, each an exit code and its meaning here.
};
std::span<const CommandInfo> all_commands();
/// Null: no such command.
const CommandInfo* find_command(std::string_view name);

/// Examples and exit codes as they end a command's help.
std::string command_footer(std::string_view name);
/// Commands whose name has two words, by the first: what `mxsmith spf --help` says. Empty: there
/// are none.
std::string group_overview(std::string_view first_word);
/// What `mxsmith` alone says.
std::string overview();

}  // namespace mxsmith::cli
