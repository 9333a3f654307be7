// Planning and applying, at a provider of each granularity, with everything that can go wrong.
#include <algorithm>
#include <stdexcept>

#include "unit/engine/world.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using engine::ExitCode;
using engine::ZoneStatus;
using plan::Granularity;
using Moment = providers::MemoryDns::Moment;

const Granularity kGranularities[] = {Granularity::record, Granularity::rrset, Granularity::zone};

providers::MemoryDns::Options options_of(Granularity granularity) {
  providers::MemoryDns::Options options;
  options.granularity = granularity;
  return options;
}

ExitCode code_of(const engine::Report& report) {
  return engine::exit_code(report, engine::Detailed::no);
}

/// Undoes every entry that had an effect, newest first.
void undo_all(World& world) {
  for (const auto& info : world.store().history(world.key)) {
    if (info.status == state::EntryStatus::failed) continue;
    engine::RollbackRequest request;
    request.undo = info.id;
    const auto report = world.rollback(request);
    INFO(trouble(report));
    REQUIRE(code_of(report) == ExitCode::ok);
  }
}

TEST_CASE("a go-live is planned, applied, read back, and a second plan is empty") {
  for (const auto granularity : kGranularities) {
    INFO(plan::granularity_name(granularity));
    World world(options_of(granularity));
    const auto report = world.apply();
    INFO(trouble(report));
    REQUIRE(report.zones.size() == 1);
    CHECK(report.zones[0].status == ZoneStatus::applied);
    CHECK(code_of(report) == ExitCode::ok);
    CHECK(world.values("example.com", dns::Type::MX) ==
          std::vector<std::string>{"0 in.newmail.example."});
    CHECK(world.values("example.com", dns::Type::TXT) ==
          std::vector<std::string>{
              "\"token=abc\"",
              "\"v=spf1 include:_spf.oldmail.net include:spf.newmail.example -all\""});
    CHECK(world.plan().zones[0].status == ZoneStatus::nothing);
    const auto history = world.store().history(world.key);
    REQUIRE(history.size() == 1);
    CHECK(history[0].status == state::EntryStatus::applied);
    CHECK(history[0].actor.run == report.run);
  }
}

TEST_CASE("no state on the way is without MX or has two SPF records") {
  for (const auto granularity : kGranularities) {
    INFO(plan::granularity_name(granularity));
    World world(options_of(granularity));
    REQUIRE(code_of(world.apply()) == ExitCode::ok);
    REQUIRE(!world.dns->seen().empty());
    for (const auto& seen : world.dns->seen()) {
      INFO(seen.write);
      CHECK(seen.zone.find(dns::Name::of("example.com"), dns::Type::MX) != nullptr);
      const auto* txt = seen.zone.find(dns::Name::of("example.com"), dns::Type::TXT);
      REQUIRE(txt != nullptr);
      const auto spf = std::count_if(txt->values.begin(), txt->values.end(), [](const auto& value) {
        return mail::is_spf(std::get<dns::Txt>(value).octets);
      });
      CHECK(spf == 1);
    }
  }
}

TEST_CASE("an apply with nothing to do leaves a manifest and no entry") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  const auto writes = world.dns->writes();
  const auto again = world.apply();
  CHECK(again.zones[0].status == ZoneStatus::nothing);
  CHECK(world.dns->writes() == writes);
  CHECK(world.store().history(world.key).size() == 1);
  CHECK(world.store().manifest(world.key)->items.size() == 3);
}

TEST_CASE("what is no longer declared goes, because history remembers it as ours") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.spec(
      "zone = \"example.com\"\nprovider = \"memory\"\n"
      "[[mail.mx]]\nhost = \"in.newmail.example\"\npriority = 0\n");
  engine::ApplyRequest request;
  request.plan.allow = {{"spf-sender-removed", world.key.zone}, {"dmarc-weakened", world.key.zone}};
  const auto report = world.apply(request);
  INFO(trouble(report));
  CHECK(report.zones[0].status == ZoneStatus::applied);
  CHECK(world.values("_dmarc.example.com", dns::Type::TXT).empty());
  CHECK(world.values("example.com", dns::Type::TXT) ==
        std::vector<std::string>{"\"token=abc\"", "\"v=spf1 include:_spf.oldmail.net -all\""});
}

TEST_CASE("a failed read is never an empty zone") {
  World world;
  world.dns->fail_read(1, base::Error(base::ErrorKind::unavailable, "502 Bad Gateway"));
  const auto report = world.apply();
  CHECK(report.zones[0].status == ZoneStatus::failed);
  CHECK(!report.zones[0].plan);
  CHECK(world.dns->writes() == 0);
  CHECK(code_of(report) == ExitCode::error);
}

