// Saved plans: applied as they were reviewed, or not at all.
#include "unit/engine/world.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;
using engine::ExitCode;
using engine::ZoneStatus;

/// Saves what `report` planned and gives the file's path.
std::filesystem::path save(World& world, const engine::Report& report) {
  plan::PlanFile file{"mxsmith test", world.clock.now(), {}};
  for (const auto& zone : report.zones) file.zones.push_back(*zone.plan);
  return world.folder.write("plan.json", plan::print_plan_file(file));
}

engine::Report apply_file(World& world, const std::filesystem::path& file) {
  engine::ApplyRequest request;
  request.plan_file = file;
  return world.apply(request);
}

ExitCode code_of(const engine::Report& report) {
  return engine::exit_code(report, engine::Detailed::no);
}

TEST_CASE("a saved plan does what it says, and a second time nothing") {
  World world;
  const auto file = save(world, world.plan());
  const auto report = apply_file(world, file);
  INFO(trouble(report));
  CHECK(report.zones[0].status == ZoneStatus::applied);
  CHECK(world.plan().zones[0].status == ZoneStatus::nothing);
  const auto again = apply_file(world, file);
  CHECK(again.zones[0].status == ZoneStatus::nothing);
  CHECK(world.store().history(world.key).size() == 1);
}

TEST_CASE("a saved plan is stale when a set it touches moved, and only then") {
  World moved;
  const auto file = save(moved, moved.plan());
  moved.put("example.com", dns::Type::MX, {"5 x.example."});
  const auto report = apply_file(moved, file);
  CHECK(code_of(report) == ExitCode::stale);
  REQUIRE(report.zones[0].moved.size() == 1);
  CHECK(report.zones[0].moved[0].find("5 x.example.") != std::string::npos);

  World elsewhere;
  const auto other = save(elsewhere, elsewhere.plan());
  elsewhere.put("www.example.com", dns::Type::A, {"192.0.2.99"});
  CHECK(code_of(apply_file(elsewhere, other)) == ExitCode::ok);
}

TEST_CASE("no zone of a saved plan is written when one of them does not fit") {
  World world;
  world.dns->add_zone(dns::Name::of("other.example"));
  world.spec(
      "zone = \"other.example\"\nprovider = \"memory\"\n[[mail.mx]]\n"
      "host = \"a.example\"\npriority = 1\n",
      "other.toml");
  const auto file = save(world, world.plan());
  world.put("example.com", dns::Type::MX, {"5 x.example."});
  const auto report = apply_file(world, file);
  CHECK(code_of(report) == ExitCode::stale);
  CHECK(report.zones[1].status == ZoneStatus::skipped);
  CHECK(world.dns->writes() == 0);
}

TEST_CASE("a saved plan ends") {
  World world;
  const auto file = save(world, world.plan());
  world.clock.sleep_until(world.clock.now() + std::chrono::hours(25));
  CHECK(code_of(apply_file(world, file)) == ExitCode::stale);
}

TEST_CASE("a plan made for looking cannot be applied") {
  World world;
  engine::PlanRequest request;
  request.at = world.clock.now() + std::chrono::hours(1);
  const auto file = save(world, world.plan(request));
  CHECK(code_of(apply_file(world, file)) == ExitCode::refused);
}

TEST_CASE("a saved plan of another account is refused") {
  World world;
  auto report = world.plan();
  report.zones[0].plan->target.fingerprint = "another";
  CHECK(code_of(apply_file(world, save(world, report))) == ExitCode::stale);
}

TEST_CASE("what a rollback undid does not come back by a saved plan") {
  World world;
  REQUIRE(code_of(world.apply()) == ExitCode::ok);
  REQUIRE(code_of(world.rollback()) == ExitCode::ok);
  auto report = world.plan();
  for (auto& guard : report.zones[0].plan->guards) guard.allowed = true;
  CHECK(code_of(apply_file(world, save(world, report))) == ExitCode::refused);
}

TEST_CASE("specs are compared offline, without asking any provider") {
  World world;
  TemporaryDirectory earlier;
  const auto file = earlier.write("example.com.toml",
                                  "zone = \"example.com\"\nprovider = \"memory\"\n"
                                  "[[mail.mx]]\nhost = \"a.example\"\npriority = 1\n");
  engine::PlanRequest request;
  request.against = file.string();
  const auto report = world.plan(request);
  INFO(trouble(report));
  CHECK(world.dns->reads() == 0);
  REQUIRE(report.zones[0].plan);
  CHECK(report.zones[0].plan->for_looking);
  CHECK(report.zones[0].plan->changes.size() == 3);
}

}  // namespace
