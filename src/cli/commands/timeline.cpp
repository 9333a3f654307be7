#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const TimelineOptions& options, Session& session) {
  base::Diagnostics diagnostics;
  const auto zones = session.engine().timeline(options.selection, diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) return engine::ExitCode::refused;
  session.out(session.renderer(session.view())->timeline(zones));
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
