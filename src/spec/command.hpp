// Runs a program without a shell and takes what it prints.
#pragma once

#include <string>
#include <vector>

namespace mxsmith::spec {

struct CommandResult {
  int status = 0;  ///< Exit status; 128 + signal when a signal ended it.
  std::string output;
  std::string errors;
};

/// `argv[0]` is looked for in PATH; standard input is empty. Throws Error{io} when the program
/// cannot be started.
CommandResult run_command(const std::vector<std::string>& argv);

}  // namespace mxsmith::spec
