#include "plan/schedule.hpp"

#include <algorithm>
#include <string>

#include "support/catch.hpp"
#include "support/generators.hpp"
#include "support/plan_builders.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using plan::Granularity;
using plan::Support;

namespace {

using Lines = std::vector<std::string>;

plan::Traits traits_of(Granularity granularity, Support update = Support::yes) {
  plan::Traits traits;
  traits.granularity = granularity;
  traits.update_in_place = update;
  return traits;
}

/// Steps as the keys that change in them.
std::vector<Lines> keys_of(const std::vector<plan::Change>& changes,
                           const std::vector<plan::Step>& steps) {
  std::vector<Lines> keys;
  for (const auto& step : steps) {
    keys.emplace_back();
    for (const auto i : step.changes) keys.back().push_back(changes[i].key.text());
  }
  return keys;
}

Lines messages(const std::vector<plan::Gap>& gaps) {
  Lines lines;
  for (const auto& gap : gaps) lines.push_back(gap.message);
  return lines;
}

/// Whether a step keeps to both limits, or is one set or one swap, which nothing may split.
bool within_limits(const plan::Step& step, const std::vector<plan::Change>& changes,
                   const plan::Traits& traits) {
  std::size_t octets = 0;
  bool one_name = true;
  bool cname = step.changes.size() == 1;
  for (const auto i : step.changes) {
    octets += plan::octets_of(changes[i], traits.step_cost);
    one_name = one_name && changes[i].key.name == changes[step.changes.front()].key.name;
    cname = cname || changes[i].key.type == dns::Type::CNAME;
  }
  const auto keeps = [](std::size_t size, std::size_t limit) {
    return limit == 0 || size <= limit;
  };
  return (one_name && cname) || (keeps(step.changes.size(), traits.max_changes_per_step) &&
                                 keeps(octets, traits.max_octets_per_step));
}

const Lines kBefore = {
    "@ 300 MX 10 mx1.old.example.",
    "@ 300 TXT \"v=spf1 include:spf.old.example ~all\"",
    "@ 300 TXT \"token\"",
    "old._domainkey 300 TXT \"v=DKIM1; p=QQ==\"",
    "_dmarc 300 TXT \"v=DMARC1; p=none\"",
    "_mta-sts 300 TXT \"v=STSv1; id=1\"",
    "www 300 A 192.0.2.1",
};
const Lines kAfter = {
    "@ 300 MX 0 in.new.example.",
    "@ 300 TXT \"v=spf1 include:spf.old.example include:spf.new.example -all\"",
    "@ 300 TXT \"token\"",
    "new._domainkey 300 TXT \"v=DKIM1; p=QUI=\"",
    "_dmarc 300 TXT \"v=DMARC1; p=quarantine\"",
    "_mta-sts 300 TXT \"v=STSv1; id=2\"",
    "www 300 A 192.0.2.1",
};

}  // namespace

TEST_CASE("publish, move, tighten") {
  const auto changes = plan::diff(zone_of(kBefore), zone_of(kAfter));
  const auto steps = plan::schedule(changes, traits_of(Granularity::rrset));
  REQUIRE(steps.size() == 3);
  CHECK(keys_of(changes, steps) ==
        std::vector<Lines>{{"example.com/TXT", "new._domainkey.example.com/TXT"},
                           {"example.com/MX"},
                           {"_dmarc.example.com/TXT", "old._domainkey.example.com/TXT",
                            "_mta-sts.example.com/TXT"}});
  CHECK(steps[0].title == "publish before the move");
  CHECK(steps[1].title == "the move");
  CHECK(steps[2].title == "tighten and tidy up");
  CHECK_FALSE(steps[0].atomic);
}

TEST_CASE("one write where a step is atomic without limit") {
  const auto changes = plan::diff(zone_of(kBefore), zone_of(kAfter));
  auto traits = traits_of(Granularity::zone);
  traits.atomic_step = Support::yes;
  const auto steps = plan::schedule(changes, traits);
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].atomic);
  CHECK(steps[0].changes.size() == changes.size());
  CHECK(plan::visible_states(changes, steps, live_of(kBefore), traits).size() == 1);
}