TEST_CASE("a change by somebody else between plan and write is refused where it touches the plan") {
  World touching;
  touching.dns->after_read(
      1, [&] { touching.put("example.com", dns::Type::MX, {"5 other.example."}); });
  const auto refused = touching.apply();
  CHECK(refused.zones[0].status == ZoneStatus::stale);
  CHECK(refused.zones[0].moved.size() == 1);
  CHECK(code_of(refused) == ExitCode::stale);
  CHECK(touching.dns->writes() == 0);

  World beside;
  beside.dns->after_read(1, [&] { beside.put("www.example.com", dns::Type::A, {"192.0.2.99"}); });
  CHECK(code_of(beside.apply()) == ExitCode::ok);
  CHECK(beside.values("www.example.com", dns::Type::A) == std::vector<std::string>{"192.0.2.99"});
}

TEST_CASE(
    "whichever write fails, the report is true, the next apply finishes, a rollback restores") {
  for (const auto granularity : kGranularities) {
    const World untouched(options_of(granularity));
    const dns::Zone start = untouched.zone();
    for (std::size_t write = 1; write <= 6; ++write) {
      for (const auto moment : {Moment::before, Moment::halfway, Moment::after}) {
        INFO(plan::granularity_name(granularity)
             << ", write " << write << ", moment " << static_cast<int>(moment));
        World world(options_of(granularity));
        world.dns->fail_write(
            write,
            base::Error(base::ErrorKind::unavailable, "connection reset", base::Effect::unknown),
            moment);
        const auto report = world.apply();
        INFO(trouble(report));
        if (world.dns->writes() < write) continue;  // there are no more writes to fail
        const bool changed = !(world.zone() == start);
        const auto status = report.zones[0].status;
        if (status == ZoneStatus::applied) {
          CHECK(world.plan().zones[0].status == ZoneStatus::nothing);
        } else {
          CHECK(report.zones[0].error.has_value());
          CHECK(status == (changed ? ZoneStatus::partly : ZoneStatus::failed));
        }
        const auto finished = world.apply();
        INFO(trouble(finished));
        CHECK(code_of(finished) == ExitCode::ok);
        CHECK(world.plan().zones[0].status == ZoneStatus::nothing);
        undo_all(world);
        CHECK(world.zone() == start);
      }
    }
  }
}

TEST_CASE("a run that could not read back leaves its journal open, and the next one settles it") {
  World world;
  world.dns->fail_write(
      1, base::Error(base::ErrorKind::unavailable, "reset", base::Effect::unknown), Moment::after);
  world.dns->fail_read(3, base::Error(base::ErrorKind::unavailable, "down"));
  const auto report = world.apply();
  INFO(trouble(report));
  CHECK(report.zones[0].status == ZoneStatus::unknown);
  CHECK(code_of(report) == ExitCode::partly);
  CHECK(world.store().history(world.key).empty());
  const auto next = world.apply();
  INFO(trouble(next));
  REQUIRE(next.zones[0].settled.size() == 1);
  CHECK(code_of(next) == ExitCode::ok);
  CHECK(world.plan().zones[0].status == ZoneStatus::nothing);
}

TEST_CASE("a signal between steps ends the run with a sealed entry") {
  World world;
  world.stop = [&] { return world.dns->writes() >= 1; };
  const auto report = world.apply();
  CHECK(report.interrupted);
  CHECK(code_of(report) == ExitCode::interrupted);
  world.stop = nullptr;
  REQUIRE(world.store().history(world.key).size() == 1);
  CHECK(world.store().history(world.key)[0].status == state::EntryStatus::partly);
  CHECK(code_of(world.apply()) == ExitCode::ok);
}

TEST_CASE("a plan that is not confirmed writes nothing") {
  World world;
  engine::ApplyRequest request;
  request.plan.selection = world.selection();
  const auto report = world.engine().apply(request, [](const engine::Report& planned) {
    CHECK(planned.zones[0].status == ZoneStatus::planned);
    return false;
  });
  CHECK(report.zones[0].status == ZoneStatus::skipped);
  CHECK(world.dns->writes() == 0);
  CHECK(world.store().history(world.key).empty());
}

TEST_CASE("a refused guard writes nothing and says so by its exit code") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.spec("zone = \"example.com\"\nprovider = \"memory\"\n");
  const auto report = world.apply();
  INFO(trouble(report));
  CHECK(report.zones[0].status == ZoneStatus::refused);
  CHECK(code_of(report) == ExitCode::refused);
  CHECK(world.values("example.com", dns::Type::MX).size() == 1);
}

