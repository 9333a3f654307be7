// What is ours when only part of a plan took effect.
#include "engine/task.hpp"
#include "support/catch.hpp"
#include "support/plan_builders.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::tests;

plan::Manifest manifest_of(const std::vector<plan::DesiredUnit>& units) {
  return plan::manifest_of(desired_of(units));
}

TEST_CASE("sets that are half changed are remembered once each") {
  const auto before_zone =
      zone_of({"a 3600 A 192.0.2.1", "b 3600 A 192.0.2.2", "c 3600 A 192.0.2.3"});
  const auto after_zone =
      zone_of({"a 3600 A 192.0.2.11", "b 3600 A 192.0.2.12", "c 3600 A 192.0.2.3"});
  const auto before =
      manifest_of({whole("a", dns::Type::A, {"192.0.2.1"}), whole("b", dns::Type::A, {"192.0.2.2"}),
                   whole("c", dns::Type::A, {"192.0.2.3"})});
  plan::ZonePlan half;
  half.changes = plan::diff(before_zone, after_zone);
  half.manifest = manifest_of({whole("a", dns::Type::A, {"192.0.2.11"}),
                               whole("b", dns::Type::A, {"192.0.2.12"}),
                               whole("c", dns::Type::A, {"192.0.2.3"})});
  const auto live = live_of({"a 3600 A 192.0.2.1", "a 3600 A 192.0.2.11", "b 3600 A 192.0.2.12",
                             "b 3600 A 192.0.2.2", "c 3600 A 192.0.2.3"});
  const auto between = engine::manifest_between(before, half, live);
  REQUIRE(between.items.size() == 3);
  for (const auto& item : half.manifest.items) CHECK(between.find(item.unit) != nullptr);
}

TEST_CASE("a set that was not reached is remembered as it was") {
  const auto before_zone = zone_of({"a 3600 A 192.0.2.1", "b 3600 A 192.0.2.2"});
  const auto after_zone = zone_of({"a 3600 A 192.0.2.11"});
  const auto before = manifest_of(
      {whole("a", dns::Type::A, {"192.0.2.1"}), whole("b", dns::Type::A, {"192.0.2.2"})});
  plan::ZonePlan half;
  half.changes = plan::diff(before_zone, after_zone);
  half.manifest = manifest_of({whole("a", dns::Type::A, {"192.0.2.11"})});
  const auto live = live_of({"a 3600 A 192.0.2.11", "b 3600 A 192.0.2.2"});
  const auto between = engine::manifest_between(before, half, live);
  REQUIRE(between.items.size() == 2);
  CHECK(between.items[0] == half.manifest.items[0]);
  CHECK(between.items[1] == before.items[1]);
}

}  // namespace
