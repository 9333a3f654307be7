#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const HelpOptions& options, Session& session) {
  session.out(options.text);
  return engine::ExitCode::ok;
}

engine::ExitCode run(const UsageFault& fault, Session&) {
  throw base::Error(base::ErrorKind::usage, fault.message).with_hint(fault.hint);
}

}  // namespace mxsmith::cli