TEST_CASE("faults in any spec keep every zone from being read") {
  World world;
  world.spec("zone = \"other.example\"\nprovider = \"memory\"\nprioriy = 1\n", "other.toml");
  const auto report = world.apply();
  CHECK(report.diagnostics.has_errors());
  CHECK(world.dns->reads() == 0);
  CHECK(code_of(report) == ExitCode::error);
}

TEST_CASE("a zone that is not served is named, with those that are") {
  World world;
  world.spec(
      "zone = \"other.example\"\nprovider = \"memory\"\n"
      "[[mail.mx]]\nhost = \"a.example\"\npriority = 1\n",
      "other.toml");
  const auto report = world.apply();
  REQUIRE(report.zones.size() == 2);
  CHECK(report.zones[0].status == ZoneStatus::applied);
  CHECK(report.zones[1].status == ZoneStatus::failed);
  CHECK(report.zones[1].error->hint().find("example.com") != std::string::npos);
  CHECK(code_of(report) == ExitCode::partly);
}

TEST_CASE("an unforeseen exception ends the run, writes nothing and leaves no lock") {
  World world;
  world.dns->after_read(1, [] { throw std::runtime_error("a mistake of ours"); });
  CHECK_THROWS_AS(world.apply(), std::runtime_error);
  CHECK(world.dns->writes() == 0);
  CHECK(code_of(world.apply()) == ExitCode::ok);
}

TEST_CASE("zones whose spec is gone are abandoned, and pruned only when asked") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  std::filesystem::remove(world.folder.path() / "example.com.toml");
  world.dns->add_zone(dns::Name::of("other.example"));
  world.spec("zone = \"other.example\"\nprovider = \"memory\"\n", "other.toml");
  const auto report = world.apply();
  REQUIRE(report.abandoned.size() == 1);
  CHECK(report.abandoned[0] == world.key);
  CHECK(world.values("example.com", dns::Type::MX).size() == 1);
  engine::ApplyRequest request;
  request.prune_zone = true;
  for (const char* guard : {"mx-removed", "spf-lost", "spf-sender-removed", "dmarc-weakened"}) {
    request.plan.allow.push_back({guard, world.key.zone});
  }
  const auto pruned = world.apply(request);
  INFO(trouble(pruned));
  CHECK(world.values("example.com", dns::Type::MX).empty());
  CHECK(world.values("www.example.com", dns::Type::A).size() == 1);
}

TEST_CASE("plan --previous stands in for history") {
  World world;
  world.put("old.example.com", dns::Type::A, {"192.0.2.7"});
  const std::string with_old =
      std::string(kSpec) + "[[record]]\nname = \"old\"\ntype = \"A\"\nvalues = [\"192.0.2.7\"]\n";
  TemporaryDirectory earlier;
  const auto file = earlier.write("example.com.toml", with_old);
  engine::ApplyRequest request;
  REQUIRE(code_of(world.apply(request)) == ExitCode::ok);
  CHECK(world.values("old.example.com", dns::Type::A).size() == 1);

  World remembering;
  remembering.put("old.example.com", dns::Type::A, {"192.0.2.7"});
  request.plan.previous = file.string();
  const auto report = remembering.apply(request);
  INFO(trouble(report));
  CHECK(remembering.values("old.example.com", dns::Type::A).empty());
}

TEST_CASE("exit codes of several zones follow one order") {
  struct Row {
    std::vector<ZoneStatus> zones;
    ExitCode code;
  };
  const Row rows[] = {
      {{ZoneStatus::nothing}, ExitCode::ok},
      {{ZoneStatus::applied, ZoneStatus::nothing}, ExitCode::ok},
      {{ZoneStatus::applied, ZoneStatus::failed}, ExitCode::partly},
      {{ZoneStatus::applied, ZoneStatus::refused}, ExitCode::partly},
      {{ZoneStatus::unknown}, ExitCode::partly},
      {{ZoneStatus::failed, ZoneStatus::stale, ZoneStatus::refused}, ExitCode::error},
      {{ZoneStatus::stale, ZoneStatus::refused}, ExitCode::stale},
      {{ZoneStatus::refused, ZoneStatus::planned}, ExitCode::refused},
      {{ZoneStatus::planned, ZoneStatus::nothing}, ExitCode::changes},
      {{ZoneStatus::skipped}, ExitCode::error},
  };
  for (const auto& row : rows) {
    engine::Report report;
    for (const auto status : row.zones) {
      report.zones.emplace_back();
      report.zones.back().status = status;
    }
    CHECK(engine::exit_code(report, engine::Detailed::yes) == row.code);
    report.interrupted = true;
    CHECK(engine::exit_code(report, engine::Detailed::yes) == ExitCode::interrupted);
  }
}

}  // namespace
