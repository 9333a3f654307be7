// What a run that died left behind, and how a zone stands to a plan.
#include <algorithm>
#include <set>
#include <utility>

#include "engine/task.hpp"

namespace mxsmith::engine {

namespace {

using plan::Change;
using state::ChangeState;
using state::EntryStatus;

bool stands_as(const std::optional<plan::SetState>& wanted, const plan::LiveSet* live) {
  if (!wanted || live == nullptr) return !wanted && live == nullptr;
  return wanted->set == live->set;
}

std::string values_text(const dns::RRset& set) {
  std::string text;
  for (const auto& value : dns::sorted_values(set)) {
    text += (text.empty() ? "" : ", ") + dns::print_rdata(value);
  }
  return text + " (TTL " + std::to_string(set.ttl) + ")";
}

/// What the steps that were announced came to, now that the zone has been read.
std::vector<state::StepOutcome> outcomes_of(const state::Entry& entry, const plan::LiveZone& live,
                                            base::Instant now) {
  std::vector<state::StepOutcome> outcomes;
  for (const std::size_t step : entry.intended) {
    const bool known = std::any_of(entry.outcomes.begin(), entry.outcomes.end(),
                                   [&](const auto& outcome) { return outcome.step == step; });
    if (known) continue;
    state::StepOutcome outcome{step, {}, "the run died before the answer", now};
    for (const std::size_t index : entry.plan.steps.at(step).changes) {
      outcome.changes.push_back(state_of(entry.plan.changes.at(index), live));
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

EntryStatus status_now(const plan::ZonePlan& plan, const plan::LiveZone& live) {
  std::size_t applied = 0;
  std::size_t untouched = 0;
  for (const auto& change : plan.changes) {
    const ChangeState state = state_of(change, live);
    applied += state == ChangeState::applied ? 1 : 0;
    untouched += state == ChangeState::not_applied ? 1 : 0;
  }
  if (applied == plan.changes.size()) return EntryStatus::applied;
  if (untouched == plan.changes.size()) return EntryStatus::failed;
  return EntryStatus::partly;
}

std::string words_for(EntryStatus status) {
  switch (status) {
    case EntryStatus::applied: return "everything it planned is live";
    case EntryStatus::failed: return "nothing it planned is live";
    case EntryStatus::aborted: return "it had sent nothing";
    default: return "part of what it planned is live";
  }
}

/// A rollback that came to nothing holds nothing; a redo that worked lifts the hold it answers.
void settle_hold(const state::Entry& entry, EntryStatus status, const state::ZoneKey& key,
                 state::Store& store) {
  const auto hold = store.hold(key);
  if (!hold || hold->kind != state::Hold::Kind::rolled_back) return;
  const bool worked = status == EntryStatus::applied || status == EntryStatus::partly;
  const bool rollback_failed =
      entry.info.kind == plan::PlanKind::rollback && !worked && hold->entry == entry.info.id;
  const bool redone = entry.info.kind == plan::PlanKind::redo && worked;
  if (rollback_failed || redone) store.lift_hold(key);
}

void wait_out_the_answer(const state::Entry& entry, const Task& task, Workshop& workshop) {
  const base::Instant until = entry.info.started + task.traits.settle_after;
  if (entry.intended.empty() || workshop.env.clock.now() >= until) return;
  workshop.tell(task, "waiting for the answer of a run that died");
  workshop.env.clock.sleep_until(until);
}

}  // namespace

ChangeState state_of(const Change& change, const plan::LiveZone& live) {
  const plan::LiveSet* set = live.find(change.key);
  // What changes nothing but metadata shows in nothing else.
  if (set != nullptr && change.before && change.after && change.before->set == change.after->set &&
      set->set == change.after->set) {
    const plan::Meta meta = set->meta();
    return meta == change.after->meta    ? ChangeState::applied
           : meta == change.before->meta ? ChangeState::not_applied
                                         : ChangeState::differs;
  }
  if (stands_as(change.after, set)) return ChangeState::applied;
  if (stands_as(change.before, set)) return ChangeState::not_applied;
  return ChangeState::differs;
}

std::vector<std::string> differences(const plan::ZonePlan& plan, const plan::LiveZone& live) {
  std::vector<std::string> all;
  for (const auto& change : plan.changes) {
    if (state_of(change, live) == ChangeState::applied) continue;
    const plan::LiveSet* set = live.find(change.key);
    all.push_back(change.key.text() + " should be " +
                  (change.after ? values_text(change.after->set) : std::string("gone")) +
                  " and is " + (set != nullptr ? values_text(set->set) : std::string("gone")));
  }
  return all;
}

plan::Manifest manifest_between(const plan::Manifest& before, const plan::ZonePlan& plan,
                                const plan::LiveZone& live) {
  std::set<dns::Key> pending;
  std::set<dns::Key> unclear;
  for (const auto& change : plan.changes) {
    const ChangeState state = state_of(change, live);
    if (state == ChangeState::not_applied) pending.insert(change.key);
    if (state == ChangeState::differs) unclear.insert(change.key);
  }
  plan::Manifest between;
  for (const auto& item : plan.manifest.items) {
    if (!pending.contains(item.unit.key)) between.items.push_back(item);
  }
  for (const auto& item : before.items) {
    const bool kept = pending.contains(item.unit.key) ||
                      (unclear.contains(item.unit.key) && plan.manifest.find(item.unit) == nullptr);
    if (kept) between.items.push_back(item);
  }
  std::sort(between.items.begin(), between.items.end(),
            [](const auto& a, const auto& b) { return a.unit < b.unit; });
  between.spec_digest =
      pending.empty() && unclear.empty() ? plan.manifest.spec_digest : before.spec_digest;
  return between;
}

void settle(Task& task, state::Store& store, Workshop& workshop) {
  if (store.discard_torn(task.key)) {
    task.report.settled.push_back(
        "a journal whose first line never got to disk was removed: nothing had been sent");
  }
  const auto entry = store.open_entry(task.key);
  if (!entry) return;
  workshop.tell(task, "settling a run that died");
  EntryStatus status = EntryStatus::aborted;
  plan::Manifest manifest = entry->manifest_before;
  std::vector<state::StepOutcome> outcomes;
  std::vector<std::string> differing;
  if (!entry->intended.empty()) {
    wait_out_the_answer(*entry, task, workshop);
    read_live(task, workshop);
    outcomes = outcomes_of(*entry, task.live, workshop.env.clock.now());
    status = status_now(entry->plan, task.live);
    differing = differences(entry->plan, task.live);
    manifest = manifest_between(entry->manifest_before, entry->plan, task.live);
  }
  const auto journal = store.resume(task.key);
  for (const auto& outcome : outcomes) journal->outcome(outcome);
  if (!entry->intended.empty()) journal->read_back(differing, workshop.env.clock.now());
  journal->end(status, manifest, workshop.env.clock.now());
  settle_hold(*entry, status, task.key, store);
  task.report.settled.push_back(
      "entry " + std::to_string(entry->info.id) + " (" +
      std::string(plan::plan_kind_name(entry->info.kind)) + " of " +
      base::print_instant_local(entry->info.started, base::WithDate::yes) + " by " +
      entry->info.actor.user + ") was cut off; " + words_for(status) + "; closed as " +
      std::string(state::status_name(status)));
}

}  // namespace mxsmith::engine
