// Scope over random zones, specs and memories: whatever they are, what is not ours stays.
#include <algorithm>
#include <string>

#include "plan/schedule.hpp"
#include "plan/scope.hpp"
#include "support/catch.hpp"
#include "support/generators.hpp"
#include "support/plan_builders.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using plan::OwnedClass;

namespace {

// Few names and values, so that declared, remembered and live ones meet.
const std::vector<std::string> kNames = {"@", "www", "_dmarc", "s1._domainkey"};
const std::vector<std::string> kTexts = {
    "v=spf1 mx -all", "v=spf1 a ~all",      "v=DMARC1; p=none", "token-a",
    "token-b",        "v=DMARC1; p=reject", "v=DKIM1; p=QQ==",  "v=spf1 include:x.example -all"};

rc::Gen<dns::Rdata> value_of(dns::Type type) {
  switch (type) {
    case dns::Type::MX:
      return rc::gen::map(rc::gen::element(".", "a.example.", "b.example."), [](const char* host) {
        return dns::Rdata(dns::Mx{10, dns::Name::of(host)});
      });
    case dns::Type::TXT:
      return rc::gen::map(rc::gen::elementOf(kTexts),
                          [](const std::string& text) { return dns::Rdata(dns::Txt{text}); });
    case dns::Type::CNAME:
      return rc::gen::map(rc::gen::element("a.example.", "b.example."), [](const char* host) {
        return dns::Rdata(dns::Cname{dns::Name::of(host)});
      });
    default:
      return rc::gen::map(rc::gen::inRange<std::uint8_t>(1, 4), [](std::uint8_t last) {
        return dns::Rdata(dns::A{{192, 0, 2, last}});
      });
  }
}

rc::Gen<dns::Type> some_type() {
  return rc::gen::element(dns::Type::MX, dns::Type::TXT, dns::Type::TXT, dns::Type::CNAME,
                          dns::Type::A);
}

rc::Gen<std::uint32_t> some_ttl() { return rc::gen::element<std::uint32_t>(60, 300, 3600); }

plan::LiveZone some_live() {
  dns::Zone zone(example_com());
  const int sets = *rc::gen::inRange(0, 7);
  for (int i = 0; i < sets; ++i) {
    const auto name = under(*rc::gen::elementOf(kNames));
    const auto type = *some_type();
    const bool alone = type == dns::Type::CNAME;
    if (alone ? zone.has_name(name) : zone.find(name, dns::Type::CNAME) != nullptr) continue;
    dns::RRset set{name, type, *some_ttl(), {}};
    const int values = alone ? 1 : *rc::gen::inRange(1, 4);
    for (int v = 0; v < values; ++v) set.add(*value_of(type));
    zone.put(set);
  }
  Owners foreign;
  for (const auto& set : zone.sets()) {
    if (*rc::gen::inRange(0, 8) == 0) foreign[set.key().text()] = "somebody";
  }
  return live_of(zone, foreign);
}

/// A unit of a random shape. CNAMEs at the apex and doubled claims are left to scope's own checks.
plan::DesiredUnit some_unit() {
  const auto name = *rc::gen::elementOf(kNames);
  const auto type = *some_type();
  plan::DesiredUnit unit;
  if (type == dns::Type::TXT) {
    const auto text = *rc::gen::elementOf(kTexts);
    auto owned = plan::classify_txt(under(name), text);
    if (name == "s1._domainkey") owned = OwnedClass::whole;
    unit = txt_class(name, owned, text);
    if (owned == OwnedClass::spf && *rc::gen::arbitrary<bool>()) {
      unit.values.clear();
      unit.spf.emplace();
      unit.spf->merges = true;
      unit.spf->merge.add.push_back(
          mail::parse_spf_term(*rc::gen::element<std::string>("ip4:192.0.2.1", "include:x.example"))
              .value());
    }
  } else {
    unit = whole(name, type, {});
    const int values = type == dns::Type::CNAME ? 1 : *rc::gen::inRange(1, 3);
    for (int v = 0; v < values; ++v) unit.values.push_back({*value_of(type), {}});
  }
  if (*rc::gen::arbitrary<bool>()) unit = with_ttl(unit, *some_ttl(), *rc::gen::arbitrary<bool>());
  return unit;
}

plan::Desired some_desired() {
  std::vector<plan::DesiredUnit> units;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    auto unit = some_unit();
    const bool known = std::any_of(units.begin(), units.end(),
                                   [&](const auto& other) { return other.unit == unit.unit; });
    if (!known) units.push_back(std::move(unit));
  }
  auto desired = desired_of(std::move(units));
  desired.manage = *rc::gen::weightedElement<plan::ManageMode>(
      {{4, plan::ManageMode::declared}, {1, plan::ManageMode::mail}, {1, plan::ManageMode::zone}});
  if (*rc::gen::inRange(0, 3) == 0) {
    desired.ignore.push_back({pattern(*rc::gen::elementOf(kNames)), {}});
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    desired.ignore.push_back({pattern("**", dns::Type::TXT, "token*"), {}});
  }
  if (*rc::gen::inRange(0, 4) == 0) {
    desired.absent.push_back({pattern(*rc::gen::elementOf(kNames), *some_type()), "", {}});
  }
  return desired;
}

struct World {
  plan::LiveZone live;
  plan::Desired desired;
  plan::Manifest previous;
  plan::HistoryKnown known = plan::HistoryKnown::yes;
  plan::Scope scoped;
};

