#include "plan/plan.hpp"

#include <algorithm>
#include <string>

#include "plan/allow.hpp"
#include "support/catch.hpp"
#include "support/plan_builders.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const base::Instant kNow{base::Seconds(1796400000)};
const base::Instant kLater = kNow + std::chrono::hours(2);

/// Everything that make_plan is given, to be changed before it is asked.
struct Situation {
  plan::Desired desired = desired_of({});
  plan::LiveZone live;
  plan::Manifest previous;
  plan::Traits traits;
  plan::HoldView hold;
  std::vector<std::string> allow;
  bool reviewed = false;

  [[nodiscard]] plan::PlanResult plan() const {
    return plan::make_plan({desired,
                            live,
                            previous,
                            plan::HistoryKnown::yes,
                            traits,
                            {"main", "memory", "f00d", ""},
                            "example.com.toml",
                            kNow,
                            {},
                            hold,
                            allow,
                            reviewed});
  }
};

/// An MX that somebody changed by hand: guard drift.
Situation drifted() {
  Situation one;
  one.desired = desired_of({mx({"10 mx.example."})});
  one.previous = plan::manifest_of(one.desired);
  one.live = live_of({"@ 60 MX 5 by-hand.example.", "@ 60 TXT \"v=spf1 mx -all\""});
  one.live.read_at = kNow - base::Seconds(3);
  return one;
}

const plan::GuardFinding* guard(const plan::ZonePlan& plan, const std::string& id) {
  const auto found = std::find_if(plan.guards.begin(), plan.guards.end(),
                                  [&](const auto& one) { return one.id == id; });
  return found == plan.guards.end() ? nullptr : &*found;
}

class Verbatim final : public plan::Native {
 public:
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override {
    return "lines of " + key.text();
  }
};

}  // namespace

TEST_CASE("a plan says who, what and until when") {
  const auto result = drifted().plan();
  REQUIRE(result.plan.has_value());
  const auto& plan = *result.plan;
  CHECK(plan.zone == example_com());
  CHECK(plan.target.zone_id == "id-example.com.");
  CHECK(plan.made_at == kNow);
  CHECK(plan.read_at == kNow - base::Seconds(3));
  CHECK(plan.valid_until == kNow + std::chrono::hours(24));
  CHECK(plan.spec_digest == "digest-of-the-spec");
  CHECK(plan.counts().updated == 1);
  CHECK(plan.counts().total() == 1);
  CHECK(plan.left_alone == 1);
  CHECK(plan.steps.size() == 1);
  CHECK(plan.manifest.items.size() == 1);
  CHECK(plan.impact.inbound.changes);
}

TEST_CASE("a plan ends with the next stage") {
  auto one = drifted();
  one.desired.stages.next_at = kLater;
  CHECK(one.plan().plan->valid_until == kLater);
}

TEST_CASE("a zone in order still becomes ours") {
  Situation one;
  one.desired = desired_of({mx({"10 mx.example."})});
  one.live = live_of({"@ 60 MX 10 mx.example."});
  const auto result = one.plan();
  REQUIRE(result.plan.has_value());
  CHECK(result.plan->empty());
  CHECK(result.plan->steps.empty());
  CHECK_FALSE(result.plan->refused());
  CHECK(result.plan->manifest.find({{example_com(), dns::Type::MX}, plan::OwnedClass::whole, {}}));
}

TEST_CASE("errors keep a plan from being made") {
  auto one = drifted();
  one.traits.types = {dns::Type::TXT};
  const auto result = one.plan();
  CHECK_FALSE(result.plan.has_value());
  CHECK(result.diagnostics.has_errors());
}

TEST_CASE("warnings become findings") {
  Situation one;
  one.live = live_of({"@ 60 TXT \"v=spf1 -all\"", "@ 60 TXT \"v=spf1 mx -all\""});
  const auto result = one.plan();
  REQUIRE(result.plan.has_value());
  REQUIRE_FALSE(result.plan->findings.empty());
  CHECK(result.plan->findings[0].rule == "two-spf-records");
}

TEST_CASE("what came from the provider's own text goes into the state before") {
  auto one = drifted();
  one.live.native = std::make_shared<const Verbatim>();
  const auto result = one.plan();
  REQUIRE(result.plan->changes.size() == 1);
  CHECK(result.plan->changes[0].before->verbatim == "lines of example.com/MX");
  CHECK(result.plan->changes[0].after->verbatim.empty());
}

TEST_CASE("guards are let through one by one") {
  auto one = drifted();
  const auto allowed_by = [&] {
    const auto result = one.plan();
    const auto* drift = guard(*result.plan, "drift");
    REQUIRE(drift != nullptr);
    CHECK(drift->allowed == !drift->allowed_by.empty());
    return drift->allowed_by;
  };
  SECTION("by nobody") {
    CHECK(allowed_by().empty());
    CHECK(one.plan().plan->refused());
  }
  SECTION("by another guard's name") {
    one.allow = {"gap"};
    CHECK(allowed_by().empty());
  }
  SECTION("by the command line") {
    one.allow = {"drift"};
    CHECK(allowed_by() == "--allow");
  }
  SECTION("by the spec") {
    one.desired.allow = {{"drift", "known", std::nullopt, at_line(9)}};
    CHECK(allowed_by() == "spec: known");
  }
  SECTION("by the spec, up to the last moment") {
    one.desired.allow = {{"drift", "known", kNow, at_line(9)}};
    CHECK(allowed_by() == "spec: known");
  }
  SECTION("not after it, and that is said") {
    one.desired.allow = {{"drift", "known", kNow - base::Seconds(1), at_line(9)}};
    CHECK(allowed_by().empty());
    const auto findings = one.plan().plan->findings;
    CHECK(std::any_of(findings.begin(), findings.end(),
                      [](const auto& finding) { return finding.rule == "allow-expired"; }));
  }
  SECTION("by a person who looks at it") {
    one.reviewed = true;
    CHECK(allowed_by() == "reviewed");
  }
}