TEST_CASE("a limit splits steps, never a swap") {
  const Lines before = {"a 60 CNAME x.", "b 60 A 192.0.2.1", "b 60 TXT \"t\"", "c 60 A 192.0.2.2"};
  const Lines after = {"a 60 A 192.0.2.9", "b 60 CNAME y.", "c 60 CNAME z."};
  const auto changes = plan::diff(zone_of(before), zone_of(after));
  auto traits = traits_of(Granularity::rrset);
  traits.max_changes_per_step = 2;
  CHECK(keys_of(changes, plan::schedule(changes, traits)) ==
        std::vector<Lines>{{"a.example.com/CNAME", "a.example.com/A"},
                           {"b.example.com/A", "b.example.com/TXT", "b.example.com/CNAME"},
                           {"c.example.com/A", "c.example.com/CNAME"}});
}

TEST_CASE("one write where an atomic step has limits and everything fits") {
  const auto changes = plan::diff(zone_of(kBefore), zone_of(kAfter));
  auto traits = traits_of(Granularity::rrset);
  traits.atomic_step = Support::yes;
  traits.max_changes_per_step = changes.size();
  traits.max_octets_per_step = 10000;
  REQUIRE(plan::schedule(changes, traits).size() == 1);
  CHECK(plan::schedule(changes, traits)[0].atomic);
  traits.max_changes_per_step = changes.size() - 1;
  const auto steps = plan::schedule(changes, traits);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].title == "publish before the move");
}

TEST_CASE("what a change weighs") {
  const plan::StepCost cost{100, 10, 2};
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    std::size_t octets;
  };
  // "a.example.com." has 14 octets, "192.0.2.1" has 9 and "\"t\"" has 3.
  const Row rows[] = {
      {"a deletion is its name", {"a 60 A 192.0.2.1"}, {}, 100 + 28},
      {"a creation", {}, {"a 60 A 192.0.2.1"}, 100 + 28 + 10 + 18},
      {"two values", {}, {"a 60 A 192.0.2.1", "a 60 A 192.0.2.2"}, 100 + 28 + 2 * (10 + 18)},
      {"what went weighs nothing", {"a 60 TXT \"before\""}, {"a 60 TXT \"t\""}, 100 + 28 + 10 + 6},
      {"an octet that is escaped counts as it is written",
       {},
       {"a 60 TXT \"\\000\""},
       100 + 28 + 10 + 12},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto changes = plan::diff(zone_of(row.before), zone_of(row.after));
    REQUIRE(changes.size() == 1);
    CHECK(plan::octets_of(changes[0], cost) == row.octets);
  }
}

TEST_CASE("steps are packed by weight") {
  // Each creation below weighs 14 (its name) + 9 (its value).
  const Lines four = {"a 60 A 192.0.2.1", "b 60 A 192.0.2.1", "c 60 A 192.0.2.1",
                      "d 60 A 192.0.2.1"};
  const Lines wide = {"a 60 A 192.0.2.1", "b 60 A 192.0.2.1", "b 60 A 192.0.2.2",
                      "b 60 A 192.0.2.3", "c 60 A 192.0.2.1"};
  const std::string a = "a.example.com/A";
  const std::string b = "b.example.com/A";
  const std::string c = "c.example.com/A";
  const std::string d = "d.example.com/A";
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    std::size_t octets;
    std::size_t changes;
    std::vector<Lines> steps;
  };
  const Row rows[] = {
      {"no limit", {}, four, 0, 0, {{a, b, c, d}}},
      {"all fit exactly", {}, four, 4 * 23, 0, {{a, b, c, d}}},
      {"one octet less", {}, four, 4 * 23 - 1, 0, {{a, b, c}, {d}}},
      {"two fit", {}, four, 2 * 23, 0, {{a, b}, {c, d}}},
      {"the other limit comes first", {}, four, 3 * 23, 2, {{a, b}, {c, d}}},
      {"this limit comes first", {}, four, 2 * 23, 3, {{a, b}, {c, d}}},
      {"one set is larger than the limit", {}, wide, 40, 0, {{a}, {b}, {c}}},
      {"every set is larger than the limit", {}, four, 1, 0, {{a}, {b}, {c}, {d}}},
      {"a swap is larger than the limit",
       {"a 60 CNAME x.", "b 60 CNAME x."},
       {"a 60 A 192.0.2.1", "b 60 A 192.0.2.1"},
       1,
       0,
       {{"a.example.com/CNAME", a}, {"b.example.com/CNAME", b}}},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto changes = plan::diff(zone_of(row.before), zone_of(row.after));
    auto traits = traits_of(Granularity::rrset);
    traits.max_octets_per_step = row.octets;
    traits.max_changes_per_step = row.changes;
    CHECK(keys_of(changes, plan::schedule(changes, traits)) == row.steps);
  }
}

