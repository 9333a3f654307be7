// The memory provider in its three granularities: what was planned is what is there, faults tell
// the truth, and every state in between is seen.
#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "plan/schedule.hpp"
#include "providers/all.hpp"
#include "providers/memory/memory.hpp"
#include "support/catch.hpp"
#include "support/offline.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::Error;
using base::ErrorKind;
using plan::Granularity;
using providers::MemoryDns;

namespace {

const dns::Name kApex = dns::Name::of("example.com");
constexpr Granularity kAll[] = {Granularity::record, Granularity::rrset, Granularity::zone};

std::shared_ptr<MemoryDns> memory(Granularity granularity,
                                  plan::Support in_place = plan::Support::yes) {
  MemoryDns::Options options;
  options.granularity = granularity;
  options.update_in_place = in_place;
  options.meta_keys = {"proxied"};
  auto dns = std::make_shared<MemoryDns>(std::move(options));
  dns->add_zone(kApex);
  return dns;
}

dns::RRset set_of(const std::string& name, dns::Type type, const std::vector<std::string>& values,
                  std::uint32_t ttl = 300) {
  dns::RRset set{*dns::Name::parse(name, kApex), type, ttl, {}};
  for (const auto& value : values) set.add(*dns::parse_rdata(type, value, kApex));
  return set;
}

plan::Change change_of(const dns::RRset& before, const dns::RRset& after) {
  plan::Change change;
  change.key = before.values.empty() ? after.key() : before.key();
  if (!before.values.empty()) change.before = plan::SetState{before, {}, {}};
  if (!after.values.empty()) change.after = plan::SetState{after, {}, {}};
  return change;
}

const dns::RRset kOldMx = set_of("@", dns::Type::MX, {"10 mx1", "20 mx2"});
const dns::RRset kNewMx = set_of("@", dns::Type::MX, {"0 in.new.example."});
const dns::RRset kText = set_of("@", dns::Type::TXT, {"\"a\"", "\"b\""});

/// A zone over few names and values, so that two of them have much in common; legal as to CNAME.
rc::Gen<dns::Zone> any_zone() {
  return rc::gen::exec([] {
    dns::Zone zone(kApex);
    for (const char* name : {"@", "a", "b", "c"}) {
      const int shape = *rc::gen::inRange(0, 5);
      const std::uint32_t ttl = *rc::gen::element(60U, 300U, 3600U);
      if (shape == 0) continue;
      if (shape == 1 && name[0] != '@') {
        zone.put(set_of(name, dns::Type::CNAME, {*rc::gen::element("x", "y")}, ttl));
        continue;
      }
      std::vector<std::string> mx;
      std::vector<std::string> text;
      for (const char* host : {"mx1", "mx2", "mx3"}) {
        if (*rc::gen::arbitrary<bool>())
          mx.push_back(*rc::gen::element("10 ", "20 ") + std::string(host));
        if (*rc::gen::arbitrary<bool>()) text.push_back("\"" + std::string(host) + "\"");
      }
      zone.put(set_of(name, dns::Type::MX, mx, ttl));
      zone.put(set_of(name, dns::Type::TXT, text, ttl));
    }
    return zone;
  });
}

void fill(MemoryDns& dns, const dns::Zone& zone) {
  for (const dns::RRset& set : zone.sets()) dns.set(set);
}

std::vector<plan::Change> changes_of(const plan::Step& step,
                                     const std::vector<plan::Change>& changes) {
  std::vector<plan::Change> chosen;
  for (const std::size_t i : step.changes) chosen.push_back(changes[i]);
  return chosen;
}

Error error_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::usage, "no error"};
}

}  // namespace

TEST_CASE("users are not offered a provider that changes nothing") {
  CHECK(providers::find("memory") == nullptr);
  REQUIRE(providers::find("zonefile") != nullptr);
  for (const auto& info : providers::all()) CHECK(info.type != "memory");
}

TEST_CASE("any scheduled change set leads to the planned zone, in every granularity") {
  for (const Granularity granularity : kAll) {
    for (const plan::Support in_place : {plan::Support::yes, plan::Support::no}) {
      property(std::string("from a to b by ") + std::string(plan::granularity_name(granularity)),
               [&] {
                 const dns::Zone from = *any_zone();
                 const dns::Zone to = *any_zone();
                 const auto dns = memory(granularity, in_place);
                 fill(*dns, from);
                 const auto provider = providers::memory_provider(dns);
                 const auto changes = plan::diff(from, to);
                 const plan::ZoneRef ref = provider->find(kApex).front();
                 for (const plan::Step& step : plan::schedule(changes, dns->traits())) {
                   provider->apply(provider->read(ref), {changes_of(step, changes), step.atomic});
                 }
                 RC_ASSERT(dns->zone(kApex) == to);
                 const plan::LiveZone live = provider->read(ref);
                 RC_ASSERT(live.sets().size() == to.size());
                 for (const plan::LiveSet& set : live.sets()) {
                   RC_ASSERT(to.find(set.set.key()) != nullptr);
                   RC_ASSERT(*to.find(set.set.key()) == set.set);
                 }
               });
    }
  }
}

TEST_CASE("one write is what the granularity says, and each state is seen") {
  struct Row {
    Granularity granularity;
    std::size_t writes;
  };
  // MX: one record changes, one goes; TXT: two are made.
  const Row rows[] = {{Granularity::record, 4}, {Granularity::rrset, 2}, {Granularity::zone, 1}};
  for (const Row& row : rows) {
    const auto dns = memory(row.granularity);
    dns->set(kOldMx);
    const auto provider = providers::memory_provider(dns);
    const auto live = provider->read(provider->find(kApex).front());
    provider->apply(live, {{change_of(kOldMx, kNewMx), change_of({}, kText)}, false});
    CHECK(dns->writes() == row.writes);
    const auto seen = dns->seen();
    REQUIRE(seen.size() == row.writes);
    CHECK(std::all_of(seen.begin(), seen.end(), [](const MemoryDns::Seen& state) {
      return state.zone.find(kApex, dns::Type::MX) != nullptr;
    }));
    CHECK(*seen.back().zone.find(kText.key()) == kText);
    CHECK(dns->zone(kApex) == seen.back().zone);
  }
}