TEST_CASE("a held zone is not let through by anything") {
  auto one = drifted();
  one.hold.by_hand = true;
  one.hold.reason = "moving house, kim";
  one.allow = {"held", "drift"};
  one.desired.allow = {{"held", "no", std::nullopt, {}}};
  one.reviewed = true;
  const auto result = one.plan();
  const auto* held = guard(*result.plan, "held");
  REQUIRE(held != nullptr);
  CHECK_FALSE(held->allowed);
  CHECK(held->message == "the zone is held by hand: moving house, kim");
  CHECK(result.plan->refused());
}

TEST_CASE("an undone state of the spec is refused until it changes") {
  auto one = drifted();
  one.reviewed = true;
  one.hold.undone_digests = {"digest-of-the-spec"};
  one.hold.undone_by = "rollback of entry 12 by kim";
  CHECK(guard(*one.plan().plan, "rolled-back") != nullptr);
  CHECK(one.plan().plan->refused());
  one.desired.digest = "another";
  CHECK(guard(*one.plan().plan, "rolled-back") == nullptr);
  one.desired.digest = "digest-of-the-spec";
  one.allow = {"rolled-back"};
  CHECK_FALSE(guard(*one.plan().plan, "rolled-back") == nullptr);
  CHECK(guard(*one.plan().plan, "rolled-back")->allowed);
}

TEST_CASE("a stage whose window is over and that never ran is told") {
  auto one = drifted();
  one.desired.stages.closed = {
      {"enforce", kNow - std::chrono::hours(9), kNow - std::chrono::hours(5), "before", {}}};
  one.previous.spec_digest = "before";
  REQUIRE(guard(*one.plan().plan, "stage-missed") != nullptr);
  one.previous.spec_digest = "after";
  CHECK(guard(*one.plan().plan, "stage-missed") == nullptr);
  one.previous.spec_digest = "before";
  one.live = live_of({"@ 60 MX 10 mx.example."});
  CHECK(guard(*one.plan().plan, "stage-missed") == nullptr);
}

TEST_CASE("a plan turned round gives the zone from before") {
  const auto before = live_of({"@ 60 MX 10 old.example.", "@ 60 TXT \"v=spf1 mx -all\"",
                               "s1._domainkey 60 TXT \"v=DKIM1; p=QQ==\""});
  Situation one;
  one.live = before;
  one.desired = desired_of({mx({"0 new.example."}), dmarc("v=DMARC1; p=none"),
                            whole("s1._domainkey", dns::Type::CNAME, {"s1.new.example."})});
  const auto there = *one.plan().plan;
  const auto live_after = after(before, there.changes);
  const auto back = plan::invert(there, live_after, one.traits, kNow);
  CHECK(back.kind == plan::PlanKind::rollback);
  CHECK(zone_from(after(live_after, back.changes)) == zone_from(before));
  REQUIRE(back.steps.size() == there.steps.size());
  auto order = there.steps.front().changes;
  std::reverse(order.begin(), order.end());
  CHECK(back.steps.back().changes == order);
  for (const auto& finding : back.guards) CHECK((finding.allowed || finding.id == "gap"));
  CHECK(plan::invert(back, before, one.traits, kNow).kind == plan::PlanKind::redo);
}

TEST_CASE("a rollback may bring back what was bad, an apply may not") {
  const auto live = live_of({"@ 60 MX 10 mx.example."});
  const auto changes = plan::diff(zone_from(live), zone_of({}));
  const auto with = [&](plan::PlanKind kind) {
    return plan::plan_for_changes(changes, live, {}, {}, kind, kNow, {});
  };
  REQUIRE_FALSE(with(plan::PlanKind::apply).guards.empty());
  CHECK(with(plan::PlanKind::apply).refused());
  CHECK_FALSE(with(plan::PlanKind::rollback).refused());
  CHECK(with(plan::PlanKind::rollback).guards[0].allowed_by == "was so before");
}

TEST_CASE("plans that differ by their zone's name alone are one") {
  const auto for_zone = [](const std::string& zone, const std::string& policy,
                           const std::string& host) {
    const auto apex = dns::Name::of(zone);
    dns::Zone wanted(apex);
    wanted.add(apex, dns::Type::MX, 60, dns::Mx{10, dns::Name::of(host)});
    wanted.add(*apex.child("_dmarc"), dns::Type::TXT, 60, dns::Txt{policy});
    plan::ZonePlan plan;
    plan.zone = apex;
    plan.changes = plan::diff(dns::Zone(apex), wanted);
    return plan;
  };
  const std::vector<plan::ZonePlan> plans = {
      for_zone("a.example", "v=DMARC1; p=none; rua=mailto:d@a.example", "mx.a.example"),
      for_zone("b.example", "v=DMARC1; p=none; rua=mailto:d@b.example", "mx.b.example"),
      for_zone("c.example", "v=DMARC1; p=reject; rua=mailto:d@c.example", "mx.c.example"),
      for_zone("ab.example", "v=DMARC1; p=none; rua=mailto:d@ab.example", "mx.ab.example"),
      // Not the same: the names only end like the zone's own.
      for_zone("d.example", "v=DMARC1; p=none; rua=mailto:d@d.example", "mx.xd.example"),
      for_zone("e.example", "v=DMARC1; p=none; rua=mailto:d@e.example", "mx.xe.example"),
  };
  CHECK(plan::group_equal(plans) ==
        std::vector<std::vector<std::size_t>>{{0, 1, 3}, {2}, {4}, {5}});
  CHECK(plan::group_equal({}).empty());
}
