#include <algorithm>

#include "cli/commands.hpp"

namespace mxsmith::cli {

namespace {

bool any_refused(const engine::Report& report) {
  return std::any_of(report.zones.begin(), report.zones.end(), [](const engine::ZoneReport& zone) {
    return zone.plan && zone.plan->refused();
  });
}

}  // namespace

engine::ExitCode run(const ApplyOptions& options, Session& session) {
  const Confirmation confirmation(session, options.yes, "Apply these changes?");
  confirmation.require_answerable();
  engine::ApplyRequest request = options.request;
  // Whoever answers the question has the plan before their eyes.
  request.plan.reviewed = !options.yes;
  bool shown = false;
  const engine::Report report = session.engine().apply(request, [&](const auto& planned) {
    shown = true;
    return confirmation(planned);
  });
  const bool as_text = session.common().format == Format::text;
  if (as_text) session.diagnostics(report.diagnostics);
  if (as_text && report.diagnostics.has_errors()) {
    return engine::exit_code(report, engine::Detailed::no);
  }
  render::View view = session.view();
  view.project_arguments = project_arguments(options.request.plan.selection);
  const auto renderer = session.renderer(view);
  if (as_text && !shown && any_refused(report)) session.out(renderer->plan(report) + "\n");
  session.out(renderer->result(report, render::Deed::apply));
  return engine::exit_code(report, engine::Detailed::no);
}

}  // namespace mxsmith::cli
