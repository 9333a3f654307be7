// What a record lets pass as a set of addresses, against check_host() address by address.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "mail/spf_addresses.hpp"
#include "mail/zone_resolver.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using Why = mail::SpfUntold::Why;

namespace {

struct Record {
  std::string name;
  dns::Type type;
  std::string value;
};

dns::Zone zone_of(const std::vector<Record>& records, const dns::Name& apex = {}) {
  dns::Zone zone(apex);
  for (const auto& record : records) {
    zone.add(dns::Name::of(record.name), record.type, 300,
             *dns::parse_rdata(record.type, record.value, {}));
  }
  return zone;
}

void add_spf(dns::Zone& zone, const std::string& domain, const std::string& text) {
  zone.add(dns::Name::of(domain), dns::Type::TXT, 300, dns::Txt{text});
}

dns::Zone hosts() {
  return zone_of({
      {"d0.example", dns::Type::A, "192.0.2.1"},
      {"d0.example", dns::Type::AAAA, "2001:db8::1"},
      {"d0.example", dns::Type::MX, "10 d1.example."},
      {"d1.example", dns::Type::A, "192.0.2.4"},
      {"d1.example", dns::Type::A, "192.0.2.9"},
      {"d1.example", dns::Type::MX, "10 d0.example."},
      {"d1.example", dns::Type::MX, "20 loop.example."},
      {"d2.example", dns::Type::AAAA, "2001:db8::7"},
      {"loop.example", dns::Type::CNAME, "loop.example."},
      {"in-addr.d0.example", dns::Type::A, "192.0.2.6"},
      {"1.2.0.192.list.example", dns::Type::A, "127.0.0.2"},
      {"5.2.0.192.list.example", dns::Type::A, "127.0.0.2"},
  });
}

const std::vector<std::string> kDomains = {"d0.example", "d1.example", "d2.example", "d3.example",
                                           "d4.example"};
const std::vector<std::string> kToldTerms = {"ip4:192.0.2.1",
                                             "ip4:192.0.2.0/30",
                                             "ip4:192.0.2.8/29",
                                             "ip6:2001:db8::/126",
                                             "ip6:2001:db8::7",
                                             "a",
                                             "a:d1.example",
                                             "a:d0.example/31//127",
                                             "mx",
                                             "mx:d0.example",
                                             "mx:d1.example/30//126",
                                             "a:gone.example",
                                             "mx:gone.example",
                                             "exists:d0.example",
                                             "exists:gone.example",
                                             "a:loop.example",
                                             "a:%{v}.%{d}",
                                             "include:%{o}",
                                             "include:d1.example",
                                             "include:d2.example",
                                             "include:d3.example",
                                             "include:d4.example",
                                             "include:gone.example",
                                             "include:loop.example",
                                             "all"};

std::string random_record(const std::vector<std::string>& terms) {
  std::string text = "v=spf1";
  const auto count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    text +=
        " " + *rc::gen::element<std::string>("", "-", "~", "?", "") + *rc::gen::elementOf(terms);
  }
  if (*rc::gen::inRange(0, 4) == 0) text += " redirect=" + *rc::gen::elementOf(kDomains);
  return text;
}

