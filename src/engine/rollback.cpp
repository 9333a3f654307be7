#include "engine/rollback.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "engine/planning.hpp"
#include "engine/three_way.hpp"

namespace mxsmith::engine {

namespace {

using base::Error;
using base::ErrorKind;
using plan::PlanKind;
using state::ChangeState;
using state::EntryInfo;
using state::EntryStatus;

constexpr std::string_view kPrivate = "+private";

bool had_effect(const EntryInfo& info) {
  return info.status == EntryStatus::applied || info.status == EntryStatus::partly;
}

Error nothing_known(const RollbackRequest& request, state::Store& store) {
  std::string known;
  for (const auto& key : store.zones()) known += (known.empty() ? "" : ", ") + key.text();
  const std::string what = request.run ? "run " + *request.run
                           : request.selection.zones.empty()
                               ? std::string("any zone")
                               : request.selection.zones.front().display();
  Error error(ErrorKind::not_found, "no history of " + what + " in " + store.describe());
  return error.with_hint(known.empty() ? "nothing has been applied from here yet"
                                       : "there is history of " + known);
}

/// The sealed entries to undo, newest first.
std::vector<std::uint64_t> entries_to_undo(const Task& task, const RollbackRequest& request,
                                           state::Store& store) {
  std::vector<std::uint64_t> ids;
  for (const auto& info : store.history(task.key)) {
    if (request.undo) {
      if (info.id == *request.undo) ids.push_back(info.id);
    } else if (request.to) {
      if (info.id > *request.to && had_effect(info)) ids.push_back(info.id);
    } else if (request.run) {
      if (info.actor.run == *request.run) ids.push_back(info.id);
    } else if (ids.empty() && had_effect(info)) {
      ids.push_back(info.id);
    }
  }
  if (request.to) store.entry(task.key, *request.to);  // says which entries there are if not
  if (request.undo && ids.empty()) store.entry(task.key, *request.undo);
  if (ids.empty() && !request.to) {
    throw Error(ErrorKind::not_found, "nothing to undo for " + task.key.text())
        .with_hint("`mxsmith history " + task.report.zone.display() + "` lists what was done");
  }
  return ids;
}

bool is_dkim(const dns::Key& key) {
  const auto labels = key.name.labels();
  return labels.size() > 1 &&
         std::find(labels.begin() + 1, labels.end(), "_domainkey") != labels.end();
}

/// What --only lets through.
ValueFilter filter_for(const std::optional<std::string>& only) {
  if (!only) return [](const dns::Key&, const dns::Rdata&) { return true; };
  const std::string word = base::to_lower(*only);
  if (word == "mx") {
    return [](const dns::Key& key, const dns::Rdata&) { return key.type == dns::Type::MX; };
  }
  if (word == "dkim") return [](const dns::Key& key, const dns::Rdata&) { return is_dkim(key); };
  static const std::map<std::string, plan::OwnedClass, std::less<>> kClasses = {
      {"spf", plan::OwnedClass::spf},
      {"dmarc", plan::OwnedClass::dmarc},
      {"mta-sts", plan::OwnedClass::mta_sts},
      {"tls-rpt", plan::OwnedClass::tls_rpt},
      {"bimi", plan::OwnedClass::bimi}};
  if (const auto found = kClasses.find(word); found != kClasses.end()) {
    return [wanted = found->second](const dns::Key& key, const dns::Rdata& value) {
      const auto* txt = std::get_if<dns::Txt>(&value);
      return txt != nullptr && plan::classify_txt(key.name, txt->octets) == wanted;
    };
  }
  const auto key = dns::Key::parse(*only);
  if (!key) {
    throw Error(ErrorKind::usage, "--only \"" + *only + "\" is neither a part of mail nor a record")
        .with_hint(
            "one of mx, spf, dkim, dmarc, mta-sts, tls-rpt, bimi, or NAME/TYPE as in "
            "www.example.com/A");
  }
  return
      [wanted = *key](const dns::Key& candidate, const dns::Rdata&) { return candidate == wanted; };
}

/// Where undoing has got to, set by set.
class Undoing {
 public:
  Undoing(const plan::LiveZone& live, ValueFilter concerns)
      : live_(live), concerns_(std::move(concerns)) {}

