// Carrying out a plan: every write of mxsmith goes through here.
#include <algorithm>
#include <utility>

#include "base/stop_shield.hpp"
#include "base/write_permit.hpp"
#include "engine/retrying.hpp"
#include "engine/task.hpp"

namespace mxsmith::engine {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using state::ChangeState;
using state::EntryStatus;

/// The longest pause between two looks at a pending change.
constexpr base::Seconds kPoll{2};

/// A plan on its way, with the journal that tells of it.
class Execution {
 public:
  Execution(Task& task, state::Store& store, Workshop& workshop)
      : task_(task), store_(store), workshop_(workshop), plan_(*task.report.plan) {}

  void run() {
    before_ = store_.manifest(task_.key).value_or(plan::Manifest());
    if (!plan_.empty() && !still_fits()) return;
    if (plan_.empty()) {
      store_.put_manifest(task_.key, plan_.manifest);
      task_.report.status = ZoneStatus::nothing;
      return;
    }
    begin();
    task_.report.entry = journal_->info().id;
    try {
      send_steps();
      read_back_and_seal();
    } catch (const Error& error) {
      // The journal could not be written. What it holds is enough for the next run to settle.
      task_.report.status = sent_ ? ZoneStatus::unknown : ZoneStatus::failed;
      Error told = error.with_context("history of " + task_.key.text() + " could not be written");
      if (told.hint().empty()) {
        told.with_hint(
            "make room, then run `mxsmith apply` or `mxsmith rollback`: the first thing they do is "
            "to read the zone back and close this entry");
      }
      task_.report.error = told;
    }
  }

 private:
  [[nodiscard]] base::Instant now() const { return workshop_.env.clock.now(); }

  /// Compares the plan with a fresh read; drops what is done already.
  bool still_fits() {
    if (!is_fresh(task_, workshop_)) read_live(task_, workshop_);
    const plan::Freshness freshness = plan::compare_with_live(plan_, task_.live);
    if (!freshness.moved.empty()) {
      for (const auto& moved : freshness.moved) task_.report.moved.push_back(moved.message);
      Error error(ErrorKind::stale,
                  "the zone is no longer as it was when this plan was made; nothing was written");
      task_.fail(error.with_hint("plan again and review what is new"));
      return false;
    }
    if (!freshness.done.empty()) {
      task_.report.notices.push_back(base_words(freshness.done.size()) +
                                     " of the plan already live and was left out");
      plan_ = plan::without_done(plan_, freshness);
    }
    return true;
  }

  static std::string base_words(std::size_t count) {
    return count == 1 ? "1 change" : std::to_string(count) + " changes";
  }

  /// Somebody else may have been faster in a shared store. A rollback that does not even begin
  /// holds nothing.
  void begin() {
    const auto held_before = store_.hold(task_.key);
    if (task_.hold_after) put_hold();
    try {
      journal_ = store_.begin(task_.key, workshop_.env.actor, plan_, task_.undoes, now());
    } catch (const Error& error) {
      if (task_.hold_after) take_hold_back(held_before, error);
      throw;
    }
  }

  void take_hold_back(const std::optional<state::Hold>& before, const Error& why) {
    try {
      if (before) {
        store_.put_hold(task_.key, *before);
      } else {
        store_.lift_hold(task_.key);
      }
    } catch (const Error& stuck) {
      Error told = why.with_context(std::string("the hold of this rollback, which has not begun, "
                                                "cannot be lifted (") +
                                    stuck.what() + ")");
      throw told.with_hint("`mxsmith hold " + task_.report.zone.display() + " --lift` lifts it");
    }
  }

  /// Before anything is written: a rollback that is cut off must not be undone by the next timer.
  void put_hold() {
    const auto newest = store_.history(task_.key);
    task_.hold_after->entry = newest.empty() ? 1 : newest.front().id + 1;
    store_.put_hold(task_.key, *task_.hold_after);
  }

