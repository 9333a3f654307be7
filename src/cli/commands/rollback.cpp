#include "cli/commands.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const RollbackOptions& options, Session& session) {
  const Confirmation confirmation(session, options.yes, "Roll back like this?");
  confirmation.require_answerable();
  std::optional<engine::Report> shown;
  engine::Report report =
      session.engine().rollback(options.request, [&](const engine::Report& planned) {
        shown = planned;
        return confirmation(planned);
      });
  show_result(report, shown, render::Deed::rollback, session.view(), session);
  return engine::exit_code(report, engine::Detailed::no);
}

}  // namespace mxsmith::cli
