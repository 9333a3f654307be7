// Rules about MX hosts, TLSA and MTA-STS beyond their own examples: what is not known, what is
// nearly right.
#include <algorithm>
#include <string>
#include <vector>

#include "example_zone.hpp"
#include "mail/rules/special_address.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

JudgedExample judged(const std::string& example, World world = World::answers) {
  static const mail::Catalogue kNoServices;
  return judge_example(read_example(example), kNoServices, world);
}

/// Ids of findings that begin so, in order.
std::string rules_of(const JudgedExample& example, const std::string& prefix) {
  std::vector<std::string> ids;
  for (const auto& finding : example.judgement.findings) {
    if (finding.rule->id.rfind(prefix, 0) == 0) ids.emplace_back(finding.rule->id);
  }
  std::sort(ids.begin(), ids.end());
  std::string text;
  for (const auto& id : ids) text.append(text.empty() ? "" : " ").append(id);
  return text;
}

}  // namespace

TEST_CASE("hosts that nobody looked up are not checked, and not found wrong") {
  const auto example = judged("@ MX 10 mx1.example.net.\n@ MX 20 mx2.example.net.", World::unknown);
  CHECK(rules_of(example, "mx-").empty());
  for (const char* rule : {"mx-target-missing", "mx-target-cname", "mx-target-takeover",
                           "mx-private-ip", "mx-ipv6", "dane-some-mx"}) {
    INFO(rule);
    const auto* open = example.find_not_checked(rule);
    REQUIRE(open != nullptr);
    CHECK(open->subject.key.text() == "example.com/MX");
    CHECK(open->reason.find("mx1.example.net, mx2.example.net") != std::string::npos);
  }
}

TEST_CASE("MX hosts are judged by what DNS says of them") {
  struct Row {
    std::string name, records, rules;
  };
  const auto row = GENERATE(values<Row>({
      {"one in another domain that exists", "@ MX 10 mx.other.net.\nwww.other.net. A 192.0.2.1",
       "mx-single mx-target-missing"},
      {"a domain that is free", "@ MX 10 mx.free.co.uk.\nwww.other.co.uk. A 192.0.2.1",
       "mx-single mx-target-takeover"},
      {"a name without addresses", "@ MX 10 mx1\nmx1 TXT \"x\"", "mx-single mx-target-missing"},
      {"an alias to nowhere", "@ MX 10 mx1\nmx1 CNAME mx.other.net.\nwww.other.net. A 192.0.2.1",
       "mx-single mx-target-cname mx-target-missing"},
      {"a final dot left out of the own name", "@ MX 10 mx1.example.com\nmx1 A 192.0.2.1",
       "mx-single mx-target-unqualified"},
      {"a host of two labels that is missing", "@ MX 10 mx1.mail", "mx-single mx-target-missing"},
      {"some addresses are private", "@ MX 10 mx1\nmx1 A 10.1.2.3\nmx1 AAAA 2001:db8::1",
       "mx-single"},
      {"all addresses are private", "@ MX 10 mx1\nmx1 A 10.1.2.3\nmx1 AAAA fd00::1",
       "mx-private-ip mx-single"},
      {"two names for one machine",
       "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.1\nmx2 AAAA 2001:db8::1\n"
       "mx1 AAAA 2001:db8::1",
       "mx-duplicate"},
      {"hosts that have one address in common",
       "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.1\nmx2 AAAA 2001:db8::1", ""},
      {"an address is looked up as nothing", "@ MX 10 192.0.2.1.", "mx-single mx-target-ip"},
      {"a subdomain of its own", "@ MX 10 mx1\nmx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1\nsub MX 10 x",
       "mx-single mx-single mx-target-missing"},
  }));
  INFO(row.name << "\n" << row.records);
  CHECK(rules_of(judged(row.records), "mx-") == row.rules);
}

TEST_CASE("reverse names are asked of the zone's own hosts only") {
  const std::string own = "@ MX 10 mx1\nmx1 A 192.0.2.1\n";
  CHECK(judged(own).find("ptr-fcrdns") != nullptr);
  CHECK(judged(own + "1.2.0.192.in-addr.arpa. PTR mx1.example.com.").find("ptr-fcrdns") == nullptr);
  const auto other = judged(own +
                            "1.2.0.192.in-addr.arpa. PTR host.example.net.\n"
                            "host.example.net. A 192.0.2.9");
  REQUIRE(other.find("ptr-fcrdns") != nullptr);
  CHECK(other.find("ptr-fcrdns")->subject.octets == "10 mx1.example.com.");
  CHECK(judged("@ MX 10 mx.example.net.\nmx.example.net. A 192.0.2.1").find("ptr-fcrdns") ==
        nullptr);
  const auto unknown = judged(own, World::unknown);
  CHECK(unknown.find("ptr-fcrdns") == nullptr);
  CHECK(unknown.find_not_checked("ptr-fcrdns") != nullptr);
}

