// Every way back, and the hold that keeps the next run from undoing it.
#include "unit/engine/world.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using engine::ExitCode;
using engine::ZoneStatus;

ExitCode code_of(const engine::Report& report) {
  return engine::exit_code(report, engine::Detailed::no);
}

std::string spec_with_mx(const std::string& host, int priority) {
  return "zone = \"example.com\"\nprovider = \"memory\"\n[[mail.mx]]\nhost = \"" + host +
         "\"\npriority = " + std::to_string(priority) + "\n";
}

TEST_CASE("a rollback gives back the zone, holds it, and lifting lets it go on") {
  World world;
  const dns::Zone start = world.zone();
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  const auto back = world.rollback();
  INFO(trouble(back));
  REQUIRE(code_of(back) == ExitCode::ok);
  CHECK(world.zone() == start);
  CHECK(back.zones[0].plan->kind == plan::PlanKind::rollback);

  const auto held = world.apply();
  INFO(trouble(held));
  CHECK(held.zones[0].status == ZoneStatus::refused);
  CHECK(code_of(held) == ExitCode::refused);
  REQUIRE(held.zones[0].plan);
  CHECK(held.zones[0].plan->guards[0].id == "rolled-back");
  CHECK(world.zone() == start);

  CHECK(world.store().lift_hold(world.key));
  CHECK(code_of(world.apply()) == ExitCode::ok);
}

TEST_CASE("a changed spec is no longer the one that was undone") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  REQUIRE(code_of(world.rollback()) == ExitCode::ok);
  world.spec(std::string(kSpec) + "[[record]]\nname=\"new\"\ntype=\"A\"\nvalues=[\"192.0.2.1\"]\n");
  const auto report = world.apply();
  INFO(trouble(report));
  CHECK(code_of(report) == ExitCode::ok);
}

TEST_CASE("undoing a rollback is a redo, and ends the hold") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  const dns::Zone applied = world.zone();
  REQUIRE(code_of(world.rollback()) == ExitCode::ok);
  const auto redo = world.rollback();
  INFO(trouble(redo));
  CHECK(redo.zones[0].plan->kind == plan::PlanKind::redo);
  CHECK(redo.zones[0].plan->title.rfind("redo", 0) == 0);
  CHECK(world.zone() == applied);
  CHECK(!world.store().hold(world.key));
  CHECK(world.apply().zones[0].status == ZoneStatus::nothing);
}

