// Flattening: the same addresses with fewer lookups, or a reason why not.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "mail/spf_flatten.hpp"
#include "mail/zone_resolver.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;

namespace {

const dns::Name kName = dns::Name::of("example.com");

struct Spf {
  std::string domain;
  std::string text;
  std::uint32_t ttl = 7200;
};

dns::Zone world(const std::vector<Spf>& records) {
  dns::Zone zone;
  for (const Spf& one : records) {
    zone.add(dns::Name::of(one.domain), dns::Type::TXT, one.ttl, dns::Txt{one.text});
  }
  zone.add(dns::Name::of("mx.example.net"), dns::Type::A, 7200, dns::A{{192, 0, 2, 99}});
  return zone;
}

std::vector<Spf> services(const std::string& own) {
  return {{"example.com", own},
          {"a.example.net", "v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ip6:2001:db8::/32 -all"},
          {"b.example.net", "v=spf1 include:b1.example.net include:b2.example.net ~all"},
          {"b1.example.net", "v=spf1 ip4:198.51.100.0/25 -all"},
          {"b2.example.net", "v=spf1 -ip4:198.51.100.129 ip4:198.51.100.128/25 ?all"},
          {"quick.example.net", "v=spf1 ip4:203.0.113.1 -all", 300},
          {"host.example.net", "v=spf1 a:mx.example.net -all"},
          {"ptr.example.net", "v=spf1 ptr -all"},
          {"macro.example.net", "v=spf1 exists:%{i}.example.net -all"},
          {"broken.example.net", "v=spf1 ip4:1.2.3"}};
}

base::Parsed<mail::SpfFlattening> flattened(const std::string& own,
                                            const mail::SpfFlattenWish& wish = {}) {
  const dns::Zone zone = world(services(own));
  mail::ZoneResolver resolver(zone);
  return mail::flatten_spf(kName, resolver, wish);
}

}  // namespace

