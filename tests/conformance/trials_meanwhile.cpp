// What somebody else does between plan and apply, zones that are not there, several zones at once.
#include "base/text.hpp"
#include "conformance/spec_text.hpp"
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;

const std::vector<std::string> kStart = {"www A 1.1.1.1", "@ MX 10 mx1.foo.com.", "ftp A 5.5.5.5"};
const std::vector<std::string> kWanted = {"www A 2.2.2.2", "@ MX 10 mx2.foo.com.", "ftp A 5.5.5.5"};

void touched_by_the_plan(Bench& bench) {
  bench.reach(kStart);
  bench.declare(kWanted);
  bench.expect_status(bench.place().apply([&] { bench.put({"@ MX 10 repair.foo.com."}); }),
                      ZoneStatus::stale);
  const dns::Zone now = bench.zone();
  bench.expect(now.find(bench.key("@", dns::Type::MX))->values.front() ==
                   *dns::parse_rdata(dns::Type::MX, "10 repair.foo.com.", dns::Name()),
               "the change of somebody else was overwritten");
  bench.expect(now.find(bench.key("www", dns::Type::A))->values.front() ==
                   *dns::parse_rdata(dns::Type::A, "1.1.1.1", dns::Name()),
               "part of a plan was applied that no longer fits");
}

void not_touched_by_the_plan(Bench& bench) {
  bench.put({"other A 9.9.9.9"});
  bench.declare_beside_others(kStart);
  bench.expect_status(bench.place().apply(), ZoneStatus::applied);
  bench.declare_beside_others(kWanted);
  bench.expect_status(bench.place().apply([&] {
    bench.put({"other A 8.8.8.8", "new TXT n"});
  }),
                      ZoneStatus::applied);
  const dns::Zone now = bench.zone();
  const auto* other = now.find(bench.key("other", dns::Type::A));
  bench.expect(other != nullptr && dns::print_rdata(other->values.front()) == "8.8.8.8",
               "the change of somebody else is gone");
  bench.expect(now.find(bench.key("new", dns::Type::TXT)) != nullptr,
               "the record of somebody else is gone");
  bench.expect_done();
}

void saved_plan_touched(Bench& bench) {
  bench.reach(kStart);
  bench.declare(kWanted);
  const engine::Report planned = bench.place().plan();
  bench.put({"www A 7.7.7.7"});
  const std::string mark = bench.subject().mark(bench.zone_name());
  bench.expect_status(bench.place().apply_saved(planned), ZoneStatus::stale);
  bench.expect(bench.subject().mark(bench.zone_name()) == mark, "something was written");
}

void saved_plan_not_touched(Bench& bench) {
  bench.reach(kStart);
  bench.declare(kWanted);
  const engine::Report planned = bench.place().plan();
  bench.put({"other TXT somebody else's"});
  bench.expect_status(bench.place().apply_saved(planned), ZoneStatus::applied);
  const dns::Zone now = bench.zone();
  bench.expect(now.find(bench.key("other", dns::Type::TXT)) != nullptr,
               "the record of somebody else is gone");
}

/// The names that exist are told, since most often one was mistyped.
void zone_that_is_not_there(Bench& bench) {
  bench.reach(kStart);
  const dns::Name missing = dns::Name::of("not-there.example");
  State state;
  state.records = {"www A 1.1.1.1"};
  bench.place().write_spec(missing, spec_text(missing, "zone", state));
  const engine::Report report = bench.place().plan();
  for (const auto& zone : report.zones) {
    if (zone.zone != missing) continue;
    bench.expect(zone.error && zone.error->kind() == base::ErrorKind::not_found,
                 "not told as missing: " + trouble(report));
    const std::string said =
        zone.error ? zone.error->what() + (" " + zone.error->hint()) : std::string();
    bench.expect(said.find("example.com") != std::string::npos,
                 "the zones that exist are not named: " + said);
    return;
  }
  bench.expect(false, "the zone is not in the report");
}

void several_zones(Bench& bench) {
  std::vector<dns::Name> zones;
  for (const char* name : {"one.example", "two.example", "three.example", "four.example"}) {
    zones.push_back(dns::Name::of(name));
    bench.subject().make_zone(zones.back());
    State state;
    state.records = {"www A 1.2.3.4", "@ MX 10 mx.foo.com."};
    bench.place().write_spec(zones.back(), spec_text(zones.back(), "zone", state));
  }
  bench.declare({"www A 4.3.2.1"});
  const engine::Report report = bench.place().apply();
  bench.expect(report.zones.size() == zones.size() + 1, "not all zones are in the report");
  for (const auto& zone : report.zones) {
    bench.expect(zone.status == ZoneStatus::applied,
                 zone.zone.display() + " ended as " +
                     std::string(engine::zone_status_name(zone.status)) + ": " + trouble(report));
  }
  for (const dns::Name& zone : zones) {
    bench.expect(bench.subject().records(zone).find({*zone.child("www"), dns::Type::A}) != nullptr,
                 zone.display() + " does not hold what was declared");
  }
}

}  // namespace

std::vector<Trial> meanwhile_trials() {
  return {{"Somebody else changes what the plan touches", Needs::nothing, touched_by_the_plan},
          {"Somebody else changes something else", Needs::nothing, not_touched_by_the_plan},
          {"A saved plan, and what it touches has changed", Needs::nothing, saved_plan_touched},
          {"A saved plan, and something else has changed", Needs::nothing, saved_plan_not_touched},
          {"A zone that is not there", Needs::nothing, zone_that_is_not_there},
          {"Several zones in one run", Needs::nothing, several_zones}};
}

}  // namespace mxsmith::conformance
