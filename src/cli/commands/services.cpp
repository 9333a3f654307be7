#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/render/services.hpp"
#include "dns/zone_file.hpp"
#include "providers/all.hpp"

namespace mxsmith::cli {

namespace {

/// The catalogue with the entries of the project's own; ends the run by an error where they are
/// wrong.
spec::KnownServices known_services(const fs::path& project, Session& session) {
  base::Diagnostics diagnostics;
  const fs::path folder = project.empty() ? fs::path(".") : project;
  auto services = spec::project_services(folder, *spec::disk_files(), diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) {
    throw base::Error(base::ErrorKind::invalid, "the project's own services cannot be read");
  }
  return services;
}

[[noreturn]] void no_such_service(const std::string& name, const mail::Catalogue& catalogue) {
  const std::vector<std::string> near = catalogue.like(name);
  throw base::Error(base::ErrorKind::not_found,
                    "there is no mail service `" + name + "`" +
                        (near.empty() ? "" : ", did you mean `" + near.front() + "`?"))
      .with_hint(near.size() > 1 ? "similar: " + base::join(near, ", ")
                                 : "`mxsmith services` lists them");
}

/// A file's zone: what it names itself, else what it is called after.
dns::Name apex_of(const fs::path& path, const std::string& text) {
  dns::ReadOptions options;
  options.path = path.string();
  options.holding = dns::Holding::records;
  base::Diagnostics ignored;
  if (const auto read = dns::read_zone_file(text, dns::Name(), options, ignored)) {
    for (const dns::RRset& set : read->zone().sets()) {
      if (set.type == dns::Type::SOA && !set.name.is_root()) return set.name;
    }
  }
  std::string name = path.filename().string();
  if (name.starts_with("db.")) name.erase(0, 3);
  for (const std::string_view end : {".zone", ".db", ".txt", ".hosts"}) {
    if (name.ends_with(end)) name.resize(name.size() - end.size());
  }
  const auto parsed = dns::Name::parse_absolute(name);
  if (parsed && parsed->label_count() > 1) return *parsed;
  throw base::Error(base::ErrorKind::invalid,
                    path.string() + " does not say which zone it is: it has no $ORIGIN")
      .with_hint("name the zone: --zone example.com");
}

dns::Zone zone_of_file(const ServicesDetectOptions& options, Session& session) {
  const fs::path path = options.what;
  const std::string text = base::read_file(path);
  const dns::Name apex = options.zone ? *options.zone : apex_of(path, text);
  dns::ReadOptions read_options;
  read_options.path = path.string();
  read_options.include = [&path](std::string_view name) -> std::optional<std::string> {
    return base::read_file_if_there(path.parent_path() / fs::path(name));
  };
  base::Diagnostics diagnostics;
  const auto read = dns::read_zone_file(text, apex, read_options, diagnostics);
  session.diagnostics(diagnostics);
  if (!read) {
    throw base::Error(base::ErrorKind::invalid,
                      path.string() + " cannot be read as a zone file of " + apex.display())
        .with_hint("if it is another zone's, name that: --zone example.com");
  }
  return read->zone();
}

const spec::ZoneSpec& zone_of_project(const spec::Project& project, const dns::Name& name) {
  const auto found = std::find_if(project.zones.begin(), project.zones.end(),
                                  [&](const spec::ZoneSpec& one) { return one.zone == name; });
  if (found != project.zones.end()) return *found;
  throw base::Error(base::ErrorKind::not_found, "no spec here declares " + name.display())
      .with_hint("--project names the folder of its project; a zone file is named by its path");
}

dns::Zone live_zone(const ServicesDetectOptions& options, Session& session, std::string& source) {
  const auto name = dns::Name::parse_absolute(options.what);
  if (!name || name->is_root() || options.what.find('/') != std::string::npos) {
    throw base::Error(base::ErrorKind::not_found,
                      options.what + " is neither a file here nor the name of a zone");
  }
  std::vector<std::string> types;
  for (const auto& info : providers::all()) types.push_back(info.type);
  std::vector<fs::path> paths;
  if (!options.project.empty()) paths.push_back(options.project);
  const spec::Project project = spec::load(paths, *spec::disk_files(), types);
  const spec::ZoneSpec& spec = zone_of_project(project, *name);
  if (spec.providers.empty()) {
    session.diagnostics(project.diagnostics);
    throw base::Error(base::ErrorKind::invalid, "the spec does not say where the zone is kept");
  }
  const auto& choice = spec.providers.front();
  engine::ImportRequest request;
  request.zone = spec.zone;
  request.provider = choice.account;
  request.zone_id = choice.zone_id;
  request.project = project.file.directory;
  source = "at " + choice.account;
  const plan::LiveZone live = session.engine().read_zone(request);
  dns::Zone zone(live.apex());
  zone.reserve(live.sets().size());
  for (const auto& set : live.sets()) zone.put(set.set);
  return zone;
}

}  // namespace

engine::ExitCode run(const ServicesOptions& options, Session& session) {
  const spec::KnownServices services = known_services(options.project, session);
  const Format format = session.common().format;
  if (options.name.empty()) {
    session.out(render::print_services(services, format, session.view()));
    return engine::ExitCode::ok;
  }
  const mail::Service* service = services.catalogue().find(options.name);
  if (service == nullptr) no_such_service(options.name, services.catalogue());
  session.out(render::print_service(services, *service, format, session.view()));
  return engine::ExitCode::ok;
}

engine::ExitCode run(const ServicesDetectOptions& options, Session& session) {
  const spec::KnownServices services = known_services(options.project, session);
  std::error_code ignored;
  render::ZoneServices found;
  found.source = options.what;
  const bool is_file = fs::is_regular_file(options.what, ignored);
  const dns::Zone zone =
      is_file ? zone_of_file(options, session) : live_zone(options, session, found.source);
  const mail::SetsOfZone sets(zone);
  mail::KeyCache keys;
  const mail::MailZone mail_zone(sets, keys);
  found.zone = zone.apex();
  found.services = mail::detect_services(mail_zone, services.catalogue());
  session.out(render::print_detected(found, session.common().format, session.view()));
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
