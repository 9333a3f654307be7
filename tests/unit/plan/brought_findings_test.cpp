// What the rules of mail find because of a plan, and what they found before.
#include <algorithm>
#include <string>

#include "plan/allow.hpp"
#include "plan/brought_findings.hpp"
#include "support/catch.hpp"
#include "support/plan_builders.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const base::Instant kNow{base::Seconds(1796400000)};

struct Situation {
  plan::Desired desired;
  plan::LiveZone live;
  bool reviewed = false;

  [[nodiscard]] plan::ZonePlan plan() const {
    const plan::Manifest previous;
    const plan::Traits traits;
    return plan::make_plan({desired,
                            live,
                            previous,
                            plan::HistoryKnown::yes,
                            traits,
                            {},
                            "example.com.toml",
                            kNow,
                            {},
                            {},
                            {},
                            reviewed})
        .plan.value();
  }
};

const base::Diagnostic* rule(const plan::ZonePlan& plan, const std::string& id) {
  const auto found = std::find_if(plan.findings.begin(), plan.findings.end(),
                                  [&](const auto& one) { return one.rule == id; });
  return found == plan.findings.end() ? nullptr : &*found;
}
const plan::GuardFinding* new_error(const plan::ZonePlan& plan) {
  const auto found = std::find_if(plan.guards.begin(), plan.guards.end(),
                                  [](const auto& one) { return one.id == plan::kNewError; });
  return found == plan.guards.end() ? nullptr : &*found;
}

/// An MX that is an address: no receiver can be found by it (RFC 5321 section 5.1).
Situation address_as_mx() {
  Situation one;
  one.desired = desired_of({mx({"10 192.0.2.1."})});
  one.live = live_of({"@ 60 MX 10 mx.example."});
  return one;
}

}  // namespace

TEST_CASE("a new error stands first, at its line, and stops what nobody reviews") {
  Situation one = address_as_mx();
  const auto plan = one.plan();
  const auto* finding = rule(plan, "mx-target-ip");
  REQUIRE(finding != nullptr);
  CHECK(&plan.findings.front() == finding);
  CHECK(finding->severity == base::Severity::error);
  CHECK(finding->record == "example.com/MX");
  CHECK(finding->pos.known());
  REQUIRE(new_error(plan) != nullptr);
  CHECK(plan.refused());
  CHECK_THAT(new_error(plan)->message, has_text("mx-target-ip"));
  one.reviewed = true;
  CHECK_FALSE(one.plan().refused());
  CHECK(new_error(one.plan())->allowed_by == "reviewed");
}

TEST_CASE("an error that was there is counted and stops nothing") {
  Situation one = address_as_mx();
  one.live = live_of({"@ 60 MX 10 192.0.2.1."});
  one.desired.units.push_back(token("token=1"));
  const auto plan = one.plan();
  REQUIRE_FALSE(plan.empty());
  CHECK(rule(plan, "mx-target-ip") == nullptr);
  CHECK(plan.findings_before >= 1);
  CHECK(new_error(plan) == nullptr);
}

TEST_CASE("a zone without changes is not judged") {
  Situation one;
  one.desired = desired_of({mx({"10 192.0.2.1."})});
  one.live = live_of({"@ 3600 MX 10 192.0.2.1."});
  const auto plan = one.plan();
  REQUIRE(plan.empty());
  CHECK(plan.findings_before == 0);
  CHECK(plan.findings.empty());
}

TEST_CASE("what a spec says of a rule holds in a plan") {
  Situation one = address_as_mx();
  one.desired.mail.rules = {{"mx-target-ip", std::nullopt, "a test bed", {}},
                            {"mx-target-syntax", std::nullopt, "a test bed", {}}};
  CHECK(rule(one.plan(), "mx-target-ip") == nullptr);
  one.desired.mail.rules[0].severity = base::Severity::info;
  REQUIRE(rule(one.plan(), "mx-target-ip") != nullptr);
  CHECK(rule(one.plan(), "mx-target-ip")->severity == base::Severity::info);
}

TEST_CASE("of an error that another guard speaks of there is no second guard") {
  base::Diagnostic error;
  error.severity = base::Severity::error;
  error.rule = "spf-syntax";
  error.record = "example.com/TXT";
  plan::GuardFinding lost;
  lost.id = "spf-lost";
  lost.keys = {{example_com(), dns::Type::TXT}};
  CHECK(plan::judge_errors({error}, {lost}).empty());
  lost.keys = {{example_com(), dns::Type::MX}};
  REQUIRE(plan::judge_errors({error}, {lost}).size() == 1);
  CHECK(plan::judge_errors({error}, {lost}).front().keys.front().text() == "example.com/TXT");
  error.severity = base::Severity::warning;
  CHECK(plan::judge_errors({error}, {}).empty());
}

TEST_CASE("what follows in records that do not change is found as well") {
  // The host of the MX loses its address: the MX record is the one at fault.
  Situation one;
  one.desired = desired_of({});
  one.desired.absent = {{pattern("mx", dns::Type::A), "off", at_line(9)}};
  one.live = live_of({"@ 60 MX 10 mx.example.com.", "mx 60 A 192.0.2.1"});
  const auto plan = one.plan();
  REQUIRE(plan.counts().removed == 1);
  const bool told = std::any_of(plan.findings.begin(), plan.findings.end(), [](const auto& found) {
    return found.severity == base::Severity::error && found.record == "example.com/MX";
  });
  CHECK(told);
}
