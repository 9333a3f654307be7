// A step that failed: when it is sent again, and when never.
#include "engine/retrying.hpp"

#include "unit/engine/world.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using engine::ZoneStatus;
using state::ChangeState;
using Moment = providers::MemoryDns::Moment;

base::Error reset(Effect effect) { return {ErrorKind::unavailable, "connection reset", effect}; }

TEST_CASE("when a step is sent again") {
  const auto no = ChangeState::not_applied;
  struct Row {
    const char* name;
    int tries;
    ErrorKind kind;
    Effect effect;
    std::vector<ChangeState> states;
    bool again;
  };
  const Row rows[] = {
      {"no answer, and nothing happened",
       1,
       ErrorKind::unavailable,
       Effect::unknown,
       {no, no},
       true},
      {"never reached", 1, ErrorKind::unavailable, Effect::none, {no}, true},
      {"asked to slow down", 1, ErrorKind::rate_limited, Effect::none, {no}, true},
      {"the second time", 2, ErrorKind::unavailable, Effect::unknown, {no}, true},
      {"the third is the last", 3, ErrorKind::unavailable, Effect::unknown, {no}, false},
      {"a part happened",
       1,
       ErrorKind::unavailable,
       Effect::unknown,
       {no, ChangeState::applied},
       false},
      {"all of it happened",
       1,
       ErrorKind::unavailable,
       Effect::unknown,
       {ChangeState::applied},
       false},
      {"something else is there",
       1,
       ErrorKind::unavailable,
       Effect::unknown,
       {ChangeState::differs},
       false},
      {"certainly a part", 1, ErrorKind::unavailable, Effect::partial, {no}, false},
      {"wrong key", 1, ErrorKind::auth, Effect::none, {no}, false},
      {"refused", 1, ErrorKind::invalid, Effect::none, {no}, false},
      {"somebody else's change", 1, ErrorKind::conflict, Effect::none, {no}, false},
      {"asked to stop", 1, ErrorKind::interrupted, Effect::none, {no}, false},
      {"not understood", 1, ErrorKind::protocol, Effect::unknown, {no}, false},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const base::Error error(row.kind, "trouble", row.effect);
    CHECK(engine::pause_before(row.tries, error, row.states).has_value() == row.again);
  }
  base::Error patient(ErrorKind::rate_limited, "slow down");
  patient.with_retry_after(std::chrono::seconds(7));
  CHECK(*engine::pause_before(1, patient, {no}) >= std::chrono::seconds(7));
}

TEST_CASE("a write that came to nothing is sent again, under one line of the journal") {
  for (const auto effect : {Effect::none, Effect::unknown}) {
    World world;
    world.dns->fail_write(1, reset(effect));
    world.dns->fail_write(2, reset(effect));
    const auto before = world.clock.ticks();
    const auto report = world.apply();
    INFO(trouble(report));
    REQUIRE(report.zones[0].status == ZoneStatus::applied);
    CHECK(world.clock.ticks() > before);
    REQUIRE(report.zones[0].notices.size() == 2);
    CHECK(report.zones[0].notices[1].find(
              "step 1 was sent again, after: step 1: connection reset") != std::string::npos);
    const auto entry = world.store().entry(world.key, 1);
    CHECK(entry.intended == std::vector<std::size_t>{0, 1});
    REQUIRE(entry.outcomes.size() == 2);
    CHECK(entry.outcomes[0].error.empty());
  }
}

TEST_CASE("after three tries a step has failed") {
  World world;
  for (std::size_t write = 1; write <= 3; ++write) {
    world.dns->fail_write(write, reset(Effect::unknown));
  }
  const auto report = world.apply();
  CHECK(report.zones[0].status == ZoneStatus::failed);
  CHECK(world.dns->writes() == 3);
  CHECK(world.store().history(world.key)[0].status == state::EntryStatus::failed);
}

TEST_CASE("what lasts or had an effect is sent once") {
  struct Row {
    const char* name;
    base::Error error;
    Moment moment;
    ZoneStatus status;
  };
  const Row rows[] = {
      {"wrong key", {ErrorKind::auth, "401"}, Moment::before, ZoneStatus::failed},
      {"refused", {ErrorKind::invalid, "422"}, Moment::before, ZoneStatus::failed},
      {"conflict", {ErrorKind::conflict, "412"}, Moment::before, ZoneStatus::failed},
      {"half of it", reset(Effect::unknown), Moment::halfway, ZoneStatus::partly},
      {"all of it", reset(Effect::unknown), Moment::after, ZoneStatus::applied},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    providers::MemoryDns::Options options;
    options.granularity = plan::Granularity::zone;
    World world(std::move(options));
    world.dns->fail_write(1, row.error, row.moment);
    const auto report = world.apply();
    INFO(trouble(report));
    CHECK(report.zones[0].status == row.status);
    CHECK(world.dns->writes() == 1);
  }
}

TEST_CASE("a signal during the pause ends the tries") {
  World world;
  world.dns->fail_write(1, reset(Effect::unknown));
  world.stop = [&] { return world.dns->writes() >= 1; };
  const auto report = world.apply();
  CHECK(report.interrupted);
  CHECK(world.dns->writes() == 1);
  CHECK(world.store().history(world.key)[0].status == state::EntryStatus::failed);
}

TEST_CASE("a change by somebody else before another try is left alone") {
  World world;
  base::Error slow(ErrorKind::rate_limited, "slow down");
  slow.with_retry_after(std::chrono::seconds(30));
  // The first step is the SPF record's.
  world.dns->fail_write(1, slow);
  world.dns->after_read(
      2, [&] { world.put("example.com", dns::Type::TXT, {"\"v=spf1 ip4:192.0.2.99 -all\""}); });
  const auto report = world.apply();
  INFO(trouble(report));
  CHECK(report.zones[0].status != ZoneStatus::applied);
  REQUIRE(report.zones[0].error);
  CHECK(report.zones[0].error->kind() == ErrorKind::conflict);
  CHECK(world.values("example.com", dns::Type::TXT) ==
        std::vector<std::string>{"\"v=spf1 ip4:192.0.2.99 -all\""});
}

}  // namespace