TEST_CASE("addresses that the Internet does not reach") {
  struct Row {
    std::string address;
    bool special;
  };
  const auto row = GENERATE(values<Row>({
      {"9.255.255.255", false},
      {"10.0.0.0", true},
      {"10.255.255.255", true},
      {"11.0.0.0", false},
      {"100.63.255.255", false},
      {"100.64.0.0", true},
      {"100.127.255.255", true},
      {"127.0.0.1", true},
      {"169.254.1.1", true},
      {"172.15.255.255", false},
      {"172.16.0.0", true},
      {"172.31.255.255", true},
      {"172.32.0.0", false},
      {"192.168.0.1", true},
      {"192.0.2.1", false},
      {"198.51.100.7", false},
      {"203.0.113.9", false},
      {"224.0.0.1", true},
      {"255.255.255.255", true},
      {"8.8.8.8", false},
      {"::1", true},
      {"::", true},
      {"fc00::1", true},
      {"fdff::1", true},
      {"fe80::1", true},
      {"ff02::1", true},
      {"2001:db8::1", false},
      {"2606:4700::1", false},
      {"::ffff:10.0.0.1", true},
  }));
  INFO(row.address);
  const auto ip = mail::Ip::parse(row.address);
  REQUIRE(ip);
  CHECK(mail::special_use_of(*ip).empty() != row.special);
}

TEST_CASE("a null MX is held against what the domain says of sending") {
  CHECK(rules_of(judged("@ MX 0 .\n@ TXT \"v=spf1 -all\""), "mx-null-") == "");
  CHECK(rules_of(judged("@ MX 0 .\n@ TXT \"v=spf1 ~all\""), "mx-null-") == "mx-null-no-spf");
  CHECK(rules_of(judged("@ MX 0 .\n@ TXT \"v=spf1 redirect=_spf.example.net\""), "mx-null-") ==
        "mx-null-but-sends");
  const mail::Catalogue none;
  const auto part =
      judge_example(read_example("@ MX 0 ."), none, World::unknown, mail::Coverage::declared);
  CHECK(part.find("mx-null-no-spf") == nullptr);
  CHECK(part.find_not_checked("mx-null-no-spf") != nullptr);
}

TEST_CASE("a DS record is asked of the parent, at either side of a cut") {
  dns::Zone zone(dns::Name::of("example.com"));
  const auto ds = dns::parse_rdata(dns::Type::DS, "1 13 2 " + std::string(64, 'a'), dns::Name());
  REQUIRE(ds.ok());
  zone.add(dns::Name::of("sub.example.com"), dns::Type::NS, 1,
           dns::Ns{dns::Name::of("ns.example.net")});
  zone.add(dns::Name::of("sub.example.com"), dns::Type::DS, 1, *ds);
  zone.add(dns::Name::of("example.com"), dns::Type::DS, 1, *ds);
  mail::ZoneResolver resolver(zone);
  CHECK(resolver.lookup(dns::Name::of("sub.example.com"), dns::Type::DS).status ==
        mail::LookupStatus::found);
  CHECK(resolver.lookup(dns::Name::of("x.sub.example.com"), dns::Type::DS).status ==
        mail::LookupStatus::not_checked);
  CHECK(resolver.lookup(dns::Name::of("example.com"), dns::Type::DS).status ==
        mail::LookupStatus::not_checked);
}

TEST_CASE("TLSA records of a zone whose parent nobody asked are not called unsecured") {
  const std::string tlsa =
      "@ MX 10 mx1\nmx1 A 192.0.2.1\n_25._tcp.mx1 TLSA 3 1 1 " + std::string(64, 'a');
  const auto unknown = judged(tlsa, World::unknown);
  CHECK(unknown.find("dane-no-dnssec") == nullptr);
  CHECK(unknown.find_not_checked("dane-no-dnssec") != nullptr);
}

TEST_CASE("where TLSA records stand") {
  const std::string data = " TLSA 3 1 1 " + std::string(64, 'a');
  const std::string mx = "@ MX 10 mx1\nmx1 A 192.0.2.1\n";
  for (const std::string owner : {"mx1", "_25._udp.mx1", "25._tcp.mx1", "_25._tcp"}) {
    INFO(owner);
    CHECK(judged(mx + owner + data).find("dane-owner") != nullptr);
  }
  for (const std::string owner :
       {"_25._tcp.mx1", "_443._tcp.www", "*._tcp.mx1", "_465._tcp.mail", "_dane", "_tcp.mx1"}) {
    INFO(owner);
    CHECK(judged(mx + owner + data).find("dane-owner") == nullptr);
  }
}

TEST_CASE("a policy that nobody fetched is not judged") {
  const std::string record = "_mta-sts TXT \"v=STSv1; id=1\"\n@ MX 10 mx1\n@ MX 20 mx2";
  const auto unfetched = judged(record);
  for (const char* rule :
       {"sts-mx-cover", "sts-mx-orphan", "sts-wildcard-broad", "sts-max-age-low"}) {
    INFO(rule);
    CHECK(unfetched.find(rule) == nullptr);
    CHECK(unfetched.find_not_checked(rule) != nullptr);
  }
  const auto declared = judged(";mta-sts enforce 604800 mx1.example.com\n" + record);
  REQUIRE(declared.find("sts-mx-cover") != nullptr);
  CHECK(declared.find("sts-mx-cover")->subject.octets == "20 mx2.example.com.");
  CHECK(declared.find_not_checked("sts-mx-cover") == nullptr);
  // A policy of mode none binds nobody.
  CHECK(judged(";mta-sts none 604800\n" + record).find("sts-mx-cover") == nullptr);
}
