#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "dns/zone_file.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

/// `what` is a path if there is such a file or folder, else the name of a zone of the project.
engine::Selection selection_of(const ExportOptions& options) {
  engine::Selection selection;
  std::error_code ignored;
  if (fs::exists(options.what, ignored)) {
    selection.specs.emplace_back(options.what);
    return selection;
  }
  const auto name = dns::Name::parse_absolute(options.what);
  if (!name || base::trim(options.what).find('/') != std::string_view::npos) {
    throw base::Error(base::ErrorKind::not_found,
                      options.what + " is neither a file here nor the name of a zone");
  }
  if (!options.project.empty()) selection.specs.push_back(options.project);
  selection.zones.push_back(*name);
  return selection;
}

spec::Project load_project(const engine::Selection& selection) {
  std::vector<std::string> types;
  for (const auto& info : providers::all()) types.push_back(info.type);
  return spec::load(selection.specs, *spec::disk_files(), types);
}

const spec::ZoneSpec& the_zone(const spec::Project& project, const engine::Selection& selection,
                               const std::string& what) {
  std::vector<const spec::ZoneSpec*> found;
  for (const auto& zone : project.zones) {
    const bool wanted = selection.zones.empty() || zone.zone == selection.zones.front();
    if (wanted) found.push_back(&zone);
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    throw base::Error(base::ErrorKind::not_found, "no spec here declares " + what)
        .with_hint("--project names the folder of its project");
  }
  throw base::Error(
      base::ErrorKind::conflict,
      what + " declares " + base::counted(found.size(), "zone") + ", and a zone file holds one")
      .with_hint("name the zone: mxsmith export " + found.front()->zone.display() + " --project " +
                 what);
}

dns::Zone plain_zone(const plan::LiveZone& live) {
  dns::Zone zone(live.apex());
  zone.reserve(live.sets().size());
  for (const auto& set : live.sets()) zone.put(set.set);
  return zone;
}

plan::LiveZone read_live(const spec::Project& project, const spec::ZoneSpec& spec,
                         Session& session) {
  const auto& choice = spec.providers.front();
  engine::ImportRequest request;
  request.zone = spec.zone;
  request.provider = choice.account;
  request.zone_id = choice.zone_id;
  request.project = project.file.directory;
  return session.engine().read_zone(request);
}

}  // namespace

engine::ExitCode run(const ExportOptions& options, Session& session) {
  const auto selection = selection_of(options);
  const spec::Project project = load_project(selection);
  base::Diagnostics diagnostics = project.diagnostics;
  if (diagnostics.has_errors()) {
    session.diagnostics(diagnostics);
    return engine::ExitCode::refused;
  }
  const spec::ZoneSpec& spec = the_zone(project, selection, options.what);
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
