#include "engine/planning.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/file.hpp"
#include "dns/zone_file.hpp"
#include "engine/previous_commit.hpp"

namespace mxsmith::engine {

namespace {

std::vector<std::string> allowed_for(const dns::Name& zone, const std::vector<AllowOption>& allow) {
  std::vector<std::string> guards;
  for (const auto& option : allow) {
    if (option.zone == zone) guards.push_back(option.guard);
  }
  return guards;
}

/// The desired sets as the provider will give them back, so that its habits are no differences.
void normalise(plan::Desired& desired, const Task& task) {
  for (auto& unit : desired.units) {
    if (unit.values.empty()) continue;
    dns::RRset set{
        unit.unit.key.name, unit.unit.key.type, unit.ttl.value_or(plan::kDefaultTtl), {}};
    for (const auto& value : unit.values) set.values.push_back(value.value);
    const dns::RRset stored = task.provider->stored(task.ref, set);
    if (stored.values.size() != unit.values.size()) continue;
    for (std::size_t i = 0; i < stored.values.size(); ++i) unit.values[i].value = stored.values[i];
    const auto* txt = std::get_if<dns::Txt>(&stored.values.front());
    if (unit.unit.owned == plan::OwnedClass::value && txt != nullptr)
      unit.unit.octets = txt->octets;
    if (unit.ttl) unit.ttl = stored.ttl;
  }
}

std::string joined_errors(const base::Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics.sorted()) {
    if (diagnostic.severity != base::Severity::error) continue;
    text += (text.empty() ? "" : "\n") +
            (diagnostic.pos.known() ? diagnostic.pos.text() + ": " : std::string()) +
            diagnostic.message;
    if (!diagnostic.hint.empty()) text += " (" + diagnostic.hint + ")";
  }
  return text;
}

void conclude(Task& task, plan::PlanResult result) {
  if (!result.plan) {
    throw base::Error(base::ErrorKind::unsupported, joined_errors(result.diagnostics))
        .with_context("no plan for " + task.report.zone.display());
  }
  task.report.plan = std::move(result.plan);
  const plan::ZonePlan& plan = *task.report.plan;
  task.report.status = plan.refused() ? ZoneStatus::refused
                       : plan.empty() ? ZoneStatus::nothing
                                      : ZoneStatus::planned;
}

/// A zone file as if a provider had read it.
plan::LiveZone live_from_file(const fs::path& path, const dns::Name& zone) {
  base::Diagnostics diagnostics;
  dns::ReadOptions options;
  options.path = path.string();
  options.include = [&](std::string_view name) {
    return base::read_file_if_there(path.parent_path() / name);
  };
  const auto file = dns::read_zone_file(base::read_file(path), zone, options, diagnostics);
  if (!file) {
    throw base::Error(base::ErrorKind::invalid, joined_errors(diagnostics))
        .with_context(path.string() + " cannot be read as a zone file");
  }
  plan::LiveZone live({zone, path.string(), plan::ZoneKind::ordinary});
  for (const auto& set : file->zone().sets()) live.add({set, nullptr});
  return live;
}

bool selected(const dns::Name& zone, const std::vector<dns::Name>& wanted) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), zone) != wanted.end();
}

bool is_spec_path(const std::string& path) {
  return fs::is_directory(path) || fs::path(path).extension() == ".toml";
}

/// The specs that "git:REV" or a path stands for; for a revision, the paths of the selection.
spec::Project project_at(const std::string& where, const Selection& selection, Workshop& workshop) {
  if (const auto revision = git_revision_of(where)) {
    return load_project(selection, workshop, *revision);
  }
  return load_project({{where}, {}}, workshop);
}

std::map<dns::Name, plan::Desired> desired_by_zone(const spec::Project& project, base::Instant at,
                                                   base::Diagnostics& diagnostics) {
  diagnostics.append(project.diagnostics);
  std::map<dns::Name, plan::Desired> all;
  for (const auto& zone : project.zones) {
    all.emplace(zone.zone, spec::evaluate(zone, at, diagnostics));
  }
  return all;
}

