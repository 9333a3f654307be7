#include <algorithm>

#include "base/file.hpp"
#include "base/version.hpp"
#include "cli/actor.hpp"
#include "cli/commands.hpp"
#include "cli/pipeline.hpp"

namespace mxsmith::cli {

namespace {

/// Saves the plans, or says why it is of no use: a plan with a zone that was refused or could not
/// be read would be refused as a whole.
bool save(const fs::path& path, const engine::Report& report, Session& session) {
  const auto bad =
      std::find_if(report.zones.begin(), report.zones.end(), [](const engine::ZoneReport& zone) {
        return !zone.plan || zone.error || zone.status == engine::ZoneStatus::refused;
      });
  if (report.diagnostics.has_errors() || bad != report.zones.end()) {
    session.err(
        "mxsmith: no plan was saved" +
        (bad == report.zones.end() ? "" : ": " + bad->zone.display() + " stands in the way") +
        "\n");
    return false;
  }
  plan::PlanFile file;
  file.tool = "mxsmith " + std::string(base::version());
  file.made_at = report.started;
  for (const auto& zone : report.zones) file.zones.push_back(*zone.plan);
  base::replace_file(path, plan::print_plan_file(file));
  session.remark("saved as " + path.string());
  return true;
}

}  // namespace

engine::ExitCode run(const PlanOptions& options, Session& session) {
  engine::PlanRequest request = options.request;
  request.before = commit_before();
  const engine::Report report = session.engine().plan(request);
  if (session.common().format == Format::text) session.diagnostics(report.diagnostics);
  const bool saved = options.out && save(*options.out, report, session);
  render::View view = session.view();
  view.apply_command =
      saved ? "mxsmith apply " + shell_word(options.out->string()) : apply_command(options.request);
  view.project_arguments = project_arguments(options.request.selection);
  const bool silent = report.diagnostics.has_errors() && session.common().format == Format::text;
  if (!silent) session.out(session.renderer(view)->plan(report));
  const auto code = engine::exit_code(report, options.detailed);
  return options.out && !saved && code == engine::ExitCode::ok ? engine::ExitCode::error : code;
}

}  // namespace mxsmith::cli