TEST_CASE("rollback --to goes back over several entries, keeping what others did since") {
  World world;
  world.spec(spec_with_mx("a.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  const auto after_first = world.values("example.com", dns::Type::MX);
  world.spec(spec_with_mx("b.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.spec(spec_with_mx("c.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.put("www.example.com", dns::Type::A, {"192.0.2.77"});
  engine::RollbackRequest request;
  request.to = 1;
  const auto report = world.rollback(request);
  INFO(trouble(report));
  REQUIRE(code_of(report) == ExitCode::ok);
  CHECK(world.values("example.com", dns::Type::MX) == after_first);
  CHECK(world.values("www.example.com", dns::Type::A) == std::vector<std::string>{"192.0.2.77"});
}

TEST_CASE("rollback --undo takes out an entry in the middle, or says what stands in the way") {
  World world;
  world.spec(spec_with_mx("a.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.spec(spec_with_mx("a.example", 10) +
             "[[record]]\nname=\"x\"\ntype=\"A\"\nvalues=[\"192.0.2.1\"]\n");
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  engine::RollbackRequest first;
  first.undo = 1;
  const auto report = world.rollback(first);
  INFO(trouble(report));
  REQUIRE(code_of(report) == ExitCode::ok);
  CHECK(world.values("example.com", dns::Type::MX).size() == 2);
  CHECK(world.values("x.example.com", dns::Type::A).size() == 1);

  World conflicting;
  conflicting.spec(spec_with_mx("a.example", 10));
  REQUIRE(code_of(conflicting.apply()) == ExitCode::ok);
  conflicting.put("example.com", dns::Type::MX, {"1 other.example."});
  const auto left = conflicting.rollback(first);
  REQUIRE(left.zones[0].notices.size() == 1);
  CHECK(left.zones[0].notices[0].find("example.com/MX was changed since") == 0);
  CHECK(conflicting.values("example.com", dns::Type::MX) ==
        std::vector<std::string>{"1 other.example."});
}

TEST_CASE("rollback --only takes back a part") {
  struct Row {
    const char* only;
    bool mx, spf, dmarc;  ///< Which of them are as before.
  };
  const Row rows[] = {{"mx", true, false, false},
                      {"spf", false, true, false},
                      {"dmarc", false, false, true},
                      {"example.com/MX", true, false, false}};
  for (const auto& row : rows) {
    INFO(row.only);
    World world;
    REQUIRE(code_of(world.apply()) == ExitCode::ok);
    engine::RollbackRequest request;
    request.only = row.only;
    const auto report = world.rollback(request);
    INFO(trouble(report));
    REQUIRE(code_of(report) == ExitCode::ok);
    CHECK((world.values("example.com", dns::Type::MX).size() == 2) == row.mx);
    CHECK((world.values("example.com", dns::Type::TXT)[1].find("spf.newmail") ==
           std::string::npos) == row.spf);
    CHECK(world.values("_dmarc.example.com", dns::Type::TXT).empty() == row.dmarc);
  }
}

TEST_CASE("rollback --run undoes all zones of a run") {
  World world;
  world.dns->add_zone(dns::Name::of("other.example"));
  world.spec(
      "zone = \"other.example\"\nprovider = \"memory\"\n[[mail.mx]]\n"
      "host = \"a.example\"\npriority = 1\n",
      "other.toml");
  const auto applied = world.apply();
  REQUIRE(code_of(applied) == ExitCode::ok);
  engine::RollbackRequest request;
  request.run = applied.run;
  const auto report = world.rollback(request);
  INFO(trouble(report));
  CHECK(report.zones.size() == 2);
  CHECK(code_of(report) == ExitCode::ok);
  CHECK(world.values("example.com", dns::Type::MX).size() == 2);
}

TEST_CASE("rollback --spec goes back to an earlier spec and holds the present one") {
  World world;
  world.spec(spec_with_mx("a.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  TemporaryDirectory earlier;
  const auto file = earlier.write("example.com.toml", spec_with_mx("a.example", 10));
  world.spec(spec_with_mx("b.example", 10));
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  engine::RollbackRequest request;
  request.spec = file.string();
  const auto report = world.rollback(request);
  INFO(trouble(report));
  REQUIRE(code_of(report) == ExitCode::ok);
  CHECK(world.values("example.com", dns::Type::MX) == std::vector<std::string>{"10 a.example."});
  CHECK(world.apply().zones[0].status == ZoneStatus::refused);
}

TEST_CASE("a rollback does not care what later became of the spec") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  world.spec("this is no TOML");
  const auto report = world.rollback();
  INFO(trouble(report));
  CHECK(code_of(report) == ExitCode::ok);
  std::filesystem::remove(world.folder.path() / "example.com.toml");
  CHECK(code_of(world.rollback()) == ExitCode::ok);
}

TEST_CASE("a hold by hand stops apply and rollback, one zone or all") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  state::Hold hold;
  hold.reason = "migration weekend";
  hold.by = "kim@build7";
  hold.since = world.clock.now();
  world.store().put_hold(world.key, hold);
  world.put("example.com", dns::Type::MX, {"5 x.example."});
  CHECK(code_of(world.apply()) == ExitCode::refused);
  CHECK(code_of(world.rollback()) == ExitCode::refused);
  CHECK(world.store().lift_hold(world.key));
  world.store().put_hold_all(hold);
  CHECK(code_of(world.apply()) == ExitCode::refused);
  CHECK(world.store().lift_hold_all());
  CHECK(code_of(world.apply()) == ExitCode::ok);
}

TEST_CASE("nothing to go back to says what there is") {
  World world;
  try {
    world.rollback();
    FAIL("a rollback without history");
  } catch (const base::Error& error) {
    CHECK(std::string(error.what()).rfind("no history of example.com", 0) == 0);
  }
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  engine::RollbackRequest request;
  request.undo = 7;
  const auto report = world.rollback(request);
  CHECK(report.zones[0].status == ZoneStatus::failed);
}

}  // namespace