/// Zones without a manifest, by the commit that stands in for it.
std::map<std::string, std::vector<dns::Name>> zones_by_previous_commit(const PlanRequest& request,
                                                                       const spec::Project& project,
                                                                       state::Store& store) {
  std::map<std::string, std::vector<dns::Name>> zones;
  for (const auto& zone : project.zones) {
    for (const auto& choice : zone.providers) {
      const auto key = make_task(project, choice, zone.zone).key;
      if (!selected(key.zone, request.selection.zones) || store.manifest(key)) continue;
      const auto history = store.history(key);
      const auto commit =
          previous_commit(project.file.directory,
                          history.empty() ? "" : history.front().actor.commit, request.before);
      if (commit) zones[*commit].push_back(zone.zone);
    }
  }
  return zones;
}

std::map<dns::Name, plan::Manifest> manifests_before(const PlanRequest& request,
                                                     const spec::Project& project,
                                                     Workshop& workshop, base::Instant now,
                                                     base::Diagnostics& diagnostics) {
  std::map<dns::Name, plan::Manifest> manifests;
  state::Store& store = workshop.store_of(project.file);
  for (const auto& [commit, zones] : zones_by_previous_commit(request, project, store)) {
    const auto before = project_at("git:" + commit, request.selection, workshop);
    for (const auto& [zone, desired] : desired_by_zone(before, now, diagnostics)) {
      if (std::find(zones.begin(), zones.end(), zone) == zones.end()) continue;
      manifests.emplace(zone, plan::manifest_of(desired));
    }
  }
  return manifests;
}

/// What a zone is compared with when no provider is asked.
struct OfflineBase {
  plan::LiveZone live;
  plan::Manifest manifest;
  plan::HistoryKnown known = plan::HistoryKnown::no;
};

void plan_offline_task(Task& task, const OfflineBase& offline, Workshop& workshop,
                       const PlanRequest& request, base::Instant at) {
  const provider::ProviderInfo& info = workshop.info_of(task.account);
  const plan::PlanInput input{*task.desired,
                              offline.live,
                              offline.manifest,
                              offline.known,
                              info.traits,
                              {task.account.name, task.account.type, "", ""},
                              task.report.spec_file,
                              at,
                              {},
                              {},
                              allowed_for(task.report.zone, request.allow),
                              request.reviewed,
                              &task.services.catalogue()};
  conclude(task, plan::make_plan(input));
  task.report.plan->for_looking = true;
}

}  // namespace

void plan_task(Task& task, state::Store& store, Workshop& workshop, const PlanContext& context) {
  workshop.tell(task, "planning");
  plan::Desired desired = *task.desired;
  normalise(desired, task);
  auto manifest = store.manifest(task.key);
  plan::HistoryKnown known = manifest ? plan::HistoryKnown::yes : plan::HistoryKnown::no;
  if (!manifest) {
    const auto found = context.stand_in.find(task.report.zone);
    if (found != context.stand_in.end()) {
      manifest = found->second;
      known = plan::HistoryKnown::yes;
      task.report.notices.push_back("no history here: --previous says what was ours");
    } else {
      task.report.notices.push_back("no history: nothing is deleted but [[absent]]");
    }
  }
  const plan::Manifest previous = manifest.value_or(plan::Manifest());
  const plan::PlanInput input{desired,
                              task.live,
                              previous,
                              known,
                              task.traits,
                              target_of(task),
                              task.report.spec_file,
                              context.at,
                              {},
                              hold_view(store, task.key),
                              allowed_for(task.report.zone, context.allow),
                              context.reviewed,
                              &task.services.catalogue()};
  conclude(task, plan::make_plan(input));
  task.report.plan->for_looking = context.for_looking;
}

