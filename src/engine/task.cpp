#include "engine/task.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "engine/crew.hpp"
#include "provider/plugin.hpp"

namespace mxsmith::engine {

namespace {

/// How old a read may be that a write goes by. Reading takes about as long.
constexpr std::chrono::milliseconds kFresh{2000};

/// Names that are listed in a message; of more only their number is told.
constexpr std::size_t kNamesTold = 10;

std::string zones_words(const std::vector<plan::ZoneRef>& zones, const dns::Name& wanted) {
  if (zones.empty()) return "the account has no zones";
  std::vector<std::string> names;
  names.reserve(zones.size());
  for (const auto& zone : zones) names.push_back(zone.name.display());
  if (names.size() <= kNamesTold) return "the zones there are: " + base::join(names, ", ");
  const auto near = base::did_you_mean(wanted.display(), names);
  return "the account has " + base::counted(names.size(), "other zone") +
         (near ? ", among them " + *near : std::string());
}

base::Error not_served(const Task& task, Workshop& workshop) {
  std::string looked;
  for (const auto& place : task.provider->places(task.report.zone)) {
    looked += (looked.empty() ? "; looked for " : ", ") + place;
  }
  base::Error error(base::ErrorKind::not_found, "no zone " + task.report.zone.display() +
                                                    " at account " + task.account.name + looked);
  const auto zones = workshop.directory_of(task.account).list(*task.provider);
  return error.with_hint(zones ? zones_words(*zones, task.report.zone) : std::string());
}

base::Error ambiguous(const Task& task, const std::vector<plan::ZoneRef>& found) {
  std::string ids;
  for (const auto& ref : found) {
    ids += (ids.empty() ? "" : ", ") + ref.id;
    if (!ref.note.empty()) ids += " (" + base::escape_for_terminal(ref.note) + ")";
  }
  base::Error error(base::ErrorKind::conflict, "account " + task.account.name + " has " +
                                                   std::to_string(found.size()) + " zones named " +
                                                   task.report.zone.display());
  return error.with_hint("say which: provider = {account = \"" + task.account.name +
                         "\", zone_id = \"...\"}, one of " + ids);
}

void refuse_unless_edited_there(const Task& task, plan::ZoneKind kind) {
  if (kind == plan::ZoneKind::ordinary) return;
  const bool secondary = kind == plan::ZoneKind::secondary;
  base::Error error(base::ErrorKind::unsupported,
                    task.report.zone.display() +
                        (secondary ? " is a secondary zone there: its primary is elsewhere"
                                   : " is signed elsewhere: a change would break its signatures"));
  throw error.with_hint("change the zone where it is edited");
}

bool selected(const dns::Name& zone, const std::vector<dns::Name>& wanted) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), zone) != wanted.end();
}

}  // namespace

bool Task::open() const {
  return !report.error &&
         (report.status == ZoneStatus::nothing || report.status == ZoneStatus::planned);
}

void Task::fail(const base::Error& error) {
  report.error = error;
  switch (error.kind()) {
    case base::ErrorKind::refused: report.status = ZoneStatus::refused; break;
    case base::ErrorKind::stale: report.status = ZoneStatus::stale; break;
    case base::ErrorKind::interrupted: report.status = ZoneStatus::skipped; break;
    default: report.status = ZoneStatus::failed; break;
  }
}

const provider::ProviderInfo& Workshop::info_of(const base::Account& account) {
  if (!account.command.empty()) {
    const std::lock_guard hold(mutex_);
    return plugins_.try_emplace(account.type, provider::plugin_info(account.type)).first->second;
  }
  const provider::ProviderInfo* info = env.find_provider(account.type);
  if (info == nullptr) {
    base::Error error(base::ErrorKind::usage, "there is no provider type \"" + account.type + "\"");
    throw error.with_hint("`mxsmith providers` lists them");
  }
  return *info;
}

void Task::forget_live() {
  live = {};
  read_tick.reset();
}

Workshop::Desk& Workshop::desk_of(const base::Account& account) {
  return desks_[account.name + "\n" + account.directory.string()];
}

std::shared_ptr<provider::Provider> Workshop::provider_of(const base::Account& account) {
  const provider::ProviderInfo& info = info_of(account);
  const std::lock_guard hold(mutex_);
  auto& known = desk_of(account).provider;
  if (!known) known = info.make(account, {env.clock, env.http});
  return known;
}

ZoneDirectory& Workshop::directory_of(const base::Account& account) {
  const std::lock_guard hold(mutex_);
  return desk_of(account).directory;
}

std::mutex& Workshop::writer_at(const std::string& fingerprint) {
  const std::lock_guard hold(mutex_);
  return writers_[fingerprint];
}

state::Store& Workshop::store_of(const spec::ProjectFile& project) {
  const std::lock_guard hold(mutex_);
  auto& known = stores_[project.state.directory];
  if (!known) known = env.open_store(project.state);
  return *known;
}

void Workshop::tell(const Task& task, const std::string& doing) {
  if (env.progress == nullptr) return;
  const std::lock_guard hold(telling_);
  env.progress->zone(task.report.zone.display(), doing);
}

void Workshop::tell_end(const Task& task) {
  if (env.progress == nullptr) return;
  const std::lock_guard hold(telling_);
  env.progress->end(task.report.zone.display(), task.report.status);
}