TEST_CASE("values count as they stand before and after, where what goes is repeated") {
  const auto changes = plan::diff(zone_of({"a 60 A 192.0.2.1", "b 60 A 192.0.2.1"}),
                                  zone_of({"a 60 A 192.0.2.2", "b 60 A 192.0.2.2"}));
  REQUIRE(changes.size() == 2);
  auto traits = traits_of(Granularity::rrset);
  traits.atomic_step = Support::yes;
  traits.max_values_per_step = 2;
  CHECK(plan::schedule(changes, traits).size() == 1);
  traits.step_cost.before = Support::yes;
  CHECK(plan::values_of(changes[0], traits.step_cost) == 2);
  CHECK(plan::schedule(changes, traits).size() == 2);
  traits.max_values_per_step = 0;
  traits.step_cost.names_per_change = 0;
  CHECK(plan::octets_of(changes[0], traits.step_cost) == 18);
  traits.max_octets_per_step = 36;
  CHECK(plan::schedule(changes, traits).size() == 1);
  traits.max_octets_per_step = 35;
  CHECK(plan::schedule(changes, traits).size() == 2);
}

TEST_CASE("what stood before weighs too where it is sent") {
  const auto changes =
      plan::diff(zone_of({"a 60 A 192.0.2.1", "a 60 A 192.0.2.2"}), zone_of({"a 60 A 192.0.2.3"}));
  REQUIRE(changes.size() == 1);
  plan::StepCost cost{.per_change = 1000, .per_value = 100, .per_octet = 1};
  const std::size_t name = std::string("a.example.com.").size();
  const std::size_t value = std::string("192.0.2.3").size();
  CHECK(plan::octets_of(changes[0], cost) == 1000 + name + 100 + value);
  cost.names_per_change = 3;
  cost.names_per_value = 2;
  CHECK(plan::octets_of(changes[0], cost) == 1000 + 3 * name + 100 + 2 * name + value);
  cost.before = Support::yes;
  CHECK(plan::octets_of(changes[0], cost) == 1000 + 3 * name + 3 * (100 + 2 * name + value));
}

TEST_CASE("when single changes happen") {
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    const char* title;
  };
  const char* publish = "publish before the move";
  const char* move = "the move";
  const char* tighten = "tighten and tidy up";
  const Row rows[] = {
      {"new key", {}, {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""}, publish},
      {"key revoked",
       {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""},
       {"s._domainkey 60 TXT \"v=DKIM1; p=\""},
       tighten},
      {"key removed", {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""}, {}, tighten},
      {"SPF gains and loses",
       {"@ 60 TXT \"v=spf1 ip4:192.0.2.1 -all\""},
       {"@ 60 TXT \"v=spf1 ip4:192.0.2.2 -all\""},
       publish},
      {"SPF loses",
       {"@ 60 TXT \"v=spf1 ip4:192.0.2.1 mx -all\""},
       {"@ 60 TXT \"v=spf1 mx -all\""},
       tighten},
      {"SPF hardens", {"@ 60 TXT \"v=spf1 mx ~all\""}, {"@ 60 TXT \"v=spf1 mx -all\""}, tighten},
      {"SPF relaxes", {"@ 60 TXT \"v=spf1 mx -all\""}, {"@ 60 TXT \"v=spf1 mx ~all\""}, publish},
      {"a new token with it",
       {"@ 60 TXT \"v=spf1 mx ~all\""},
       {"@ 60 TXT \"v=spf1 mx -all\"", "@ 60 TXT \"token\""},
       publish},
      {"DMARC begins at none", {}, {"_dmarc 60 TXT \"v=DMARC1; p=none\""}, publish},
      {"DMARC begins strict", {}, {"_dmarc 60 TXT \"v=DMARC1; p=reject\""}, tighten},
      {"DMARC relaxes",
       {"_dmarc 60 TXT \"v=DMARC1; p=reject\""},
       {"_dmarc 60 TXT \"v=DMARC1; p=none\""},
       publish},
      {"a strict DMARC goes", {"_dmarc 60 TXT \"v=DMARC1; p=reject\""}, {}, publish},
      {"MTA-STS goes", {"_mta-sts 60 TXT \"v=STSv1; id=1\""}, {}, publish},
      {"MX", {}, {"@ 60 MX 10 a."}, move},
      {"a lower TTL of the MX", {"@ 60 MX 10 a."}, {"@ 30 MX 10 a."}, publish},
      {"a higher TTL of the MX", {"@ 60 MX 10 a."}, {"@ 90 MX 10 a."}, tighten},
      {"CNAME target", {"www 60 CNAME a."}, {"www 60 CNAME b."}, move},
      {"new address", {}, {"mx 60 A 192.0.2.1"}, publish},
      {"address gone", {"mx 60 A 192.0.2.1"}, {}, tighten},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto changes = plan::diff(zone_of(row.before), zone_of(row.after));
    const auto steps = plan::schedule(changes, traits_of(Granularity::rrset));
    REQUIRE(steps.size() == 1);
    CHECK(steps[0].title == row.title);
  }
}

