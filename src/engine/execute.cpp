// Carrying out a plan: every write of mxsmith goes through here.
#include <algorithm>
#include <utility>

#include "base/write_permit.hpp"
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
    if (!still_fits()) return;
    if (plan_.empty()) {
      store_.put_manifest(task_.key, plan_.manifest);
      task_.report.status = ZoneStatus::nothing;
      return;
    }
    if (task_.hold_after) put_hold();
    journal_ = store_.begin(task_.key, workshop_.env.actor, plan_, task_.undoes, now());
    task_.report.entry = journal_->info().id;
    try {
      send_steps();
      read_back_and_seal();
    } catch (const Error& error) {
      // The journal could not be written. What it holds is enough for the next run to settle.
      task_.report.status = sent_ ? ZoneStatus::unknown : ZoneStatus::failed;
      task_.report.error =
          error.with_context("history of " + task_.key.text() + " could not be written")
              .with_hint(
                  "make room, then run `mxsmith apply` or `mxsmith rollback`: the first "
                  "thing they do is to read the zone back and close this entry");
    }
  }

 private:
  [[nodiscard]] base::Instant now() const { return workshop_.env.clock.now(); }

  /// Compares the plan with a fresh read; drops what is done already.
  bool still_fits() {
    read_live(task_, workshop_);
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
      const bool last = i + 1 == plan_.steps.size();
      if (!last && task_.traits.granularity == plan::Granularity::zone) read_live(task_, workshop_);
    }
  }

  void send(std::size_t index) {
    const plan::Step& planned = plan_.steps[index];
    provider::Step step;
    step.atomic = planned.atomic;
    for (const std::size_t change : planned.changes) step.changes.push_back(plan_.changes[change]);
    state::StepOutcome outcome{index, {}, {}, now()};
    sent_ = true;
    try {
      const base::WritePermit permit;
      const provider::Pending pending = task_.provider->apply(task_.live, step);
      wait_for(pending);
      outcome.changes.assign(step.changes.size(), ChangeState::applied);
      task_.report.write_confirmed = true;
    } catch (const Error& error) {
      failure_ = error.with_context("step " + std::to_string(index + 1));
      outcome.error = error.what();
      outcome.changes = states_after(error, step);
    }
    outcome.at = now();
    journal_->outcome(outcome);
    task_.report.outcomes.push_back(std::move(outcome));
  }

  void wait_for(const provider::Pending& pending) {
    if (pending.done()) return;
    workshop_.tell(task_, "waiting until the provider is done");
    while (!task_.provider->done(task_.ref, pending)) {
      workshop_.env.clock.sleep_until(now() + kPoll);
    }
  }

  /// What a failed step came to: nothing if the provider says so, else as the zone reads.
  std::vector<ChangeState> states_after(const Error& error, const provider::Step& step) {
    std::vector<ChangeState> states(step.changes.size(), ChangeState::not_applied);
    if (error.effect() == Effect::none) return states;
    try {
      workshop_.env.clock.sleep_until(now() + task_.traits.settle_after);
      read_live(task_, workshop_);
    } catch (const Error& unreadable) {
      failure_ = failure_->with_context(std::string("and the zone cannot be read back (") +
                                        unreadable.what() + ")");
      blind_ = true;
      states.assign(step.changes.size(), ChangeState::differs);
      return states;
    }
    for (std::size_t i = 0; i < states.size(); ++i)
      states[i] = state_of(step.changes[i], task_.live);
    return states;
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