TEST_CASE("faults strike at the write they were placed at, with the effect they had") {
  struct Row {
    Granularity granularity;
    std::size_t write;
    MemoryDns::Moment moment;
    Effect told;    // of the fault
    Effect effect;  // of the step
    std::size_t states;
  };
  using Moment = MemoryDns::Moment;
  const Row rows[] = {
      {Granularity::record, 1, Moment::before, Effect::none, Effect::none, 0},
      {Granularity::record, 1, Moment::after, Effect::unknown, Effect::unknown, 1},
      {Granularity::record, 3, Moment::before, Effect::none, Effect::partial, 2},
      {Granularity::rrset, 2, Moment::before, Effect::none, Effect::partial, 1},
      {Granularity::rrset, 2, Moment::after, Effect::unknown, Effect::partial, 2},
      {Granularity::zone, 1, Moment::before, Effect::none, Effect::none, 0},
      {Granularity::zone, 1, Moment::halfway, Effect::partial, Effect::partial, 1},
      {Granularity::zone, 1, Moment::after, Effect::unknown, Effect::unknown, 1},
  };
  for (const Row& row : rows) {
    INFO(plan::granularity_name(row.granularity) << ", write " << row.write);
    const auto dns = memory(row.granularity);
    dns->set(kOldMx);
    const auto provider = providers::memory_provider(dns);
    const auto live = provider->read(provider->find(kApex).front());
    dns->fail_write(row.write, Error(ErrorKind::unavailable, "no answer", row.told), row.moment);
    const provider::Step step{{change_of(kOldMx, kNewMx), change_of({}, kText)}, false};
    const Error error = error_of([&] { provider->apply(live, step); });
    CHECK(error.kind() == ErrorKind::unavailable);
    CHECK(error.effect() == row.effect);
    CHECK(dns->seen().size() == row.states);
  }
}

TEST_CASE("reads fail once where they are told to, and somebody else may be at work after one") {
  const auto dns = memory(Granularity::rrset);
  dns->set(kOldMx);
  const auto provider = providers::memory_provider(dns);
  const plan::ZoneRef ref = provider->find(kApex).front();
  dns->fail_read(2, Error(ErrorKind::auth, "wrong token"));
  dns->after_read(1, [&] { dns->set(kText); });
  CHECK(provider->read(ref).sets().size() == 1);
  CHECK(error_of([&] { provider->read(ref); }).kind() == ErrorKind::auth);
  CHECK(provider->read(ref).sets().size() == 2);
  CHECK(dns->seen().empty());
}

TEST_CASE("a set that changed since it was read is not overwritten where that can be known") {
  MemoryDns::Options options;
  options.compare_and_swap = plan::Support::yes;
  const auto dns = std::make_shared<MemoryDns>(options);
  dns->add_zone(kApex);
  dns->set(kOldMx);
  const auto provider = providers::memory_provider(dns);
  const auto live = provider->read(provider->find(kApex).front());
  dns->set(kText);
  provider->apply(live, {{change_of(kOldMx, kNewMx)}, false});
  const Error error = error_of([&] { provider->apply(live, {{change_of(kOldMx, {})}, false}); });
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(*dns->zone(kApex).find(kNewMx.key()) == kNewMx);
}

TEST_CASE("the server is strict") {
  const dns::RRset alias = set_of("www", dns::Type::CNAME, {"a"});
  const dns::RRset address = set_of("www", dns::Type::A, {"192.0.2.1"});
  for (const Granularity granularity : kAll) {
    const auto dns = memory(granularity);
    dns->set(address);
    const auto provider = providers::memory_provider(dns);
    const auto live = provider->read(provider->find(kApex).front());
    const Error error = error_of([&] { provider->apply(live, {{change_of({}, alias)}, false}); });
    CHECK(error.kind() == ErrorKind::conflict);
    CHECK(error.effect() == Effect::none);
    CHECK(error.key() == "www.example.com/CNAME");
  }
}

TEST_CASE("owners and metadata are shown, and what was promised to be one write is") {
  const auto dns = memory(Granularity::rrset);
  dns->set(kOldMx, "Email Routing", {{"proxied", "true"}});
  const auto provider = providers::memory_provider(dns);
  const auto live = provider->read(provider->find(kApex).front());
  CHECK(live.find(kOldMx.key())->foreign() == "Email Routing");
  CHECK(live.find(kOldMx.key())->meta() == plan::Meta{{"proxied", "true"}});
  const provider::Step step{{change_of(kOldMx, kNewMx), change_of({}, kText)}, true};
  CHECK(error_of([&] { provider->apply(live, step); }).kind() == ErrorKind::unsupported);
  CHECK(dns->writes() == 0);
}

TEST_CASE("every provider made from the row shares one zone") {
  const auto dns = memory(Granularity::record);
  const provider::ProviderInfo info = providers::memory_info(dns);
  base::FixedClock clock{base::Instant{}};
  Offline offline(clock);
  const auto one = info.make({}, {clock, offline.client});
  const auto other = info.make({}, {clock, offline.client});
  one->apply(one->read(one->find(kApex).front()), {{change_of({}, kText)}, false});
  CHECK(other->read(other->find(kApex).front()).find(kText.key()) != nullptr);
}