TEST_CASE("gaps by granularity") {
  struct Row {
    const char* name;
    Lines before;
    Lines after;
    Granularity granularity;
    Support update;
    Lines gaps;
    bool mail;
  };
  const auto record = Granularity::record;
  const auto rrset = Granularity::rrset;
  const Row rows[] = {
      {"go-live by RRsets", kBefore, kAfter, rrset, Support::yes, {}, false},
      {"go-live by records in place", kBefore, kAfter, record, Support::yes, {}, false},
      {"SPF without update",
       {"@ 60 TXT \"v=spf1 mx -all\""},
       {"@ 60 TXT \"v=spf1 a -all\""},
       record,
       Support::no,
       {"no SPF record at example.com during step 1"},
       true},
      {"MX to null MX without update",
       {"@ 60 MX 10 a."},
       {"@ 60 MX 0 ."},
       record,
       Support::no,
       {"no MX at example.com during step 1"},
       true},
      {"a key becomes a CNAME",
       {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""},
       {"s._domainkey 60 CNAME s.example."},
       rrset,
       Support::yes,
       {"no DKIM key at s._domainkey.example.com during step 1"},
       true},
      {"the same in one write",
       {"s._domainkey 60 TXT \"v=DKIM1; p=QQ==\""},
       {"s._domainkey 60 CNAME s.example."},
       Granularity::zone,
       Support::yes,
       {},
       false},
      {"a web host becomes a CNAME",
       {"www 60 A 192.0.2.1"},
       {"www 60 CNAME w.example."},
       rrset,
       Support::yes,
       {"no data at www.example.com during step 1"},
       false},
      {"a mail host becomes a CNAME",
       {"@ 60 MX 10 mx", "mx 60 A 192.0.2.1"},
       {"@ 60 MX 10 mx", "mx 60 CNAME m.example."},
       rrset,
       Support::yes,
       {"no data at mx.example.com during step 1"},
       true},
      {"TTL of a record that cannot be updated",
       {"@ 60 MX 10 a."},
       {"@ 90 MX 10 a."},
       record,
       Support::no,
       {"no MX at example.com during step 1"},
       true},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const auto changes = plan::diff(zone_of(row.before), zone_of(row.after));
    const auto traits = traits_of(row.granularity, row.update);
    const auto gaps =
        plan::find_gaps(changes, plan::schedule(changes, traits), live_of(row.before), traits);
    CHECK(messages(gaps) == row.gaps);
    for (const auto& gap : gaps) CHECK(gap.mail_relevant == row.mail);
  }
}

TEST_CASE("a bad order is seen") {
  const Lines before = {"@ 60 MX 10 old.example."};
  const Lines after = {"@ 60 MX 10 mx", "mx 60 A 192.0.2.1"};
  const auto changes = plan::diff(zone_of(before), zone_of(after));
  REQUIRE(changes[0].key.type == dns::Type::MX);
  const std::vector<plan::Step> backwards = {{"", {0}, false}, {"", {1}, false}};
  const auto traits = traits_of(Granularity::rrset);
  CHECK(messages(plan::find_gaps(changes, backwards, live_of(before), traits)) ==
        Lines{"no address for the MX host at mx.example.com during step 1"});
  CHECK(plan::find_gaps(changes, plan::schedule(changes, traits), live_of(before), traits).empty());
}