  void undo(const state::Entry& entry) {
    const std::set<std::size_t> applied = changes_that_took_effect(entry);
    for (std::size_t i = entry.plan.changes.size(); i-- > 0;) {
      const plan::Change& change = entry.plan.changes[i];
      if (!applied.contains(i) || conflicting_.contains(change.key)) continue;
      auto& state = states_.try_emplace(change.key, live_state(change.key)).first->second;
      Undone undone = undo_in(state, change, concerns_);
      if (!undone.conflict.empty()) {
        conflicts_.push_back(undone.conflict + "; left as it is");
        conflicting_.insert(change.key);
        states_.erase(change.key);
        continue;
      }
      state = std::move(undone.state);
    }
  }

  /// The changes that lead there, those that would make an illegal zone left out.
  std::vector<plan::Change> changes(const std::string& reason) {
    drop_illegal();
    std::vector<plan::Change> all;
    for (const auto& [key, state] : states_) {
      plan::Change change;
      change.key = key;
      change.before = live_state(key);
      change.after = state;
      change.reasons.push_back({0, reason});
      if (change.before == change.after) continue;
      all.push_back(std::move(change));
    }
    return all;
  }

  [[nodiscard]] const std::vector<std::string>& conflicts() const { return conflicts_; }
  [[nodiscard]] bool reverted(const dns::Key& key) const { return states_.contains(key); }

 private:
  static std::set<std::size_t> changes_that_took_effect(const state::Entry& entry) {
    std::set<std::size_t> applied;
    for (const auto& outcome : entry.outcomes) {
      const auto& changes = entry.plan.steps.at(outcome.step).changes;
      for (std::size_t i = 0; i < changes.size() && i < outcome.changes.size(); ++i) {
        if (outcome.changes[i] != ChangeState::not_applied) applied.insert(changes[i]);
      }
    }
    return applied;
  }

  [[nodiscard]] std::optional<plan::SetState> live_state(const dns::Key& key) const {
    const plan::LiveSet* set = live_.find(key);
    if (set == nullptr) return std::nullopt;
    return plan::SetState{set->set, set->meta(),
                          live_.native ? live_.native->verbatim(key) : std::string()};
  }

  /// CNAME beside other data: something took the name since.
  void drop_illegal() {
    std::map<dns::Name, std::vector<dns::Key>> by_name;
    for (const auto& [key, state] : states_) by_name[key.name].push_back(key);
    for (const auto& [name, keys] : by_name) {
      std::size_t sets = 0;
      bool cname = false;
      for (const auto* live : live_.at(name)) {
        if (states_.contains(live->set.key())) continue;
        ++sets;
        cname = cname || live->set.type == dns::Type::CNAME;
      }
      for (const auto& key : keys) {
        if (!states_.at(key)) continue;
        ++sets;
        cname = cname || key.type == dns::Type::CNAME;
      }
      if (!cname || sets < 2) continue;
      for (const auto& key : keys) states_.erase(key);
      conflicts_.push_back(name.display() +
                           " would hold a CNAME beside other records; left as it is");
    }
  }

