// Rules about DNS itself and about zones without mail, beyond their own examples.
#include <string>

#include "example_zone.hpp"
#include "mail/rules/dns_rows.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

JudgedExample judged(const std::string& example) {
  static const mail::Catalogue kNoServices;
  return judge_example(read_example(example), kNoServices);
}

std::size_t count_of(const JudgedExample& example, const std::string& rule) {
  std::size_t count = 0;
  for (const auto& finding : example.judgement.findings) count += finding.rule->id == rule ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("only what servers keep on the parent's side stands at a delegation") {
  const std::string cut = "sub NS ns1.sub\n";
  const std::string ds = "sub DS 1 13 2 " + std::string(64, 'a');
  CHECK(judged(cut + "ns1.sub A 192.0.2.1\nns1.sub AAAA 2001:db8::1\nsub A 192.0.2.1\n" + ds)
            .find("dns-below-delegation") == nullptr);
  CHECK(count_of(judged(cut + "sub MX 10 mx1\nsub TXT \"x\"\na.b.sub TXT \"x\""),
                 "dns-below-delegation") == 3);
  // The zone's own NS delegate nothing.
  CHECK(judged("@ NS ns1\nns1 A 192.0.2.1\nwww TXT \"x\"").find("dns-below-delegation") == nullptr);
}

TEST_CASE("a wildcard MX names a few of the hosts that it does not hold for") {
  std::string text = "* MX 10 mx1\nmx1 A 192.0.2.1\nquiet TXT \"x\"\n";
  for (int i = 0; i < 5; ++i) {
    const std::string host = "h" + std::to_string(i);
    text.append(host).append(" A 192.0.2.2\n").append(host).append(" AAAA 2001:db8::2\n");
  }
  const auto example = judged(text);
  const auto* finding = example.find("dns-wildcard-shadow");
  REQUIRE(finding != nullptr);
  CHECK(finding->message.find("and 2 more") != std::string::npos);
  CHECK(finding->message.find("mx1") == std::string::npos);
  CHECK(finding->subject.key.text() == "*.example.com/MX");
}

TEST_CASE("aliases that are wrong in several ways") {
  const auto loop = judged("a CNAME b\nb CNAME c\nc CNAME b");
  CHECK(count_of(loop, "dns-cname-loop") == 2);  // b and c; a only leads there.
  CHECK(judged("a CNAME b.example.net.\nb.example.net. CNAME a").find("dns-cname-loop") == nullptr);
  CHECK(
      judged("a CNAME b\na RRSIG CNAME 13 3 300 20300101000000 20200101000000 1 example.com. AAAA")
          .find("dns-cname-other") == nullptr);
  const auto both = judged("a CNAME b\na MX 10 mx1\na A 192.0.2.1");
  CHECK(both.find("mx-at-cname") != nullptr);
  REQUIRE(both.find("dns-cname-other") != nullptr);
  CHECK(both.find("dns-cname-other")->message == "stands beside A");
}

TEST_CASE("scripts that look alike") {
  CHECK(mail::mixed_scripts("paypal").empty());
  CHECK(mail::mixed_scripts("b\u00fccher").empty());
  CHECK(mail::mixed_scripts("p\u0430ypal") == "Latin and Cyrillic");
  CHECK(mail::mixed_scripts("\u03bf\u043e") == "Greek and Cyrillic");
  CHECK(mail::mixed_scripts("\u043f\u043e\u0447\u0442\u0430").empty());
  CHECK(mail::mixed_scripts("sony\u30bd\u30cb\u30fc").empty());
  CHECK(mail::mixed_scripts("\xf0").empty());
}

TEST_CASE("names without their underscore are told once") {
  // These say what they are, and txt-wrong-place tells them.
  CHECK(judged("s1.domainkey TXT \"v=DKIM1; p=AAAA\"").find("dns-underscore-missing") == nullptr);
  CHECK(judged("s1.domainkey TXT \"k=rsa; p=AAAA\"").find("dns-underscore-missing") != nullptr);
  CHECK(judged("dmarc CNAME d.example.net.").find("dns-underscore-missing") != nullptr);
  CHECK(judged("_smtp.tls CNAME d.example.net.").find("dns-underscore-missing") != nullptr);
  CHECK(judged("_smtp._tls CNAME d.example.net.").find("dns-underscore-missing") == nullptr);
  CHECK(judged("domainkey CNAME d.example.net.").find("dns-underscore-missing") == nullptr);
  CHECK(judged("dmarc A 192.0.2.1").find("dns-underscore-missing") == nullptr);
}

TEST_CASE("CAA records that authorities read in a way nobody meant") {
  struct Row {
    std::string value;
    bool told;
  };
  const auto row = GENERATE(values<Row>({
      {"0 issue \"ca.example.net\"", false},
      {"0 issue \"ca.example.net; account=230123\"", false},
      {"0 issue \";\"", false},
      {"128 issue \"ca.example.net\"", false},
      {"0 iodef \"mailto:security@example.com\"", false},
      {"0 iodef \"https://example.com/caa\"", false},
      {"0 issuemail \"ca.example.net\"", false},
      {"0 issue \"https://ca.example.net\"", true},
      {"0 issue \"ca.example.net account\"", true},
      {"0 issue \"ca.example.net; account\"", true},
      {"0 iodef \"security@example.com\"", true},
      {"0 isue \"ca.example.net\"", true},
      {"1 issue \"ca.example.net\"", true},
  }));
  INFO(row.value);
  CHECK((judged("@ CAA " + row.value).find("caa-syntax") != nullptr) == row.told);
  // An unknown tag is harmless unless it is marked critical.
  CHECK(judged("@ CAA 0 x \"y\"").find("caa-syntax")->severity == base::Severity::warning);
  CHECK(judged("@ CAA 128 x \"y\"").find("caa-syntax")->severity == base::Severity::error);
}

TEST_CASE("the CAA set that holds is the nearest one above") {
  const std::string host = "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 192.0.2.1\n";
  CHECK(judged(host + "@ CAA 0 issue \";\"").find("caa-mail-host") != nullptr);
  CHECK(judged(host + "@ CAA 0 issue \";\"\nmta-sts CAA 0 issue \"ca.example.net\"")
            .find("caa-mail-host") == nullptr);
  CHECK(judged(host + "@ CAA 0 iodef \"mailto:a@example.com\"").find("caa-mail-host") == nullptr);
  // A spec that says nothing of CAA leaves open what holds.
  const mail::Catalogue none;
  const auto part =
      judge_example(read_example(host), none, World::unknown, mail::Coverage::declared);
  CHECK(part.find("caa-mail-host") == nullptr);
  CHECK(part.find_not_checked("caa-mail-host") != nullptr);
}

TEST_CASE("BIMI asks for DMARC of the domain and of its organization") {
  const std::string record = "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg\"\n";
  const auto weak = [&](const std::string& policy) {
    return judged(record + "_dmarc TXT \"v=DMARC1; " + policy + "\"").find("bimi-dmarc") != nullptr;
  };
  CHECK_FALSE(weak("p=quarantine"));
  CHECK(weak("p=reject; sp=none"));
  CHECK(weak("p=quarantine; pct=50"));
  CHECK(weak("p=quarantine; t=y"));
  CHECK_FALSE(weak("p=reject; t=y"));
  CHECK(judged(record).find("bimi-dmarc") != nullptr);
  const std::string sub =
      "default._bimi.news TXT \"v=BIMI1; l=https://example.com/l.svg\"\n"
      "_dmarc.news TXT \"v=DMARC1; p=reject\"\n";
  CHECK(judged(sub + "_dmarc TXT \"v=DMARC1; p=none\"").find("bimi-dmarc") != nullptr);
  CHECK(judged(sub + "_dmarc TXT \"v=DMARC1; p=reject\"").find("bimi-dmarc") == nullptr);
}

TEST_CASE("a zone without mail is left with no mail records") {
  const std::string parked =
      ";no-mail\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n";
  CHECK(judged(parked).find("parked-complete") == nullptr);
  CHECK(judged(parked).find("parked-but-mail") == nullptr);
  CHECK(count_of(judged(";no-mail"), "parked-complete") == 3);
  CHECK(count_of(judged(parked + "news MX 10 mx1\n_mta-sts TXT \"v=STSv1; id=1\"\n"
                                 "_imaps._tcp SRV 0 0 0 ."),
                 "parked-but-mail") == 2);
}

TEST_CASE("SRV sets at names that mail programs do not ask for") {
  for (const std::string owner : {"_imaps.tcp", "imaps._tcp", "_imaps._tls", "_submission._udp"}) {
    INFO(owner);
    CHECK(judged(owner + " SRV 0 1 993 mail\nmail A 192.0.2.1").find("srv-name") != nullptr);
  }
  for (const std::string owner :
       {"_imaps._tcp", "_sip._tls", "_xmpp-client._tcp", "_caldavs._tcp"}) {
    INFO(owner);
    CHECK(judged(owner + " SRV 0 1 993 mail\nmail A 192.0.2.1").find("srv-name") == nullptr);
  }
}