  void send_steps() {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (workshop_.stopping()) {
        failure_ =
            Error(ErrorKind::interrupted, "interrupted before step " + std::to_string(i + 1));
        return;
      }
      workshop_.tell(task_, "applying step " + std::to_string(i + 1) + " of " +
                                std::to_string(plan_.steps.size()));
      journal_->intended(i, now());
      send(i);
      if (failure_) return;
      // Whole-zone providers compare with the zone they read; it has just changed.
      if (task_.traits.granularity == plan::Granularity::zone) task_.forget_live();
    }
  }

  /// Sends a step, again where that is safe, and notes what became of it. The journal has announced
  /// it once: however often it is sent, whoever finds the journal then reads back.
  void send(std::size_t index) {
    state::StepOutcome outcome{index, {}, {}, now()};
    std::string before;
    for (int tries = 1; !try_to_send(index, outcome); ++tries) {
      const auto pause = blind_ ? std::nullopt : pause_before(tries, *failure_, outcome.changes);
      if (!pause) break;
      before = failure_->what();
      workshop_.tell(task_, "waiting before step " + std::to_string(index + 1) + " is sent again");
      workshop_.env.clock.sleep_for(*pause);
      if (workshop_.stopping()) break;
      failure_.reset();
    }
    if (!failure_ && !before.empty()) {
      task_.report.notices.push_back("step " + std::to_string(index + 1) +
                                     " was sent again, after: " + before);
    }
    outcome.error = failure_ ? failure_->what() : "";
    outcome.at = now();
    journal_->outcome(outcome);
    task_.report.outcomes.push_back(std::move(outcome));
  }

  /// Whether the step went through; if not, failure_ says why, and `outcome` as far as is known
  /// what became of it.
  bool try_to_send(std::size_t index, state::StepOutcome& outcome) {
    const plan::Step& planned = plan_.steps[index];
    outcome.changes.assign(planned.changes.size(), ChangeState::not_applied);
    provider::Step step;
    step.atomic = planned.atomic;
    const auto turn = wait_for_turn();  // also while it is looked at what happened
    try {
      if (workshop_.stopping()) {
        throw Error(ErrorKind::interrupted, "interrupted before it was sent");
      }
      step.changes = still_to_do(planned);
      sent_ = true;
      if (!step.changes.empty()) apply(step);
    } catch (const Error& error) {
      failure_ = error.with_context("step " + std::to_string(index + 1));
      if (error.effect() != Effect::none) look_what_happened(planned, outcome.changes);
      return false;
    }
    outcome.changes.assign(planned.changes.size(), ChangeState::applied);
    task_.report.write_confirmed = true;
    return true;
  }

  /// At a server that takes one writer at a time: until it is ours.
  std::unique_lock<std::mutex> wait_for_turn() {
    if (task_.traits.multiple_writers == plan::Support::yes) return {};
    return std::unique_lock(workshop_.writer_at(task_.provider->fingerprint()));
  }

  /// The changes of a step. Where the read they were compared with has grown old, by waiting for
  /// an answer, for a turn or before another try, they are compared once more.
  std::vector<plan::Change> still_to_do(const plan::Step& planned) {
    const bool look = !is_fresh(task_, workshop_);
    if (look) read_live(task_, workshop_);
    std::vector<plan::Change> changes;
    changes.reserve(planned.changes.size());
    for (const std::size_t i : planned.changes) {
      const plan::Change& change = plan_.changes[i];
      const ChangeState state = look ? state_of(change, task_.live) : ChangeState::not_applied;
      if (state == ChangeState::differs) {
        throw Error(ErrorKind::conflict,
                    change.key.text() + " was changed by somebody else meanwhile")
            .about(change.key.text())
            .with_hint("plan again and review what is new");
      }
      if (state == ChangeState::not_applied) changes.push_back(change);
    }
    return changes;
  }

  void apply(const provider::Step& step) {
    provider::Pending pending;
    {
      const base::WritePermit permit;
      pending = task_.provider->apply(task_.live, step);
    }
    if (pending.done()) return;
    workshop_.tell(task_, "waiting until the provider is done");
    while (!task_.provider->done(task_.ref, pending)) {
      if (workshop_.stopping()) {
        throw Error(ErrorKind::interrupted, "interrupted while the provider was still at work",
                    Effect::unknown);
      }
      workshop_.env.clock.sleep_until(now() + kPoll);
    }
  }

