#include "cli/commands.hpp"
#include "cli/pipeline.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const ApplyOptions& options, Session& session) {
  const Confirmation confirmation(session, options.yes, "Apply these changes?");
  confirmation.require_answerable();
  engine::ApplyRequest request = options.request;
  // Whoever answers the question has the plan before their eyes.
  request.plan.reviewed = !options.yes;
  request.plan.before = commit_before();
  std::optional<engine::Report> shown;
  engine::Report report = session.engine().apply(request, [&](const engine::Report& planned) {
    shown = planned;
    return confirmation(planned);
  });
  render::View view = session.view();
  view.project_arguments = project_arguments(options.request.plan.selection);
  show_result(report, shown, render::Deed::apply, view, session);
  return engine::exit_code(report, engine::Detailed::no);
}

}  // namespace mxsmith::cli
