#include <algorithm>

#include "base/file.hpp"
#include "cli/chosen_zone.hpp"
#include "cli/commands.hpp"
#include "cli/render/explanation.hpp"
#include "dns/zone_file.hpp"
#include "plan/live_sets.hpp"
#include "spec/service_files.hpp"

namespace mxsmith::cli {

namespace {

/// What a file's name says of its zone: "example.com.zone", "db.example.com".
std::optional<dns::Name> name_of(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.compare(0, 3, "db.") == 0) name.erase(0, 3);
  for (const std::string_view ending : {".zone", ".db", ".txt"}) {
    if (name.size() <= ending.size()) continue;
    const std::size_t size = name.size() - ending.size();
    if (std::string_view(name).substr(size) != ending) continue;
    name.resize(size);
    break;
  }
  const auto parsed = dns::Name::parse_absolute(name);
  return parsed.ok() && parsed->label_count() > 1 ? std::optional<dns::Name>(*parsed)
                                                  : std::nullopt;
}

dns::Name apex_in(const dns::Zone& records, const fs::path& path) {
  std::vector<dns::Name> apexes;
  for (const dns::RRset& set : records.sets()) {
    if (set.type == dns::Type::SOA) apexes.push_back(set.name);
  }
  if (apexes.size() == 1) return apexes.front();
  const auto name = name_of(path);
  const bool known =
      name && (apexes.empty() || std::find(apexes.begin(), apexes.end(), *name) != apexes.end());
  if (known) return *name;
  throw base::Error(base::ErrorKind::conflict,
                    path.string() + (apexes.empty() ? " has no SOA record that says of which zone "
                                                      "it is"
                                                    : " holds several zones"))
      .with_hint("name the file after its zone: example.com.zone");
}

dns::Zone zone_in(const fs::path& path, base::Diagnostics& diagnostics) {
  dns::ReadOptions options;
  options.path = path.string();
  options.holding = dns::Holding::records;
  options.origin = name_of(path);
  options.include = [&path](std::string_view name) {
    return base::read_file_if_there(path.parent_path() / fs::path(name));
  };
  const auto file = dns::read_zone_file(base::read_file(path), dns::Name(), options, diagnostics);
  if (!file) return dns::Zone();
  const dns::Name apex = apex_in(file->zone(), path);
  dns::Zone zone(apex);
  for (const dns::RRset& set : file->zone().sets()) {
    if (set.name.is_at_or_below(apex)) zone.put(set);
  }
  return zone;
}

/// Neither a spec nor a folder of them.
bool is_zone_file(const std::string& what) {
  std::error_code ignored;
  return fs::is_regular_file(what, ignored) && fs::path(what).extension() != ".toml";
}

mail::Explanation explain(const mail::ZoneSets& sets, mail::Coverage coverage,
                          const mail::Declared& declared, const mail::Catalogue& services) {
  mail::KeyCache keys;
  return mail::explain_mail({sets, coverage, declared, services, nullptr, keys});
}

engine::ExitCode show(mail::Explanation explanation, render::Explained::Source source,
                      Session& session) {
  session.out(render::print_explanation({std::move(explanation), source}, session.common().format,
                                        session.view()));
  return engine::ExitCode::ok;
}

engine::ExitCode explain_file(const std::string& path, Session& session) {
  base::Diagnostics diagnostics;
  const dns::Zone zone = zone_in(path, diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) return engine::ExitCode::refused;
  return show(explain(mail::SetsOfZone(zone), mail::Coverage::whole, {}, spec::built_in_services()),
              render::Explained::Source::file, session);
}

}  // namespace

engine::ExitCode run(const ExplainOptions& options, Session& session) {
  if (is_zone_file(options.what)) return explain_file(options.what, session);
  const auto selection = choose(options.what, options.project);
  const spec::Project project = load_chosen(selection);
  base::Diagnostics diagnostics = project.diagnostics;
  if (diagnostics.has_errors()) {
    session.diagnostics(diagnostics);
    return engine::ExitCode::refused;
  }
  const spec::ZoneSpec& spec =
      the_zone(project, selection, options.what, {"mxsmith explain", "only one can be shown"});
  const auto at = options.at.value_or(session.clock().now());
  const plan::Desired desired = spec::evaluate(spec, at, diagnostics);
  session.diagnostics(diagnostics);
  if (diagnostics.has_errors()) return engine::ExitCode::refused;
  const mail::Catalogue& services = project.services.catalogue();
  if (options.live) {
    const plan::LiveZone live = read_live(project, spec, session);
    return show(explain(plan::LiveSets(live), mail::Coverage::whole, desired.mail, services),
                render::Explained::Source::live, session);
  }
  const plan::LiveZone declared = plan::live_from(desired);
  const auto coverage =
      desired.manage == plan::ManageMode::zone ? mail::Coverage::whole : mail::Coverage::declared;
  return show(explain(plan::LiveSets(declared), coverage, desired.mail, services),
              render::Explained::Source::spec, session);
}

}  // namespace mxsmith::cli