  const plan::LiveZone& live_;
  ValueFilter concerns_;
  std::map<dns::Key, std::optional<plan::SetState>> states_;
  std::set<dns::Key> conflicting_;
  std::vector<std::string> conflicts_;
};

/// What is owned after the undo: as before the oldest entry, for the sets that went back.
plan::Manifest manifest_after(const plan::Manifest& now, const plan::Manifest& then,
                              const Undoing& undoing, bool whole) {
  if (whole) return then;
  plan::Manifest after;
  after.spec_digest = now.spec_digest;
  for (const auto& item : now.items) {
    if (!undoing.reverted(item.unit.key)) after.items.push_back(item);
  }
  for (const auto& item : then.items) {
    if (undoing.reverted(item.unit.key)) after.items.push_back(item);
  }
  std::sort(after.items.begin(), after.items.end(),
            [](const auto& a, const auto& b) { return a.unit < b.unit; });
  return after;
}

std::string title_of(const EntryInfo& newest, const RollbackRequest& request, std::size_t count) {
  const std::string what = "entry " + std::to_string(newest.id) + " (" +
                           std::string(plan::plan_kind_name(newest.kind)) + ", " +
                           base::print_instant_local(newest.started, base::WithDate::yes) + ")";
  if (request.to) {
    return "back to entry " + std::to_string(*request.to) + ": undo of " +
           base::counted(count, "entry", "entries");
  }
  if (newest.kind == PlanKind::rollback) return "redo: undo of " + what;
  return "undo of " + what;
}

void let_through(plan::ZonePlan& plan, const std::vector<AllowOption>& allow) {
  for (auto& guard : plan.guards) {
    const bool asked = std::any_of(allow.begin(), allow.end(), [&](const AllowOption& option) {
      return option.zone == plan.zone && option.guard == guard.id;
    });
    if (guard.allowed || !asked) continue;
    guard.allowed = true;
    guard.allowed_by = "--allow";
  }
}

void refuse_if_held(const Task& task, state::Store& store) {
  const plan::HoldView hold = hold_view(store, task.key);
  if (!hold.by_hand) return;
  throw Error(ErrorKind::refused, task.report.zone.display() + " is held: " + hold.reason)
      .with_hint("`mxsmith hold " + task.report.zone.display() +
                 " --lift` lifts it (`mxsmith hold --all --lift` for a hold over all zones)");
}

state::Hold hold_for(const Workshop& workshop, const std::string& reason,
                     std::vector<std::string> digests) {
  state::Hold hold;
  hold.kind = state::Hold::Kind::rolled_back;
  hold.reason = reason;
  hold.by = workshop.env.actor.user + "@" + workshop.env.actor.host;
  hold.since = workshop.env.clock.now();
  hold.undone_digests = std::move(digests);
  return hold;
}

void plan_by_history(Task& task, const RollbackRequest& request, state::Store& store,
                     Workshop& workshop) {
  task.undoes = entries_to_undo(task, request, store);
  Undoing undoing(task.live, filter_for(request.only));
  std::vector<std::string> digests;
  plan::Manifest then = store.manifest(task.key).value_or(plan::Manifest());
  std::optional<EntryInfo> newest;
  for (const std::uint64_t id : task.undoes) {
    const state::Entry entry = store.entry(task.key, id);
    if (!newest) newest = entry.info;
    undoing.undo(entry);
    then = entry.manifest_before;
    if (entry.info.kind != PlanKind::rollback) digests.push_back(entry.plan.spec_digest);
  }
  if (!newest) {
    task.report.notices.push_back("the zone is as it was right after entry " +
                                  std::to_string(*request.to) + ": nothing to undo");
    return;
  }
  const std::string title = title_of(*newest, request, task.undoes.size());
  const bool redo = task.undoes.size() == 1 && newest->kind == PlanKind::rollback;
  const PlanKind kind = redo ? PlanKind::redo : PlanKind::rollback;
  auto changes = undoing.changes(title);
  task.report.plan = plan::plan_for_changes(std::move(changes), task.live, task.traits,
                                            target_of(task), kind, workshop.env.clock.now(), {});
  plan::ZonePlan& plan = *task.report.plan;
  plan.title = title;
  const auto now_owned = store.manifest(task.key).value_or(plan::Manifest());
  // Entries in the middle leave what came after them owned.
  const bool newest_first =
      !store.history(task.key).empty() && store.history(task.key).front().id == newest->id;
  const bool whole = !request.only && undoing.conflicts().empty() && newest_first;
  plan.manifest = manifest_after(now_owned, then, undoing, whole);
  plan.spec_digest = plan.manifest.spec_digest;
  for (const auto& conflict : undoing.conflicts()) task.report.notices.push_back(conflict);
  if (!redo) task.hold_after = hold_for(workshop, "rolled back: " + title, std::move(digests));
}

void plan_by_spec(Task& task, const RollbackRequest& request, const spec::Project& project,
                  state::Store& store, Workshop& workshop) {
  PlanContext context;
  context.at = workshop.env.clock.now();
  context.reviewed = true;
  context.allow = request.allow;
  plan_task(task, store, workshop, context);
  plan::ZonePlan& plan = *task.report.plan;
  plan.kind = PlanKind::rollback;
  plan.title = "back to the spec of " + *request.spec;
  std::vector<std::string> digests;
  base::Diagnostics ignored;  // a broken spec of today is no reason not to go back
  for (const auto& zone : project.zones) {
    if (zone.zone != task.report.zone) continue;
    digests.push_back(spec::evaluate(zone, context.at, ignored).digest);
  }
  if (const auto manifest = store.manifest(task.key)) digests.push_back(manifest->spec_digest);
  std::erase(digests, plan.spec_digest);
  task.hold_after = hold_for(workshop, "rolled back: " + plan.title, std::move(digests));
}

}  // namespace

spec::ProviderChoice choice_for(state::Store& store, const state::ZoneKey& key) {
  spec::ProviderChoice choice;
  choice.account = key.account;
  if (choice.account.ends_with(kPrivate)) {
    choice.account.resize(choice.account.size() - kPrivate.size());
    choice.is_private = true;
  }
  const auto history = store.history(key);
  if (!history.empty()) {
    choice.zone_id = store.entry(key, history.front().id).plan.target.zone_id;
  }
  return choice;
}

std::vector<Task> rollback_tasks(const RollbackRequest& request, const spec::Project& project,
                                 state::Store& store, Workshop& workshop,
                                 base::Diagnostics& diagnostics) {
  std::vector<Task> tasks;
  if (request.spec) {
    const auto revision = git_revision_of(*request.spec);
    const Selection there{revision ? request.selection.specs : std::vector<fs::path>{*request.spec},
                          request.selection.zones};
    const auto earlier = load_project(there, workshop, revision.value_or(""));
    diagnostics.append(earlier.diagnostics);
    tasks = tasks_of(earlier, there, workshop.env.clock.now(), diagnostics);
    // Accounts are those of today; only what is declared is of then.
    for (auto& task : tasks) task.account = project.account_for(task.choice);
  } else {
    for (const auto& key : store.zones()) {
      const auto& zones = request.selection.zones;
      const bool wanted = std::find(zones.begin(), zones.end(), key.zone) != zones.end() ||
                          (zones.empty() && request.run);
      if (!wanted) continue;
      const auto history = store.history(key);
      const bool in_run = std::any_of(history.begin(), history.end(), [&](const EntryInfo& info) {
        return request.run && info.actor.run == *request.run;
      });
      if (request.run && !in_run) continue;
      tasks.push_back(make_task(project, choice_for(store, key), key.zone));
      tasks.back().key = key;
    }
  }
  if (tasks.empty() && !diagnostics.has_errors()) throw nothing_known(request, store);
  return tasks;
}

void plan_rollback(Task& task, const RollbackRequest& request, const spec::Project& project,
                   state::Store& store, Workshop& workshop) {
  refuse_if_held(task, store);
  if (request.spec) {
    plan_by_spec(task, request, project, store, workshop);
    return;
  }
  plan_by_history(task, request, store, workshop);
  if (!task.report.plan) return;
  let_through(*task.report.plan, request.allow);
  const plan::ZonePlan& plan = *task.report.plan;
  task.report.status = plan.refused() ? ZoneStatus::refused
                       : plan.empty() ? ZoneStatus::nothing
                                      : ZoneStatus::planned;
}

}  // namespace mxsmith::engine
