#include "cli/chosen_zone.hpp"
#include "cli/commands.hpp"
#include "dns/zone_file.hpp"

namespace mxsmith::cli {

namespace {

dns::Zone plain_zone(const plan::LiveZone& live) {
  dns::Zone zone(live.apex());
  zone.reserve(live.sets().size());
  for (const auto& set : live.sets()) zone.put(set.set);
  return zone;
}

}  // namespace

engine::ExitCode run(const ExportOptions& options, Session& session) {
  const auto selection = choose(options.what, options.project);
  const spec::Project project = load_chosen(selection);
  base::Diagnostics diagnostics = project.diagnostics;
  if (diagnostics.has_errors()) {
    session.diagnostics(diagnostics);
    return engine::ExitCode::refused;
  }
  const spec::ZoneSpec& spec =
      the_zone(project, selection, options.what, {"mxsmith export", "a zone file holds one"});
  plan::LiveZone zone;
  if (options.live) {
    zone = read_live(project, spec, session);
  } else {
    const auto at = options.at.value_or(session.clock().now());
    const plan::Desired desired = spec::evaluate(spec, at, diagnostics);
    session.diagnostics(diagnostics);
    if (diagnostics.has_errors()) return engine::ExitCode::refused;
    zone = plan::live_from(desired);
  }
  const std::string text = dns::print_zone_file(plain_zone(zone));
  if (options.out) {
    write_new_file(*options.out, text);
    session.remark("wrote " + options.out->string());
  } else {
    session.out(text);
  }
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
