// Runs a program without a shell and takes what it prints.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mxsmith::base {

struct CommandResult {
  int status = 0;  ///< Exit status; 128 + signal when a signal ended it.
  std::string output;
  std::string errors;
};

/// What a program is given besides its arguments.
struct CommandInput {
  std::string_view input;  ///< For its standard input.
  /// Variables set besides those of our own environment, or instead of them.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> without = {};  ///< Variables of ours that it does not get.
};

/// `argv[0]` is looked for in PATH; standard input is empty unless given. Throws Error{io} when the
/// program cannot be started.
CommandResult run_command(const std::vector<std::string>& argv, const CommandInput& given = {});

}  // namespace mxsmith::base
