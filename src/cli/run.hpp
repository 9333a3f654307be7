// The program as a function.
#pragma once

namespace mxsmith::cli {

/// Reads the arguments, runs the command, gives the exit code (docs/exit-codes.md). The one place
/// outside the engine where base::Error is caught.
int run_program(int argc, char** argv);

}  // namespace mxsmith::cli