void Workshop::for_each(std::vector<Task>& tasks, const std::function<void(Task&)>& work) {
  Crew crew(*this, {nullptr, work});
  crew.go_on();
  for (auto& task : tasks) {
    if (task.open()) crew.add(task);
  }
  crew.finish();
}

std::optional<std::string> git_revision_of(const std::string& text) {
  if (text.rfind("git:", 0) != 0) return std::nullopt;
  return text.substr(4);
}

spec::Project load_project(const Selection& selection, Workshop& workshop,
                           const std::string& git_revision, const spec::OnZone& on_zone) {
  const auto files = git_revision.empty() ? spec::disk_files() : spec::git_files(git_revision);
  return spec::load(selection.specs, *files, workshop.env.provider_types, on_zone);
}

Task make_task(const spec::Project& project, const spec::ProviderChoice& choice,
               const dns::Name& zone) {
  Task task;
  task.account = project.account_for(choice);
  task.choice = choice;
  task.services = project.services;
  // A private zone shares its name with the public one, and must not share its history.
  const bool apart = choice.is_private.value_or(false);
  task.key = {task.account.name + (apart ? "+private" : ""), zone};
  task.report.zone = zone;
  task.report.account = task.account.name;
  task.report.provider = task.account.type;
  return task;
}

void take_project_rules(mail::Declared& declared, const spec::ProjectFile& project) {
  for (const mail::RuleSetting& setting : project.rules) {
    const bool own = std::any_of(declared.rules.begin(), declared.rules.end(),
                                 [&](const auto& one) { return one.rule == setting.rule; });
    if (!own) declared.rules.push_back(setting);
  }
}

std::vector<Task> tasks_of_zone(const spec::Project& project, const spec::ZoneSpec& zone,
                                const Selection& selection, base::Instant at,
                                base::Diagnostics& diagnostics) {
  std::vector<Task> tasks;
  if (!selected(zone.zone, selection.zones)) return tasks;
  plan::Desired desired = spec::evaluate(zone, at, diagnostics);
  take_project_rules(desired.mail, project.file);
  tasks.reserve(zone.providers.size());
  for (const auto& choice : zone.providers) {
    Task task = make_task(project, choice, zone.zone);
    task.desired = desired;
    task.report.spec_file = zone.file.string();
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<Task> tasks_of(const spec::Project& project, const Selection& selection,
                           base::Instant at, base::Diagnostics& diagnostics) {
  std::vector<Task> tasks;
  tasks.reserve(project.zones.size());
  for (const auto& zone : project.zones) {
    for (auto& task : tasks_of_zone(project, zone, selection, at, diagnostics)) {
      tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

namespace {

/// A credential for one zone may be refused a look at the list of zones; with the zone's id none is
/// needed.
std::vector<plan::ZoneRef> zones_named(const Task& task, Workshop& workshop) {
  try {
    return workshop.directory_of(task.account).find(*task.provider, task.report.zone);
  } catch (const base::Error& error) {
    if (!task.choice.zone_id || error.kind() != base::ErrorKind::auth) throw;
    return {};
  }
}

}  // namespace

void connect(Task& task, Workshop& workshop) {
  task.info = &workshop.info_of(task.account);
  task.provider = workshop.provider_of(task.account);
  const auto found = zones_named(task, workshop);
  if (task.choice.zone_id) {
    task.ref = {task.report.zone, *task.choice.zone_id, plan::ZoneKind::ordinary};
    for (const auto& ref : found) {
      if (ref.id == task.ref.id) task.ref = ref;
    }
  } else {
    if (found.empty()) throw not_served(task, workshop);
    if (found.size() > 1) throw ambiguous(task, found);
    task.ref = found.front();
  }
  refuse_unless_edited_there(task, task.ref.kind);
  task.traits = task.provider->traits(task.ref);
}

void read_live(Task& task, Workshop& workshop) {
  workshop.tell(task, "reading");
  const auto begun = workshop.env.clock.ticks();
  task.forget_live();
  try {
    task.live = task.provider->read(task.ref);
  } catch (const base::Error& error) {
    throw error.with_context("while reading " + task.report.zone.display() + " from " +
                             task.account.name);
  }
  // Some providers know only now: a list of zones need not tell which are signed.
  refuse_unless_edited_there(task, task.live.ref().kind);
  task.live.read_at = workshop.env.clock.now();
  task.read_tick = begun;
}

bool is_fresh(const Task& task, const Workshop& workshop) {
  return task.read_tick && workshop.env.clock.ticks() - *task.read_tick <= kFresh;
}

plan::Target target_of(const Task& task) {
  return {task.account.name, task.account.type, task.provider->fingerprint(), task.ref.id};
}

plan::HoldView hold_view(state::Store& store, const state::ZoneKey& key) {
  plan::HoldView view;
  for (const auto& hold : {store.hold_all(), store.hold(key)}) {
    if (!hold) continue;
    const std::string who =
        hold->by + ", " + base::print_instant_local(hold->since, base::WithDate::yes);
    if (hold->kind == state::Hold::Kind::by_hand) {
      view.by_hand = true;
      view.reason = hold->reason.empty() ? who : hold->reason + " (" + who + ")";
    } else {
      view.undone_digests = hold->undone_digests;
      view.undone_by = hold->reason + ", by " + who;
    }
  }
  return view;
}

}  // namespace mxsmith::engine
