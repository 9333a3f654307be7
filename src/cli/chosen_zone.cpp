#include "cli/chosen_zone.hpp"

#include <vector>

#include "base/text.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

engine::Selection choose(const std::string& what, const fs::path& project) {
  engine::Selection selection;
  std::error_code ignored;
  if (fs::exists(what, ignored)) {
    selection.specs.emplace_back(what);
    return selection;
  }
  const auto name = dns::Name::parse_absolute(what);
  if (!name || what.find('/') != std::string::npos) {
    throw base::Error(base::ErrorKind::not_found,
                      what + " is neither a file here nor the name of a zone");
  }
  if (!project.empty()) selection.specs.push_back(project);
  selection.zones.push_back(*name);
  return selection;
}

spec::Project load_chosen(const engine::Selection& selection) {
  std::vector<std::string> types;
  for (const auto& info : providers::all()) types.push_back(info.type);
  return spec::load(selection.specs, *spec::disk_files(), types);
}

const spec::ZoneSpec& the_zone(const spec::Project& project, const engine::Selection& selection,
                               const std::string& what, const OneZoneWords& words) {
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
      what + " declares " + base::counted(found.size(), "zone") + ", and " + words.why_one)
      .with_hint("name the zone: " + words.command + " " + found.front()->zone.display() +
                 " --project " + what);
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

}  // namespace mxsmith::cli
