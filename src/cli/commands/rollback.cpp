#include <algorithm>

#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const RollbackOptions& options, Session& session) {
  const Confirmation confirmation(session, options.yes, "Roll back like this?");
  confirmation.require_answerable();
  bool shown = false;
  const engine::Report report =
      session.engine().rollback(options.request, [&](const auto& planned) {
        shown = true;
        return confirmation(planned);
      });
  const bool as_text = session.common().format == Format::text;
  if (as_text) session.diagnostics(report.diagnostics);
  if (as_text && report.diagnostics.has_errors()) {
    return engine::exit_code(report, engine::Detailed::no);
  }
  const auto renderer = session.renderer(session.view());
  const bool refused = std::any_of(report.zones.begin(), report.zones.end(), [](const auto& zone) {
    return zone.plan && zone.plan->refused();
  });
  if (as_text && !shown && refused) session.out(renderer->plan(report) + "\n");
  session.out(renderer->result(report, render::Deed::rollback));
  return engine::exit_code(report, engine::Detailed::no);
}

}  // namespace mxsmith::cli