/// A world in which a plan can be made at all.
World some_world() {
  World world;
  world.live = some_live();
  world.desired = some_desired();
  world.previous = plan::manifest_of(some_desired());
  world.known = *rc::gen::element(plan::HistoryKnown::yes, plan::HistoryKnown::no);
  world.scoped = plan::scope(world.desired, world.live, world.previous, world.known, {});
  RC_PRE(!world.scoped.diagnostics.has_errors());
  return world;
}

bool is_in(const plan::Unit& unit, const dns::Rdata& value) {
  if (unit.owned == OwnedClass::whole) return true;
  const auto* txt = std::get_if<dns::Txt>(&value);
  if (txt == nullptr) return false;
  if (unit.owned == OwnedClass::value) return txt->octets == unit.octets;
  return plan::classify_txt(unit.key.name, txt->octets) == unit.owned;
}

/// Whether something gives the right to touch this value.
bool is_ours(const World& world, const dns::Key& key, const dns::Rdata& value) {
  const auto speaks = [&](const plan::Unit& unit) { return unit.key == key && is_in(unit, value); };
  const auto& units = world.desired.units;
  if (std::any_of(units.begin(), units.end(),
                  [&](const auto& unit) { return speaks(unit.unit); })) {
    return true;
  }
  const auto& items = world.previous.items;
  if (world.known == plan::HistoryKnown::yes &&
      std::any_of(items.begin(), items.end(),
                  [&](const auto& item) { return speaks(item.unit); })) {
    return true;
  }
  const auto& absent = world.desired.absent;
  if (std::any_of(absent.begin(), absent.end(), [&](const auto& rule) {
        return rule.pattern.matches(example_com(), key, value);
      })) {
    return true;
  }
  // In the way of a CNAME, or a CNAME in the way.
  if (std::any_of(units.begin(), units.end(), [&](const auto& unit) {
        return unit.unit.key.name == key.name &&
               (unit.unit.key.type == dns::Type::CNAME || key.type == dns::Type::CNAME);
      })) {
    return true;
  }
  if (world.desired.manage == plan::ManageMode::zone) return true;
  return world.desired.manage == plan::ManageMode::mail &&
         plan::is_mail_record(example_com(), key, value);
}

bool is_hands_off(const World& world, const dns::Key& key, const dns::Rdata& value) {
  const auto* live = world.live.find(key);
  if (live != nullptr && !live->foreign().empty()) return true;
  const auto& ignore = world.desired.ignore;
  return std::any_of(ignore.begin(), ignore.end(), [&](const auto& rule) {
    return rule.pattern.matches(example_com(), key, value);
  });
}

}  // namespace

TEST_CASE("nothing out of scope is ever in a plan") {
  property("values that went or came are ours, all others are carried", [] {
    const World world = some_world();
    for (const auto& change : world.scoped.changes) {
      const auto before = change.before ? change.before->set.values : std::vector<dns::Rdata>();
      const auto after = change.after ? change.after->set.values : std::vector<dns::Rdata>();
      const auto gone_or_come = [&](const auto& from, const auto& to) {
        for (const auto& value : from) {
          if (std::find(to.begin(), to.end(), value) != to.end()) continue;
          RC_ASSERT(is_ours(world, change.key, value));
          RC_ASSERT_FALSE(is_hands_off(world, change.key, value));
        }
      };
      gone_or_come(before, after);
      gone_or_come(after, before);
      RC_ASSERT_FALSE(change.reasons.empty());
    }
  });
}

TEST_CASE("a plan after an apply is empty") {
  property("scope is idempotent", [] {
    const World world = some_world();
    auto live = after(world.live, world.scoped.changes);
    const auto again =
        plan::scope(world.desired, live, world.scoped.manifest, plan::HistoryKnown::yes, {});
    RC_ASSERT(again.changes.empty());
    RC_ASSERT(again.manifest == world.scoped.manifest);
  });
}

TEST_CASE("what was planned is what will be, by every road") {
  property("the last state is legal and holds every declared value", [] {
    const World world = some_world();
    const auto result = after(world.live, world.scoped.changes);
    RC_ASSERT(plan::illegalities(zone_from(result)).empty());
    for (const auto& unit : world.desired.units) {
      const auto* set = result.find(unit.unit.key);
      RC_ASSERT(set != nullptr);
      for (const auto& value : unit.values) RC_ASSERT(set->set.has(value.value));
    }
    for (const auto granularity :
         {plan::Granularity::record, plan::Granularity::rrset, plan::Granularity::zone}) {
      plan::Traits traits;
      traits.granularity = granularity;
      const auto steps = plan::schedule(world.scoped.changes, traits);
      const auto gaps = plan::find_gaps(world.scoped.changes, steps, world.live, traits);
      for (const auto& state :
           plan::visible_states(world.scoped.changes, steps, world.live, traits)) {
        RC_ASSERT((plan::illegalities(state).empty() || !gaps.empty()));
      }
    }
  });
}

TEST_CASE("without history, nothing goes but by word of the spec") {
  property("declared mode deletes only what is replaced, absent or in the way", [] {
    World world = some_world();
    RC_PRE(world.known == plan::HistoryKnown::no);
    RC_PRE(world.desired.manage == plan::ManageMode::declared);
    for (const auto& change : world.scoped.changes) {
      for (const auto& reason : change.reasons) {
        RC_ASSERT((reason.row != 8 && reason.row != 20 && reason.row != 12 && reason.row != 13));
      }
    }
  });
}