  /// What a failed step came to, as the zone reads once nothing can take effect any more.
  void look_what_happened(const plan::Step& planned, std::vector<ChangeState>& states) {
    try {
      const auto settled = now() + task_.traits.settle_after;
      workshop_.env.clock.sleep_until(settled);
      if (now() < settled) throw Error(ErrorKind::interrupted, "interrupted while waiting");
      const base::StopShield shield;
      read_live(task_, workshop_);
    } catch (const Error& unreadable) {
      failure_ = failure_->with_context(std::string("and the zone cannot be read back (") +
                                        unreadable.what() + ")");
      blind_ = true;
      states.assign(states.size(), ChangeState::differs);
      return;
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
      states[i] = state_of(plan_.changes[planned.changes[i]], task_.live);
    }
  }

  void read_back_and_seal() {
    if (blind_) {
      // Left open on purpose: whoever can read the zone next settles it.
      task_.report.status = ZoneStatus::unknown;
      task_.report.error = failure_->with_hint(
          "run `mxsmith apply` again once the provider answers: it reads back what happened");
      return;
    }
    workshop_.tell(task_, "reading back");
    try {
      const base::StopShield shield;
      read_live(task_, workshop_);
    } catch (const Error& error) {
      failure_ = failure_ ? failure_ : error;
      blind_ = true;
      return read_back_and_seal();
    }
    const auto differing = differences(plan_, task_.live);
    journal_->read_back(differing, now());
    std::size_t applied = 0;
    std::size_t untouched = 0;
    for (const auto& change : plan_.changes) {
      const ChangeState state = state_of(change, task_.live);
      applied += state == ChangeState::applied ? 1 : 0;
      untouched += state == ChangeState::not_applied ? 1 : 0;
    }
    const bool all = applied == plan_.changes.size();
    const bool none = untouched == plan_.changes.size();
    const EntryStatus status = all    ? EntryStatus::applied
                               : none ? EntryStatus::failed
                                      : EntryStatus::partly;
    const plan::Manifest manifest =
        all ? plan_.manifest : manifest_between(before_, plan_, task_.live);
    journal_->end(status, manifest, now());
    conclude(status, differing);
  }

  void conclude(EntryStatus status, const std::vector<std::string>& differing) {
    if (status == EntryStatus::failed && task_.hold_after) store_.lift_hold(task_.key);
    if (status == EntryStatus::applied && plan_.kind == plan::PlanKind::redo) {
      store_.lift_hold(task_.key);
    }
    task_.report.write_confirmed = status != EntryStatus::failed;
    task_.report.status = status == EntryStatus::applied  ? ZoneStatus::applied
                          : status == EntryStatus::failed ? ZoneStatus::failed
                                                          : ZoneStatus::partly;
    if (status == EntryStatus::applied) {
      if (failure_)
        task_.report.notices.push_back("all changes are live, although " +
                                       std::string(failure_->what()));
      return;
    }
    if (failure_ && failure_->kind() == ErrorKind::interrupted && status == EntryStatus::failed) {
      task_.report.status = ZoneStatus::skipped;
    }
    task_.report.error =
        failure_
            ? *failure_
            : Error(ErrorKind::conflict, "the zone reads back other than planned", Effect::partial);
    if (status == EntryStatus::partly) task_.report.moved = differing;
  }

  Task& task_;
  state::Store& store_;
  Workshop& workshop_;
  plan::ZonePlan& plan_;
  plan::Manifest before_;
  std::unique_ptr<state::Journal> journal_;
  std::optional<Error> failure_;
  bool sent_ = false;
  bool blind_ = false;
};

}  // namespace

void execute(Task& task, state::Store& store, Workshop& workshop) {
  Execution(task, store, workshop).run();
}

}  // namespace mxsmith::engine
