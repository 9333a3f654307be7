#include "plan/desired.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/plan_builders.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using plan::OwnedClass;

TEST_CASE("classes have names, and names classes") {
  for (const auto owned :
       {OwnedClass::whole, OwnedClass::spf, OwnedClass::dmarc, OwnedClass::mta_sts,
        OwnedClass::tls_rpt, OwnedClass::bimi, OwnedClass::value}) {
    CHECK(plan::parse_class(plan::class_name(owned)) == owned);
  }
  CHECK_FALSE(plan::parse_class("SPF").has_value());
}

TEST_CASE("what a TXT value is at its name") {
  struct Row {
    const char* name;
    const char* octets;
    OwnedClass owned;
  };
  const Row rows[] = {
      {"@", "v=spf1 -all", OwnedClass::spf},
      {"sub", "V=SPF1", OwnedClass::spf},
      {"@", "v=spf10 -all", OwnedClass::value},
      {"_dmarc", "v=DMARC1; p=none", OwnedClass::dmarc},
      {"_dmarc.sub", "v=DMARC1; p=none", OwnedClass::dmarc},
      {"@", "v=DMARC1; p=none", OwnedClass::value},
      {"x._report._dmarc", "v=DMARC1", OwnedClass::value},
      {"_mta-sts", "v=STSv1; id=1", OwnedClass::mta_sts},
      {"_smtp._tls", "v=TLSRPTv1; rua=mailto:a@b.example", OwnedClass::tls_rpt},
      {"_tls", "v=TLSRPTv1; rua=mailto:a@b.example", OwnedClass::value},
      {"default._bimi", "v=BIMI1; l=", OwnedClass::bimi},
      {"s1._domainkey", "v=DKIM1; p=QQ==", OwnedClass::value},
      {"@", "", OwnedClass::value},
  };
  for (const auto& row : rows) {
    INFO(row.name << " " << row.octets);
    CHECK(plan::classify_txt(under(row.name), row.octets) == row.owned);
  }
}

TEST_CASE("units in words") {
  CHECK(mx({}).unit.text() == "example.com/MX");
  CHECK(spf("v=spf1 -all").unit.text() == "example.com/TXT v=spf1");
  CHECK(token("a\x1b").unit.text() == "example.com/TXT \"a\\027\"");
}

TEST_CASE("patterns") {
  struct Row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  const Row rows[] = {
      {"@", "@", true},
      {"@", "www", false},
      {"*", "@", false},
      {"*", "www", true},
      {"*", "a.b", false},
      {"**", "@", true},
      {"**", "a.b", true},
      {"_acme-challenge.**", "_acme-challenge", true},
      {"_acme-challenge.**", "_acme-challenge.www", true},
      {"**._domainkey", "s1._domainkey", true},
      {"*._domainkey", "s1._domainkey", true},
      {"*._domainkey", "_domainkey", false},
      {"old-*", "old-mail", true},
      {"old-*", "mail", false},
  };
  for (const auto& row : rows) {
    INFO(row.pattern << " " << row.name);
    CHECK(pattern(row.pattern).matches(example_com(), {under(row.name), dns::Type::A}) ==
          row.matches);
  }
  const dns::Key apex_txt{example_com(), dns::Type::TXT};
  CHECK_FALSE(pattern("@", dns::Type::MX).matches(example_com(), apex_txt));
  const auto ms = pattern("@", dns::Type::TXT, "MS=*");
  CHECK(ms.matches(example_com(), apex_txt, dns::Txt{"MS=ms1"}));
  CHECK_FALSE(ms.matches(example_com(), apex_txt, dns::Txt{"xMS=ms1"}));
  const auto host = pattern("@", std::nullopt, "* mx?.example.");
  CHECK_FALSE(host.matches(example_com(), {example_com(), dns::Type::MX},
                           rdata(dns::Type::MX, "10 mx1.example.")));
  CHECK(pattern("@", std::nullopt, "*mx*.example.")
            .matches(example_com(), {example_com(), dns::Type::MX},
                     rdata(dns::Type::MX, "10 mx1.example.")));
  CHECK(pattern("*").is_glob());
  CHECK_FALSE(pattern("@").is_glob());
}

TEST_CASE("a spec that stands alone") {
  auto desired = desired_of({mx({"0 in.example."}), token("t"), merged_spf({"ip4:192.0.2.1"}),
                             with_ttl(dmarc("v=DMARC1; p=none"), 60),
                             ttl_only(whole("www", dns::Type::A, {}), 30)});
  const auto live = plan::live_from(desired);
  CHECK(zone_from(live) == zone_of({"@ 3600 MX 0 in.example.", "@ 3600 TXT \"t\"",
                                    "@ 3600 TXT \"v=spf1 ip4:192.0.2.1 ~all\"",
                                    "_dmarc 60 TXT \"v=DMARC1; p=none\""}));
  const auto manifest = plan::manifest_of(desired);
  CHECK(manifest.items.size() == 4);
  CHECK(manifest.spec_digest == "digest-of-the-spec");
  const auto* item = manifest.find(spf("").unit);
  REQUIRE(item != nullptr);
  CHECK(item->spf_terms == std::vector<std::string>{"+ip4:192.0.2.1"});
  CHECK(manifest.find(token("u").unit) == nullptr);
}

TEST_CASE("of several TTLs in one set the block's own goes first, then the lower") {
  const auto ttl_of = [](std::vector<plan::DesiredUnit> units) {
    return plan::live_from(desired_of(std::move(units))).sets().front().set.ttl;
  };
  CHECK(ttl_of({with_ttl(token("a"), 60), with_ttl(token("b"), 30)}) == 30);
  CHECK(ttl_of({with_ttl(token("a"), 60, true), with_ttl(token("b"), 30)}) == 60);
  CHECK(ttl_of({with_ttl(token("a"), 30), with_ttl(token("b"), 60, true)}) == 60);
}