TEST_CASE("what makes a zone impossible to serve") {
  CHECK(plan::illegalities(zone_of({"a 60 CNAME x.", "b 60 A 192.0.2.1"})).empty());
  CHECK(plan::illegalities(zone_of({"a 60 CNAME x.", "a 60 TXT \"t\""})).size() == 1);
  CHECK(plan::illegalities(zone_of({"a 60 CNAME x.", "a 60 CNAME y."})).size() == 1);
  CHECK(plan::illegalities(zone_of({"@ 60 CNAME x.", "@ 60 MX 0 y."})).empty());
}

TEST_CASE("schedules of any two zones") {
  property("hold each change once and lead to the other zone",
           [](const dns::Zone& a, const dns::Zone& b) {
             const auto changes = plan::diff(a, b);
             const auto granularity =
                 *rc::gen::element(Granularity::record, Granularity::rrset, Granularity::zone);
             auto traits = traits_of(granularity, *rc::gen::element(Support::yes, Support::no));
             traits.atomic_step = *rc::gen::element(Support::yes, Support::no);
             traits.max_changes_per_step = *rc::gen::inRange<std::size_t>(0, 4);
             traits.max_octets_per_step = *rc::gen::inRange<std::size_t>(0, 300);
             traits.step_cost = {*rc::gen::inRange<std::size_t>(0, 30), 3, 1};
             const auto steps = plan::schedule(changes, traits);
             std::vector<std::size_t> placed;
             for (const auto& step : steps) {
               placed.insert(placed.end(), step.changes.begin(), step.changes.end());
             }
             std::sort(placed.begin(), placed.end());
             RC_ASSERT(placed.size() == changes.size());
             for (std::size_t i = 0; i < placed.size(); ++i) RC_ASSERT(placed[i] == i);

             for (const auto& step : steps) RC_ASSERT(within_limits(step, changes, traits));

             const auto states = plan::visible_states(changes, steps, live_of(a), traits);
             RC_ASSERT(states.empty() == changes.empty());
             if (states.empty()) return;
             for (const auto& set : states.back().sets()) {
               const auto* wanted = b.find(set.key());
               RC_ASSERT(wanted != nullptr);
               RC_ASSERT(*wanted == set);
             }
           });
  property("pass no illegal state without a gap", [](const dns::Zone& a, const dns::Zone& b) {
    const auto changes = plan::diff(a, b);
    for (const auto granularity : {Granularity::record, Granularity::rrset, Granularity::zone}) {
      const auto traits = traits_of(granularity);
      const auto steps = plan::schedule(changes, traits);
      const auto gaps = plan::find_gaps(changes, steps, live_of(a), traits);
      for (const auto& state : plan::visible_states(changes, steps, live_of(a), traits)) {
        RC_ASSERT((plan::illegalities(state).empty() || !gaps.empty()));
      }
    }
  });
}

TEST_CASE("steps hold as many writes of single records as the traits allow") {
  plan::Traits traits = traits_of(Granularity::record);
  traits.atomic_step = Support::yes;
  traits.max_writes_per_step = 4;
  // Two values each: the first set changes both, the second keeps one, the third goes.
  const auto changes =
      plan::diff(zone_of({"a 60 A 1.1.1.1", "a 60 A 1.1.1.2", "b 60 A 1.1.1.1", "b 60 A 1.1.1.2",
                          "c 60 A 1.1.1.1", "c 60 A 1.1.1.2"}),
                 zone_of({"a 60 A 2.1.1.1", "a 60 A 2.1.1.2", "b 60 A 1.1.1.1", "b 60 A 2.1.1.2"}));
  REQUIRE(changes.size() == 3);
  CHECK(keys_of(changes, plan::schedule(changes, traits)).size() == 2);
  traits.max_writes_per_step = 5;
  CHECK(keys_of(changes, plan::schedule(changes, traits)).size() == 1);
}
