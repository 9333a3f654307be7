// SIGINT and SIGTERM ask the program to stop between two writes; a second one stops it at once, and
// the next run settles what it left.
#pragma once

namespace mxsmith::cli {

/// From now on signals are remembered. A reader that goes away is no reason to die either: SIGPIPE
/// is ignored.
void watch_signals();
bool stop_requested();

}  // namespace mxsmith::cli
