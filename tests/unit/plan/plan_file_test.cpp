#include "plan/plan_file.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "plan/plan_format.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

plan::PlanFile sample_file() {
  return {"mxsmith 0.1.0", base::Instant(base::Seconds(1796400000)), {sample_plan()}};
}

/// The text with `from`, which must be there, turned into `to`.
std::string altered(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string fault_of(const std::string& json) {
  const auto parsed = plan::parse_plan_file(json);
  return parsed ? "" : parsed.fault().message;
}

/// Keys of all objects in a JSON text, by their look.
std::set<std::string> keys_in(const std::string& json) {
  std::set<std::string> keys;
  for (std::size_t at = json.find("\": "); at != std::string::npos;
       at = json.find("\": ", at + 1)) {
    const auto begin = json.rfind('"', at - 1) + 1;
    keys.insert(json.substr(begin, at - begin));
  }
  return keys;
}

std::string schema() {
  std::ifstream file(std::string(MXSMITH_SOURCE_DIR) + "/schemas/plan-v1.json");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a plan file gives back what was written") {
  const std::string text = plan::print_plan_file(sample_file());
  const auto parsed = plan::parse_plan_file(text);
  REQUIRE(parsed.ok());
  CHECK(plan::print_plan_file(*parsed) == text);
  REQUIRE(parsed->zones.size() == 1);
  const auto& zone = parsed->zones[0];
  const auto wanted = sample_plan();
  CHECK(zone.zone == wanted.zone);
  CHECK(zone.target.zone_id == "id-1");
  CHECK(zone.kind == plan::PlanKind::rollback);
  CHECK(zone.for_looking);
  CHECK(zone.valid_until == wanted.valid_until);
  CHECK(zone.manifest == wanted.manifest);
  CHECK(zone.stages.next_at == wanted.stages.next_at);
  CHECK(zone.left_alone == 12);
  REQUIRE(zone.changes.size() == wanted.changes.size());
  for (std::size_t i = 0; i < zone.changes.size(); ++i) {
    CHECK(zone.changes[i].before == wanted.changes[i].before);
    CHECK(zone.changes[i].after == wanted.changes[i].after);
  }
  CHECK(zone.changes[0].before->verbatim == wanted.changes[0].before->verbatim);
  CHECK(zone.changes[0].pos == at_line(7));
  CHECK(zone.changes[0].parts.size() == 2);
  CHECK(zone.guards[0].allowed);
  CHECK(zone.findings[0].notes[0].pos == at_line(5));
  CHECK(zone.notes[0].unit == wanted.notes[0].unit);
  CHECK(zone.impact.policies[1].direction == -1);
}

TEST_CASE("a zone's plan and a manifest are one line each") {
  const auto line = plan::print_zone_plan(sample_plan());
  CHECK(line.find('\n') == std::string::npos);
  const auto plan_again = plan::parse_zone_plan(line);
  REQUIRE(plan_again.ok());
  CHECK(plan::print_zone_plan(*plan_again) == line);
  const auto manifest = plan::print_manifest(sample_plan().manifest);
  CHECK(manifest.find('\n') == std::string::npos);
  const auto manifest_again = plan::parse_manifest(manifest);
  REQUIRE(manifest_again.ok());
  CHECK(*manifest_again == sample_plan().manifest);
}

TEST_CASE("what is not as it was written is refused") {
  const std::string text = plan::print_plan_file(sample_file());
  CHECK(fault_of(altered(text, "mxsmith-plan-v1", "mxsmith-plan-v2")).find("not known") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "0 new.example.", "0 evil.example."))
            .find("example.com/MX was altered") != std::string::npos);
  CHECK(fault_of(altered(text, "\"ttl\": 600", "\"ttl\": 60")).find("altered") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "0 new.example.", "70000 new.example.")) != "");
  CHECK(fault_of(altered(text, "\"tool\"", "\"tol\"")).find("\"tool\" is missing") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "\"row\": 4", "\"row\": 4, \"extra\": 1")).find("unknown key") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "\"row\": 4", "\"row\": 4, \"row\": 4")).find("twice") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "\"for_looking\": true", "\"for_looking\": 1"))
            .find("true or false") != std::string::npos);
  CHECK(fault_of(altered(text, "\"left_alone\": 12", "\"left_alone\": -12")).find("whole number") !=
        std::string::npos);
  CHECK(fault_of(altered(text, "\"zone\": \"example.com.\"", "\"zone\": \"example.org.\""))
            .find("not in the zone") != std::string::npos);
  CHECK(fault_of(text.substr(0, text.size() / 2)) == "not JSON");
  CHECK(fault_of("") == "not JSON");
  CHECK(fault_of("null") != "");
  CHECK(fault_of("[]") != "");
  CHECK(fault_of(std::string(100000, '[')).find("deep") != std::string::npos);
}

