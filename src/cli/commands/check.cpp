#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const CheckOptions& options, Session& session) {
  const engine::Report report = session.engine().check(options.selection);
  const bool errors = report.diagnostics.has_errors();
  if (!session.common().quiet || !report.diagnostics.empty()) {
    session.out(session.renderer(session.view())->check(report));
  }
  return errors ? engine::ExitCode::refused : engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