std::vector<mail::Ip> clients() {
  std::vector<mail::Ip> ips;
  for (std::uint64_t low = 0; low < 16; ++low) {
    ips.push_back({mail::IpFamily::v4, {0, 0xc0000200U + low}});
    if (low < 10) ips.push_back({mail::IpFamily::v6, {0x20010db8'00000000, low}});
  }
  ips.push_back(*mail::Ip::parse("203.0.113.7"));
  return ips;
}

mail::SpfEvaluation checked(const mail::Ip& ip, mail::Resolver& resolver) {
  return mail::check_spf(mail::spf_request(ip, "joe@d0.example", "mail.example"), resolver);
}

mail::SpfAddresses addresses_of(const std::string& spf, std::vector<Record> more = {}) {
  dns::Zone zone = hosts();
  for (auto& record : more) add_spf(zone, record.name, record.value);
  add_spf(zone, "z.example", spf);
  mail::ZoneResolver resolver(zone);
  return mail::spf_addresses(dns::Name::of("z.example"), resolver);
}

std::string texts(const mail::IpSet& set) { return base::join(set.texts(), " "); }

}  // namespace

TEST_CASE("the sets of a record hold what check_host gives each address") {
  tests::property("all seven results, address by address", [] {
    dns::Zone zone = hosts();
    for (const auto& domain : kDomains) {
      if (*rc::gen::inRange(0, 8) > 0) add_spf(zone, domain, random_record(kToldTerms));
    }
    mail::ZoneResolver resolver(zone);
    const auto sets = mail::spf_addresses(dns::Name::of("d0.example"), resolver);
    RC_ASSERT(sets.untold.empty());
    RC_ASSERT(sets.uncertain.empty());
    unsigned lookups = 0;
    for (const mail::Ip& ip : clients()) {
      const auto evaluation = checked(ip, resolver);
      RC_ASSERT(sets.of(evaluation.result).contains(ip));
      lookups = std::max(lookups, evaluation.lookups);
    }
    RC_ASSERT(lookups <= sets.lookups);
    mail::IpSet all;
    for (const auto& set : sets.by_result) all.add(set);
    RC_ASSERT(all == mail::IpSet::everything());
  });
}

TEST_CASE("what cannot be told makes no address pass that does not") {
  tests::property("certain results are those of check_host", [] {
    auto terms = kToldTerms;
    terms.insert(terms.end(), {"exists:%{ir}.list.example", "ptr", "a:%{l}.example"});
    dns::Zone zone = hosts();
    for (const auto& domain : kDomains) add_spf(zone, domain, random_record(terms));
    mail::ZoneResolver resolver(zone);
    const auto sets = mail::spf_addresses(dns::Name::of("d0.example"), resolver);
    for (const mail::Ip& ip : clients()) {
      const auto evaluation = checked(ip, resolver);
      // Lookups that find nothing are not counted for terms that cannot be told.
      if (evaluation.result == mail::SpfResult::permerror) continue;
      RC_ASSERT(sets.uncertain.contains(ip) || sets.of(evaluation.result).contains(ip));
      if (evaluation.result == mail::SpfResult::pass) {
        RC_ASSERT(sets.may_pass.contains(ip) || sets.pass().contains(ip));
      }
    }
  });
}

TEST_CASE("limits may be left out to compare records that are over them") {
  tests::property("within the limits it makes no difference", [] {
    dns::Zone zone = hosts();
    for (const auto& domain : kDomains) add_spf(zone, domain, random_record(kToldTerms));
    mail::ZoneResolver resolver(zone);
    const auto with = mail::spf_addresses(dns::Name::of("d0.example"), resolver);
    const auto without =
        mail::spf_addresses(dns::Name::of("d0.example"), resolver, mail::SpfLimits::ignored);
    // Most records are within them.
    if (without.lookups > mail::kSpfMostLookups ||
        without.void_lookups > mail::kSpfMostVoidLookups) {
      return;
    }
    RC_ASSERT(with.by_result == without.by_result);
    RC_ASSERT(with.lookups == without.lookups);
  });
}

TEST_CASE("sets of a record, by example") {
  struct Row {
    std::string spf, pass, fail, softfail, neutral, permerror;
    unsigned lookups;
  };
  const std::string v4 = "0.0.0.0/0 ::/0";
  const auto row = GENERATE_COPY(values<Row>({
      {"v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -ip4:0.0.0.0/0 ~ip6:::/0", "192.0.2.0/24",
       "0.0.0.0/1 128.0.0.0/2 192.0.0.0/23 192.0.3.0/24 192.0.4.0/22 192.0.8.0/21 192.0.16.0/20 "
       "192.0.32.0/19 192.0.64.0/18 192.0.128.0/17 192.1.0.0/16 192.2.0.0/15 192.4.0.0/14 "
       "192.8.0.0/13 192.16.0.0/12 192.32.0.0/11 192.64.0.0/10 192.128.0.0/9 193.0.0.0/8 "
       "194.0.0.0/7 196.0.0.0/6 200.0.0.0/5 208.0.0.0/4 224.0.0.0/3",
       "::/0", "", "", 0},
      {"v=spf1", "", "", "", v4, "", 0},
      {"v=spf1 a:d1.example/31 ?all", "192.0.2.4/31 192.0.2.8/31", "", "", "", "", 1},
      {"v=spf1 include:gone.example", "", "", "", "", v4, 1},
      {"v=spf1 +all", v4, "", "", "", "", 0},
  }));
  INFO(row.spf);
  const auto sets = addresses_of(row.spf);
  CHECK(texts(sets.pass()) == row.pass);
  CHECK(texts(sets.of(mail::SpfResult::fail)) == row.fail);
  CHECK(texts(sets.of(mail::SpfResult::softfail)) == row.softfail);
  CHECK(texts(sets.of(mail::SpfResult::permerror)) == row.permerror);
  if (!row.neutral.empty()) CHECK(texts(sets.of(mail::SpfResult::neutral)) == row.neutral);
  CHECK(sets.lookups == row.lookups);
}

TEST_CASE("an include lets pass what the included record passes, and nothing else") {
  const std::vector<Record> more = {
      {"in.example", {}, "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/30 ~all"}};
  const auto pass = addresses_of("v=spf1 include:in.example -all", more);
  CHECK(texts(pass.pass()) == "192.0.2.0 192.0.2.2/31");
  const auto fail = addresses_of("v=spf1 -include:in.example ip4:192.0.2.0/30 -all", more);
  CHECK(texts(fail.pass()) == "192.0.2.1");
}

TEST_CASE("what cannot be told is listed by name") {
  struct Row {
    std::string term;
    Why why;
  };
  const auto row = GENERATE(values<Row>({
      {"ptr", Why::ptr},
      {"exists:%{i}.list.example", Why::macro},
      {"a:%{h}", Why::macro},
      {"include:%{l}.example", Why::macro},
      {"mx:%{p}", Why::macro},
  }));
  const auto sets = addresses_of("v=spf1 ip4:192.0.2.1 " + row.term + " ip4:192.0.2.2 -all");
  REQUIRE(sets.untold.size() == 1);
  CHECK(sets.untold.front() == mail::SpfUntold{"z.example", row.term, row.why});
  CHECK(texts(sets.pass()) == "192.0.2.1 192.0.2.2");
  CHECK(sets.may_pass == sets.uncertain);
  CHECK(sets.of(mail::SpfResult::fail).empty());
}

TEST_CASE("what nobody looked up is listed, and passes nobody for certain") {
  dns::Zone zone(dns::Name::of("z.example"));
  add_spf(zone, "z.example", "v=spf1 ip4:192.0.2.1 include:far.example mx -all");
  zone.add(dns::Name::of("z.example"), dns::Type::MX, 300,
           dns::Mx{10, dns::Name::of("m.far.example")});
  mail::ZoneResolver resolver(zone);
  const auto sets = mail::spf_addresses(dns::Name::of("z.example"), resolver);
  CHECK(texts(sets.pass()) == "192.0.2.1");
  CHECK(sets.may_pass == sets.uncertain);
  REQUIRE(sets.untold.size() == 2);
  CHECK(sets.untold[0] == mail::SpfUntold{"far.example", "", Why::not_checked, "far.example"});
  CHECK(sets.untold[1] == mail::SpfUntold{"z.example", "mx", Why::not_checked, "m.far.example"});
}

TEST_CASE("records without end come to an end") {
  dns::Zone zone;
  add_spf(zone, "*.deep.example", "v=spf1 include:a.%{d} -all");
  add_spf(zone, "round.example", "v=spf1 include:round.example -all");
  std::string wide = "v=spf1";
  for (int i = 0; i < 20; ++i)
    wide += " -ip4:192.0.2." + std::to_string(i) + " include:wide.example";
  add_spf(zone, "wide.example", wide);
  mail::ZoneResolver resolver(zone);
  for (const auto* domain : {"x.deep.example", "round.example", "wide.example"}) {
    for (const auto limits : {mail::SpfLimits::honoured, mail::SpfLimits::ignored}) {
      const auto sets = mail::spf_addresses(dns::Name::of(domain), resolver, limits);
      INFO(domain);
      CHECK(sets.pass().empty());
    }
  }
}
