// Writes that fail or whose answer is lost, at every place where that can happen.
#include <algorithm>

#include "conformance/expectation.hpp"
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;
using state::ChangeState;

const std::vector<std::string> kStart = {"a A 1.1.1.1", "b A 1.1.1.2", "b A 1.1.1.3",
                                         "@ MX 10 old.foo.com.", "gone TXT will go"};
const std::vector<std::string> kWanted = {"a A 2.1.1.1", "b A 1.1.1.2", "b A 2.1.1.3",
                                          "@ MX 10 new.foo.com.", "come TXT will come"};

bool is_as(const dns::RRset* live, const std::optional<plan::SetState>& state) {
  return live == nullptr || !state ? live == nullptr && !state : *live == state->set;
}

/// The result has to list exactly what is live: what it calls applied is there, what it calls not
/// applied is not, and what it does not speak of was never sent.
void check_list(Bench& bench, const engine::Report& report) {
  const engine::ZoneReport& zone = report.zones.front();
  if (!bench.expect(zone.plan.has_value(), "no plan in the report")) return;
  const dns::Zone now = bench.zone();
  std::vector<ChangeState> states(zone.plan->changes.size(), ChangeState::not_applied);
  for (const auto& outcome : zone.outcomes) {
    const auto& step = zone.plan->steps[outcome.step].changes;
    for (std::size_t i = 0; i < step.size(); ++i) states[step[i]] = outcome.changes[i];
  }
  for (std::size_t i = 0; i < states.size(); ++i) {
    const plan::Change& change = zone.plan->changes[i];
    const dns::RRset* live = now.find(change.key);
    const bool applied = is_as(live, change.after);
    const bool before = is_as(live, change.before);
    const bool told = states[i] == ChangeState::applied       ? applied
                      : states[i] == ChangeState::not_applied ? before
                                                              : !applied && !before;
    bench.expect(told, change.key.text() + " is told as something else than it is");
  }
}

/// Status, list and zone agree.
void check_result(Bench& bench, const engine::Report& report, const dns::Zone& before,
                  const dns::Zone& wanted) {
  if (!bench.expect(report.zones.size() == 1, "no zone in the report")) return;
  check_list(bench, report);
  const dns::Zone now = bench.zone();
  const bool is_before = difference(before, now).empty();
  const bool is_wanted = difference(wanted, now).empty();
  const ZoneStatus status = report.zones.front().status;
  const ZoneStatus right = is_wanted   ? ZoneStatus::applied
                           : is_before ? ZoneStatus::failed
                                       : ZoneStatus::partly;
  bench.expect(status == right, "told as " + std::string(engine::zone_status_name(status)) +
                                    ", and it is " + std::string(engine::zone_status_name(right)) +
                                    ": " + trouble(report));
}

dns::Zone wanted_zone(Bench& bench) {
  bench.start_over();
  bench.reach(kStart);
  bench.reach(kWanted);
  return bench.zone();
}

using Place = std::function<void(Faults&, std::size_t write)>;

/// Fails the k-th write for every k there is. Each time the zone is brought back by rollback, and,
/// begun anew, brought to its end by a second apply.
void for_every_write(Bench& bench, const Place& place) {
  const dns::Zone wanted = wanted_zone(bench);
  constexpr std::size_t kMost = 50;
  for (std::size_t write = 1; write < kMost; ++write) {
    for (const bool forward : {false, true}) {
      bench.now("write " + std::to_string(write) + (forward ? ", then on" : ", then back"));
      bench.start_over();
      bench.reach(kStart);
      const dns::Zone before = bench.zone();
      bench.declare(kWanted);
      const std::size_t sent = bench.place().sent().steps;
      place(*bench.place().faults(), write);
      const engine::Report report = bench.place().apply();
      bench.place().faults()->heal();
      check_result(bench, report, before, wanted);
      bench.expect(bench.place().sent().steps > sent, "nothing was sent at all");
      const ZoneStatus status = report.zones.front().status;
      const bool no_fault_left =
          status == ZoneStatus::applied && report.zones.front().notices.empty();
      if (no_fault_left) {
        bench.expect(write > 1, "the first write did not fail");
        return;
      }
      if (forward && status != ZoneStatus::applied) {
        bench.expect_status(bench.place().apply(), ZoneStatus::applied);
        bench.expect_zone(wanted, "the next apply did not finish:");
        bench.expect_done();
      } else if (!forward && status != ZoneStatus::failed) {
        bench.expect_status(bench.place().rollback(), ZoneStatus::applied);
        bench.expect_zone(before, "rollback did not restore:");
      }
    }
  }
  bench.expect(false, "there seems to be no end of writes");
}

void refused(Bench& bench) {
  for_every_write(bench, [](Faults& faults, std::size_t write) { faults.refuse_write(write); });
}

void lost_not_done(Bench& bench) {
  for_every_write(bench,
                  [](Faults& faults, std::size_t write) { faults.lose_write(write, Done::no); });
}

void lost_done(Bench& bench) {
  for_every_write(bench,
                  [](Faults& faults, std::size_t write) { faults.lose_write(write, Done::yes); });
}

/// A read that fails, whichever it is: an error or the right plan, never an empty or partial zone.
void failed_read(Bench& bench) {
  for (std::size_t read = 1; read <= 4; ++read) {
    bench.now("read " + std::to_string(read));
    bench.start_over();
    bench.reach(kStart);
    bench.declare(kWanted);
    const std::size_t right = bench.place().plan().zones.front().plan->changes.size();
    const dns::Zone before = bench.zone();
    const std::string mark = bench.subject().mark(bench.zone_name());
    bench.place().faults()->fail_read(read);
    const engine::Report report = bench.place().plan();
    bench.place().faults()->heal();
    const engine::ZoneReport& zone = report.zones.front();
    if (zone.error) {
      bench.expect(!zone.plan && zone.status == ZoneStatus::failed, "a plan in spite of an error");
      bench.expect(zone.error->kind() == base::ErrorKind::unavailable,
                   "an error of another kind: " + trouble(report));
    } else {
      bench.expect(zone.plan && zone.plan->changes.size() == right,
                   "the plan has another number of changes than it should");
      bench.expect(read > 1, "the failed read was not told");
    }
    bench.expect(bench.subject().mark(bench.zone_name()) == mark, "something was written");
    bench.expect_zone(before, "the zone changed:");
  }
}

}  // namespace

std::vector<Trial> fault_trials() {
  return {{"Fault: the k-th write is refused", Needs::faults, refused},
          {"Fault: the answer to the k-th write is lost, not done", Needs::faults, lost_not_done},
          {"Fault: the answer to the k-th write is lost, done", Needs::faults, lost_done},
          {"Fault: a read fails", Needs::faults, failed_read}};
}

}  // namespace mxsmith::conformance