std::map<dns::Name, plan::Manifest> stand_in_manifests(const PlanRequest& request,
                                                       const spec::Project& project,
                                                       Workshop& workshop, base::Instant now,
                                                       base::Diagnostics& diagnostics) {
  std::map<dns::Name, plan::Manifest> manifests;
  if (!request.previous || diagnostics.has_errors()) return manifests;
  if (*request.previous == "auto") {
    return manifests_before(request, project, workshop, now, diagnostics);
  }
  const auto before = project_at(*request.previous, request.selection, workshop);
  for (const auto& [zone, desired] : desired_by_zone(before, now, diagnostics)) {
    manifests.emplace(zone, plan::manifest_of(desired));
  }
  return manifests;
}

std::vector<Task> plan_offline(const PlanRequest& request, std::vector<Task> tasks,
                               Workshop& workshop, base::Diagnostics& diagnostics) {
  const base::Instant now = workshop.env.clock.now();
  const base::Instant at = request.at.value_or(now);
  const bool zone_file = !git_revision_of(*request.against) && !is_spec_path(*request.against);
  std::map<dns::Name, plan::Desired> before;
  if (!zone_file) {
    const auto project = project_at(*request.against, request.selection, workshop);
    before = desired_by_zone(project, now, diagnostics);
  }
  if (diagnostics.has_errors()) return tasks;
  if (zone_file && tasks.size() > 1) {
    throw base::Error(base::ErrorKind::usage, "a zone file holds one zone, and the specs declare " +
                                                  std::to_string(tasks.size()))
        .with_hint("name the zone with --zone");
  }
  workshop.for_each(tasks, [&](Task& task) {
    OfflineBase offline;
    const auto found = before.find(task.report.zone);
    if (zone_file) {
      offline.live = live_from_file(*request.against, task.report.zone);
    } else if (found != before.end()) {
      offline = {plan::live_from(found->second), plan::manifest_of(found->second),
                 plan::HistoryKnown::yes};
    } else {
      offline.live = plan::LiveZone({task.report.zone, "", plan::ZoneKind::ordinary});
      offline.live.coverage = mail::Coverage::declared;
      task.report.notices.push_back("no spec there declares this zone: compared with an empty one");
    }
    plan_offline_task(task, offline, workshop, request, at);
  });
  return tasks;
}

void hold_back_siblings(std::vector<Task>& tasks) {
  std::map<dns::Name, std::string> stopped;
  std::map<dns::Name, std::size_t> copies;
  for (const auto& task : tasks) {
    ++copies[task.report.zone];
    if (!task.open()) stopped.emplace(task.report.zone, task.report.account);
  }
  for (auto& task : tasks) {
    const auto found = stopped.find(task.report.zone);
    if (found == stopped.end() || copies[task.report.zone] < 2 || !task.open()) continue;
    task.report.status = ZoneStatus::skipped;
    task.report.notices.push_back("not begun: its plan at account " + found->second +
                                  " cannot be carried out, and the two must not part");
  }
}

std::vector<state::ZoneKey> abandoned_zones(const spec::Project& project,
                                            const Selection& selection, state::Store& store) {
  // A part of the project says nothing about zones that are not in it.
  const fs::path home = fs::weakly_canonical(project.file.directory);
  const bool whole =
      selection.zones.empty() &&
      (selection.specs.empty() ||
       std::any_of(selection.specs.begin(), selection.specs.end(), [&](const fs::path& path) {
         return fs::is_directory(path) && fs::weakly_canonical(path) == home;
       }));
  if (!whole) return {};
  std::set<state::ZoneKey> known;
  for (const auto& zone : project.zones) {
    for (const auto& choice : zone.providers) {
      known.insert(make_task(project, choice, zone.zone).key);
    }
  }
  std::vector<state::ZoneKey> abandoned;
  for (const auto& key : store.zones()) {
    if (known.contains(key)) continue;
    const auto manifest = store.manifest(key);
    if (manifest && !manifest->items.empty()) abandoned.push_back(key);
  }
  return abandoned;
}

void collect(std::vector<Task>& tasks, Report& report) {
  report.zones.clear();
  for (const auto& task : tasks) report.zones.push_back(task.report);
}

}  // namespace mxsmith::engine