TEST_CASE("includes become blocks in their place") {
  struct Row {
    std::string own, flat;
    unsigned before, after;
  };
  const auto row = GENERATE(values<Row>({
      {"v=spf1 include:a.example.net ~all", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all", 1, 0},
      {"v=spf1 mx include:b1.example.net a -all", "v=spf1 mx ip4:198.51.100.0/25 a -all", 3, 2},
      {"v=spf1 ~include:b1.example.net -all", "v=spf1 ~ip4:198.51.100.0/25 -all", 1, 0},
      {"v=spf1 -ip4:192.0.2.1 include:a.example.net",
       "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 ip6:2001:db8::/32", 1, 0},
      {"v=spf1 ip4:192.0.0.0/16 include:a.example.net ~include:a.example.net -all",
       "v=spf1 ip4:192.0.0.0/16 ip6:2001:db8::/32 -all", 2, 0},
      {"v=spf1 include:b1.example.net include:b.example.net -all",
       "v=spf1 ip4:198.51.100.0/25 ip4:198.51.100.128 ip4:198.51.100.130/31 "
       "ip4:198.51.100.132/30 ip4:198.51.100.136/29 ip4:198.51.100.144/28 ip4:198.51.100.160/27 "
       "ip4:198.51.100.192/26 -all",
       4, 0},
  }));
  INFO(row.own);
  const auto flat = flattened(row.own);
  REQUIRE(flat.ok());
  CHECK(flat->records.front().text == row.flat);
  CHECK(flat->lookups_before == row.before);
  CHECK(flat->lookups_after == row.after);
}

TEST_CASE("what is volatile or no set stays, with the reason") {
  struct Row {
    std::string include, reason;
    bool is_volatile;
  };
  const auto row = GENERATE(values<Row>({
      {"quick.example.net", "TTL of quick.example.net is 300 seconds", true},
      {"host.example.net", "host mx.example.net", true},
      {"ptr.example.net", "ptr of ptr.example.net asks for the name of the client", false},
      {"macro.example.net", "exists:%{i}.example.net of macro.example.net depends on", false},
      {"broken.example.net", "cannot be read", false},
      {"gone.example.net", "has no SPF record", false},
      {"%{o}.example.net", "macros", false},
  }));
  INFO(row.include);
  const std::string own = "v=spf1 include:" + row.include + " -all";
  const auto kept = flattened(own);
  REQUIRE(kept.ok());
  CHECK(kept->records.front().text == own);
  REQUIRE(kept->kept.size() == 1);
  CHECK_THAT(kept->kept.front().reason, tests::has_text(row.reason));
  CHECK(kept->kept.front().is_volatile == row.is_volatile);

  const auto asked = flattened(own, {{row.include}});
  REQUIRE_FALSE(asked.ok());
  CHECK_THAT(asked.fault().message, tests::has_text(row.reason));
  const auto forced = flattened(own, {{row.include}, mail::SpfVolatile::taken});
  CHECK(forced.ok() == row.is_volatile);
}

TEST_CASE("only the includes asked for are replaced, and all of those must be there") {
  const std::string own = "v=spf1 include:a.example.net include:b1.example.net -all";
  const auto one = flattened(own, {{"B1.example.net"}});
  REQUIRE(one.ok());
  CHECK(one->records.front().text == "v=spf1 include:a.example.net ip4:198.51.100.0/25 -all");
  const auto term = flattened(own, {{"include:b1.example.net"}});
  REQUIRE(term.ok());
  CHECK(term->replaced.size() == 1);
  const auto none = flattened(own, {{"x.example.net"}});
  REQUIRE_FALSE(none.ok());
  CHECK_THAT(none.fault().message, tests::has_text("does not include x.example.net"));
}

TEST_CASE("what was not looked up is never flattened away") {
  dns::Zone zone(kName);
  zone.add(kName, dns::Type::TXT, 7200, dns::Txt{"v=spf1 include:far.example.net -all"});
  mail::ZoneResolver resolver(zone);
  const auto flat = mail::flatten_spf(kName, resolver, {});
  REQUIRE(flat.ok());
  CHECK(flat->replaced.empty());
  REQUIRE(flat->kept.size() == 1);
  CHECK_THAT(flat->kept.front().reason, tests::has_text("was not looked up"));
}

TEST_CASE("records that are too long are split over names of their own") {
  std::string many = "v=spf1";
  for (int i = 0; i < 60; ++i) many += " ip4:10." + std::to_string(i) + ".7.0/24";
  auto records = services("v=spf1 a:mx.example.net include:many.example.net ~all");
  records.push_back({"many.example.net", many + " -all"});
  records.push_back({"_spf1.example.com", "v=spf1 ip4:192.0.2.1 -all"});
  records.push_back({"example.com", std::string(100, 'x')});
  const dns::Zone zone = world(records);
  mail::ZoneResolver resolver(zone);
  const auto flat = mail::flatten_spf(kName, resolver, {});
  REQUIRE(flat.ok());
  REQUIRE(flat->records.size() > 2);
  CHECK(flat->records.front().text ==
        "v=spf1 a:mx.example.net include:_spf2.example.com include:_spf3.example.com "
        "include:_spf4.example.com ~all");
  for (const auto& record : flat->records) CHECK(record.text.size() <= mail::kSpfMostOctets);
  CHECK(flat->answer_octets <= mail::kDnsUdpOctets);
  CHECK(flat->lookups_after == 4);
}

TEST_CASE("a result that is over ten lookups is refused") {
  std::string many = "v=spf1";
  for (int i = 0; i < 250; ++i) many += " ip6:2001:db8:" + std::to_string(i) + ":17:0:0:1:0/112";
  auto records = services("v=spf1 include:many.example.net ~all");
  records.push_back({"many.example.net", many});
  const dns::Zone zone = world(records);
  mail::ZoneResolver resolver(zone);
  const auto flat = mail::flatten_spf(kName, resolver, {});
  REQUIRE_FALSE(flat.ok());
  CHECK_THAT(flat.fault().message, tests::has_text("more than the 10"));
}

TEST_CASE("flattening changes no address's result") {
  tests::property("the same sets before and after", [] {
    const auto term = rc::gen::element<std::string>(
        "include:a.example.net", "include:b.example.net", "include:b1.example.net",
        "include:b2.example.net", "include:quick.example.net", "include:host.example.net",
        "ip4:192.0.2.0/26", "ip6:2001:db8::/64", "a:mx.example.net", "include:ptr.example.net");
    std::string own = "v=spf1";
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      own += " " + *rc::gen::element<std::string>("", "-", "~", "?", "") + *term;
    }
    own += *rc::gen::element<std::string>("", " -all", " ~all", " redirect=a.example.net");
    auto records = services(own);
    const dns::Zone zone = world(records);
    mail::ZoneResolver resolver(zone);
    mail::SpfFlattenWish wish;
    wish.volatiles = *rc::gen::element(mail::SpfVolatile::refused, mail::SpfVolatile::taken);
    const auto flat = mail::flatten_spf(kName, resolver, wish);
    RC_ASSERT(flat.ok());
    records.front().text = flat->records.front().text;
    for (std::size_t i = 1; i < flat->records.size(); ++i) {
      records.push_back({flat->records[i].name.text(), flat->records[i].text});
    }
    const dns::Zone changed = world(records);
    mail::ZoneResolver after(changed);
    for (const auto* ip :
         {"192.0.2.1", "192.0.2.99", "192.0.2.200", "198.51.100.1", "198.51.100.129",
          "198.51.100.130", "203.0.113.1", "2001:db8::1", "2001:db8:1::1", "10.0.0.1"}) {
      const auto request = mail::spf_request(*mail::Ip::parse(ip), "", "example.com");
      const auto was = mail::check_spf(request, resolver);
      // Flattening may lift a record under the limits.
      if (was.result == mail::SpfResult::permerror) continue;
      RC_ASSERT(mail::check_spf(request, after).result == was.result);
    }
  });
}

TEST_CASE("drift tells the addresses gained and lost since") {
  const auto flat = flattened("v=spf1 include:a.example.net -all");
  REQUIRE(flat.ok());
  const mail::SpfReplaced& replaced = flat->replaced.front();
  auto records = services("v=spf1 -all");
  const auto drift_with = [&](const std::string& text) {
    records[1].text = text;
    const dns::Zone zone = world(records);
    mail::ZoneResolver resolver(zone);
    return mail::spf_drift(replaced, resolver);
  };
  CHECK(drift_with("v=spf1 ip6:2001:db8::/32 ip4:192.0.2.0/24 ?all").none());
  const auto moved = drift_with("v=spf1 ip6:2001:db8::/32 ip4:192.0.2.0/25 ip4:203.0.113.7 -all");
  CHECK(moved.gained.texts() == std::vector<std::string>{"203.0.113.7"});
  CHECK(moved.lost.texts() == std::vector<std::string>{"192.0.2.128/25"});
  const auto gone = drift_with("x");
  CHECK_THAT(gone.problem, tests::has_text("no SPF record"));
  CHECK_FALSE(gone.none());
}