TEST_CASE("steps have to add up") {
  auto file = sample_file();
  file.zones[0].steps[0].changes.push_back(99);
  CHECK(fault_of(plan::print_plan_file(file)).find("is not there") != std::string::npos);
  file = sample_file();
  file.zones[0].steps[0].changes.clear();
  CHECK(fault_of(plan::print_plan_file(file)).find("in no step") != std::string::npos);
  file = sample_file();
  file.zones[0].gaps[0].step = 77;
  CHECK_FALSE(fault_of(plan::print_plan_file(file)).empty());
  file = sample_file();
  std::swap(file.zones[0].changes[0], file.zones[0].changes[1]);
  CHECK(fault_of(plan::print_plan_file(file)).find("not in order") != std::string::npos);
}

TEST_CASE("every key that is written stands in the schema") {
  const std::string known = schema();
  for (const auto& key : keys_in(plan::print_plan_file(sample_file()))) {
    if (key == "proxied" || key == "note") continue;  // Names of metadata are the provider's.
    INFO(key);
    CHECK(known.find("\"" + key + "\"") != std::string::npos);
  }
}

TEST_CASE("octets survive as text") {
  property("unescape undoes escape", [](const std::string& octets) {
    const auto text = plan::escape_octets(octets);
    for (const char c : text) RC_ASSERT((c == '\n' || (c >= 0x20 && c < 0x7f)));
    const auto back = plan::unescape_octets(text);
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == octets);
  });
  for (const char* bad : {"\\", "\\12", "\\256", "\\x41", "tab\there"}) {
    INFO(bad);
    CHECK_FALSE(plan::unescape_octets(bad).has_value());
  }
}

TEST_CASE("plans of any two zones survive the journal") {
  property("parse(print(plan)) == plan", [](const dns::Zone& a, const dns::Zone& b) {
    plan::ZonePlan one;
    one.zone = a.apex();
    one.changes = plan::diff(a, b);
    one.steps = plan::schedule(one.changes, {});
    const auto text = plan::print_zone_plan(one);
    const auto parsed = plan::parse_zone_plan(text);
    RC_ASSERT(parsed.ok());
    RC_ASSERT(plan::print_zone_plan(*parsed) == text);
    for (std::size_t i = 0; i < one.changes.size(); ++i) {
      RC_ASSERT(parsed->changes[i].before == one.changes[i].before);
      RC_ASSERT(parsed->changes[i].after == one.changes[i].after);
    }
  });
  property("any text is a plan or a fault",
           [](const std::string& text) { RC_ASSERT_FALSE(plan::parse_zone_plan(text).ok()); });
}

TEST_CASE("a saved plan against the zone as it is now") {
  plan::ZonePlan one;
  one.zone = example_com();
  const auto before = zone_of({"@ 60 MX 10 a.", "x 60 A 192.0.2.1"});
  const auto wanted = zone_of({"@ 60 MX 20 b.", "y 60 A 192.0.2.1"});
  one.changes = plan::diff(before, wanted);
  plan::Traits traits;
  one.steps = plan::schedule(one.changes, traits);
  REQUIRE(one.steps.size() == 3);

  SECTION("nothing moved") {
    const auto freshness = plan::compare_with_live(one, live_of(before));
    CHECK(freshness.to_do.size() == 3);
    CHECK(freshness.moved.empty());
    CHECK(plan::without_done(one, freshness).changes.size() == 3);
  }
  SECTION("elsewhere does not matter") {
    const auto live = live_of({"@ 60 MX 10 a.", "x 60 A 192.0.2.1", "z 60 A 192.0.2.9"});
    CHECK(plan::compare_with_live(one, live).moved.empty());
  }
  SECTION("done already") { CHECK(plan::compare_with_live(one, live_of(wanted)).done.size() == 3); }
  SECTION("done in part: the rest is left, renumbered") {
    const auto live = live_of({"@ 60 MX 20 b.", "x 60 A 192.0.2.1"});
    const auto freshness = plan::compare_with_live(one, live);
    REQUIRE(freshness.done == std::vector<std::size_t>{0});
    auto with_gap = one;
    with_gap.gaps = {{1, "in the move", true}, {2, "after it", false}};
    const auto rest = plan::without_done(with_gap, freshness);
    REQUIRE(rest.steps.size() == 2);
    CHECK(rest.steps[0].changes == std::vector<std::size_t>{1});
    CHECK(rest.steps[1].changes == std::vector<std::size_t>{0});
    CHECK(rest.changes[0].key.text() == "x.example.com/A");
    REQUIRE(rest.gaps.size() == 1);
    CHECK(rest.gaps[0].step == 1);
  }
  SECTION("moved") {
    const auto live = live_of({"@ 60 MX 30 c.", "x 60 A 192.0.2.1"});
    const auto freshness = plan::compare_with_live(one, live);
    REQUIRE(freshness.moved.size() == 1);
    CHECK(freshness.moved[0].message == "example.com/MX was 10 a. (TTL 60), is now 30 c. (TTL 60)");
  }
  SECTION("a TTL is part of the state") {
    const auto live = live_of({"@ 61 MX 10 a.", "x 60 A 192.0.2.1"});
    CHECK(plan::compare_with_live(one, live).moved.size() == 1);
  }
}
