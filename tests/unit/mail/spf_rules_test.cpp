// The rules about TXT and SPF beyond their own examples: where findings point, what counts for
// more or less, what is told as not looked up.
#include <algorithm>
#include <string>
#include <vector>

#include "example_zone.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Severity;

namespace {

const mail::Catalogue& no_services() {
  static const mail::Catalogue kNone;
  return kNone;
}

JudgedExample judged(const std::string& text, World world = World::answers,
                     const mail::Catalogue& services = no_services()) {
  return judge_example(read_example(text), services, world);
}

std::size_t count_of(const JudgedExample& example, std::string_view rule) {
  const auto& all = example.judgement.findings;
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const auto& finding) { return finding.rule->id == rule; }));
}

mail::Service sender(const std::string& id, const std::string& term, unsigned lookups) {
  mail::Service service;
  service.id = id;
  service.name = id;
  service.spf = {term};
  service.spf_lookups = lookups;
  return service;
}

}  // namespace

TEST_CASE("SPF rules: each way to break a term has its rule") {
  struct Row {
    std::string term, rule;
  };
  const auto row = GENERATE(values<Row>({
      {"ip:192.0.2.1", "spf-syntax"},
      {"redirect:_spf.example.net", "spf-syntax"},
      {"include", "spf-syntax"},
      {"all:x", "spf-syntax"},
      {"ip4:192.0.2.1,192.0.2.2", "spf-syntax"},
      {"ip4", "spf-ip-syntax"},
      {"ip4:192.0.2", "spf-ip-syntax"},
      {"ip4:192.000.2.1", "spf-ip-syntax"},
      {"ip6:2001:db8:::1", "spf-ip-syntax"},
      {"ip4:2001:db8::1", "spf-ip-family"},
      {"ip6:192.0.2.1/24", "spf-ip-family"},
      {"ip4:192.0.2.1/33", "spf-cidr"},
      {"ip4:192.0.2.1/024", "spf-cidr"},
      {"ip6:2001:db8::/129", "spf-cidr"},
      {"a/33", "spf-cidr"},
      {"mx//129", "spf-cidr"},
      {"a:x.example/", "spf-cidr"},
      {"exists:%{x}.example.com", "spf-macro"},
      {"include:%{d", "spf-macro"},
      {"redirect=%{c}.example.com", "spf-macro"},
      {"a:localhost", "spf-domain-spec"},
      {"include:192.0.2.1", "spf-domain-spec"},
      {"a:x.example,", "spf-domain-spec"},
      {"include:me@example.com", "spf-domain-spec"},
      {"include:a..example", "spf-domain-spec"},
      {"-redirect=x.example", "spf-qualified-modifier"},
      {"ptr/24", "spf-ptr-rdns-type"},
      {"ptr:x.example/24", "spf-ptr-rdns-type"},
      {"ip4:192.0.2.1-all", "txt-split-lost-space"},
      {"include:x.example-all", "txt-split-lost-space"},
      {"mx~all", "txt-split-lost-space"},
      {"ip4:192.0.2.1ip4:192.0.2.2", "txt-split-lost-space"},
      {"include:x.example?include:y.example", "txt-split-lost-space"},
      {"include:x.examplev=spf1", "txt-split-lost-space"},
  }));
  INFO(row.term);
  const std::string before = "v=spf1 ip4:192.0.2.9 ";
  const auto example = judged("@ TXT \"" + before + row.term + " -all\"");
  const auto* finding = example.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == Severity::error);
  // It points into the term.
  CHECK(finding->subject.at.offset >= before.size());
  CHECK(finding->subject.at.offset + finding->subject.at.length <= before.size() + row.term.size());
  CHECK(finding->subject.at.length > 0);
}

TEST_CASE("SPF rules: every term that cannot be read is told, and each once") {
  const auto example = judged("@ TXT \"v=spf1 ip:192.0.2.1 ip4:1.2.3 mxx -all\"");
  CHECK(count_of(example, "spf-syntax") == 2);
  CHECK(count_of(example, "spf-ip-syntax") == 1);
  CHECK(example.find("spf-syntax")->hint == "write ip4:192.0.2.1");
  // What can be read beside them is judged too.
  const auto beside = judged("@ TXT \"v=spf1 ip:192.0.2.1 include=a.example mx:a,mx:b.example\"");
  CHECK(count_of(beside, "spf-syntax") == 1);
  CHECK(beside.find("spf-unknown-modifier") != nullptr);
  REQUIRE(beside.find("spf-domain-spec") != nullptr);
  CHECK_THAT(beside.find("spf-domain-spec")->hint, has_text("separate terms by spaces"));
}

TEST_CASE("SPF rules: terms that only look like two are left alone") {
  const std::string term =
      GENERATE("include:all.example", "include:overall.example", "ip6:2001:db8::a11",
               "a:small-all.example", "exists:%{i}.mx.example", "ra=postmaster", "-all");
  INFO(term);
  const auto example = judged("@ TXT \"v=spf1 " + term + " ~all\"");
  CHECK(example.find("txt-split-lost-space") == nullptr);
  CHECK(example.find("spf-unknown-modifier") == nullptr);
}

TEST_CASE("SPF rules: an include target is no mail domain") {
  const std::string rest = "\n@ TXT \"v=spf1 include:part.example.com -all\"";
  CHECK(judged("part TXT \"v=spf1 ip4:192.0.2.1 ?all\"" + rest).find("spf-neutral-all") == nullptr);
  CHECK(judged("part TXT \"v=spf1 ip4:192.0.2.1\"" + rest).find("spf-no-all") == nullptr);
  CHECK(judged("part TXT \"v=spf1 ip4:192.0.2.1\"").find("spf-no-all") != nullptr);
  CHECK(judged("_part TXT \"v=spf1 ip4:192.0.2.1\"").find("spf-no-all") == nullptr);
  CHECK(judged("part MX 10 mx.example.net.\npart TXT \"v=spf1 ip4:192.0.2.1\"" + rest)
            .find("spf-no-all") != nullptr);
}

TEST_CASE("SPF rules: what a redirect leads to has to end in all") {
  const auto none = judged("@ TXT \"v=spf1 redirect=_spf.example.com\"\n_spf TXT \"v=spf1 mx\"");
  CHECK(none.find("spf-no-all") != nullptr);
  const auto neutral =
      judged("@ TXT \"v=spf1 redirect=_spf.example.com\"\n_spf TXT \"v=spf1 ?all\"");
  CHECK(neutral.find("spf-neutral-all") != nullptr);
  CHECK(neutral.find("spf-no-all") == nullptr);
}

TEST_CASE("SPF rules: lookups are exact where all is known") {
  const std::string record =
      "@ TXT \"v=spf1 a:a.example include:one.example include:two.example -all\"\n";
  const std::string one =
      "one.example. TXT \"v=spf1 a:b.one.example a:c.one.example a:d.one.example "
      "a:e.one.example ~all\"\n";
  const auto nine = judged(record + one +
                           "two.example. TXT \"v=spf1 a:b.two.example "
                           "a:c.two.example ~all\"");
  REQUIRE(nine.find("spf-lookup-headroom") != nullptr);
  CHECK(nine.find("spf-lookup-headroom")->message ==
        "the record costs 9 lookups, of 10 that receivers make: 5 by include:one.example, 3 by "
        "include:two.example, 1 by a:a.example");
  CHECK(nine.find("spf-lookup-limit") == nullptr);
  CHECK(nine.find_not_checked("spf-lookup-limit") == nullptr);
  const auto eleven = judged(record + one +
                             "two.example. TXT \"v=spf1 a:b.two.example "
                             "a:c.two.example a:d.two.example a:e.two.example ~all\"");
  REQUIRE(eleven.find("spf-lookup-limit") != nullptr);
  CHECK(eleven.find("spf-lookup-limit")->severity == Severity::error);
  CHECK(eleven.find("spf-lookup-headroom") == nullptr);
}

TEST_CASE("SPF rules: what was not looked up is said once for each name") {
  const auto example = judged(
      "@ TXT \"v=spf1 include:one.example ?include:one.example a:h.example mx:m.example "
      "exists:e.example -all exp=why.example\"",
      World::unknown);
  std::vector<std::string> lines;
  for (const auto& one : example.judgement.not_checked) {
    if (one.rule->id.substr(0, 4) == "spf-") {
      lines.push_back(std::string(one.rule->id) + ": " + one.reason);
    }
  }
  std::sort(lines.begin(), lines.end());
  CHECK(lines == std::vector<std::string>{
                     "spf-a-no-address: an address of h.example was not looked up",
                     "spf-exp: the explanation at why.example was not looked up",
                     "spf-lookup-limit: the SPF record of one.example was not looked up",
                     "spf-mx-no-mx: the MX set of m.example was not looked up",
                     "spf-void-any: an address of e.example was not looked up"});
  CHECK(example.find("spf-void-limit") == nullptr);
  CHECK(example.find("spf-include-no-record") == nullptr);
  const auto varying = judged("@ TXT \"v=spf1 include:%{i}.example -all\"");
  REQUIRE(varying.find_not_checked("spf-lookup-limit") != nullptr);
  CHECK_THAT(varying.find_not_checked("spf-lookup-limit")->reason, has_text("sender to sender"));
}

TEST_CASE("SPF rules: the catalogue's counts are an estimate, and said to be one") {
  const mail::Catalogue services({sender("big", "include:spf.big.example", 6),
                                  sender("small", "include:spf.small.example", 4)});
  const std::string record =
      "@ TXT \"v=spf1 a:x.example include:spf.big.example "
      "include:spf.small.example include:other.example ~all\"";
  const auto example = judged(record, World::unknown, services);
  const auto* over = example.find("spf-lookup-limit");
  REQUIRE(over != nullptr);
  CHECK(over->severity == Severity::warning);
  CHECK_THAT(over->message, has_text("some 12 lookups"));
  CHECK_THAT(over->message, has_text("the catalogue has counted; 4 are sure"));
  // Without the catalogue nothing is known to be wrong.
  CHECK(judged(record, World::unknown).find("spf-lookup-limit") == nullptr);
  const auto near = judged(
      "@ TXT \"v=spf1 a:x.example a:y.example a:z.example "
      "include:spf.big.example ~all\"",
      World::unknown, services);
  REQUIRE(near.find("spf-lookup-headroom") != nullptr);
  CHECK(near.find("spf-lookup-headroom")->severity == Severity::info);
}

TEST_CASE("SPF rules: hosts of one family alone fail for senders of the other") {
  const std::string hosts = "a A 192.0.2.1\nb A 192.0.2.2\nc A 192.0.2.3";
  const auto example =
      judged("@ TXT \"v=spf1 a:a.example.com a:b.example.com a:c.example.com -all\"\n" + hosts);
  const auto* finding = example.find("spf-void-limit");
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == Severity::warning);
  CHECK_THAT(finding->message, has_text("for senders with IPv6"));
  CHECK(example.find("spf-a-no-address") == nullptr);
}

TEST_CASE("SPF rules: a record that is broken further down is told with the way there") {
  const auto example = judged(
      "@ TXT \"v=spf1 include:a.example -all\"\n"
      "a.example. TXT \"v=spf1 include:b.example -all\"\n"
      "b.example. TXT \"v=spf1 redirect=c.example\"");
  const auto* finding = example.find("spf-include-permerror");
  REQUIRE(finding != nullptr);
  CHECK(finding->message ==
        "include:a.example, there include:b.example, there redirect=c.example: c.example "
        "does not exist");
  CHECK(finding->subject.part == "include:a.example");
}

TEST_CASE("SPF rules: everybody passes by an include, by exists, by two halves") {
  CHECK(judged("@ TXT \"v=spf1 exists:there.example -all\"\nthere.example. A 127.0.0.2")
            .find("spf-everything") != nullptr);
  CHECK(judged("@ TXT \"v=spf1 ip6:::/1 ip6:8000::/1 -all\"").find("spf-everything") != nullptr);
  CHECK(judged("@ TXT \"v=spf1 -ip4:0.0.0.0/0 ~all\"").find("spf-everything") == nullptr);
  CHECK(judged("@ TXT \"v=spf1 include:a.example -all\"\n"
               "a.example. TXT \"v=spf1 include:b.example -all\"\n"
               "b.example. TXT \"v=spf1 ip4:0.0.0.0/0 -all\"")
            .find("spf-include-plus-all") != nullptr);
  CHECK(judged("@ TXT \"v=spf1 -include:a.example ~all\"\na.example. TXT \"v=spf1 +all\"")
            .find("spf-include-plus-all") == nullptr);
}

TEST_CASE("SPF rules: networks within one another") {
  CHECK(judged("@ TXT \"v=spf1 ip4:192.0.2.5 -a:x.example ip4:192.0.2.0/24 -all\"")
            .find("spf-covered-range") == nullptr);
  CHECK(judged("@ TXT \"v=spf1 ip4:192.0.2.0/24 ?ip4:192.0.2.5 -all\"").find("spf-covered-range") !=
        nullptr);
  CHECK(count_of(judged("@ TXT \"v=spf1 ip6:2001:db8::/32 ip6:2001:db8:1::/48 ip6:2001:db8:2::1 "
                        "ip4:192.0.2.1 -all\""),
                 "spf-covered-range") == 2);
}

TEST_CASE("SPF rules: a domain without mail needs a record all the more") {
  CHECK(judged("@ A 192.0.2.1").find("spf-missing")->severity == Severity::warning);
  const auto none = judged(";no-mail\n@ A 192.0.2.1");
  REQUIRE(none.find("spf-missing") != nullptr);
  CHECK(none.find("spf-missing")->severity == Severity::error);
  CHECK_THAT(none.find("spf-missing")->hint, has_text("v=spf1 -all"));
}

TEST_CASE("SPF rules: a zone of many hosts is told of once") {
  std::string zone = "@ TXT \"v=spf1 -all\"\n";
  for (int i = 0; i < 50; ++i) zone += "h" + std::to_string(i) + " A 192.0.2.1\n";
  const auto example = judged(zone);
  CHECK(count_of(example, "spf-subhost-gap") == 1);
  CHECK_THAT(example.find("spf-subhost-gap")->message, has_text("and 47 more"));
}

TEST_CASE("SPF rules: a record of 64 kilobytes makes no thousands of findings") {
  const std::string term =
      GENERATE("ip:1", "a:b", "ip4:10.0.0.1", "include=a.example", "ptr", "exists:%{l}.example",
               "include:gone.example", "exists:gone.example");
  INFO(term);
  std::string record = "v=spf1";
  while (record.size() < 60000) record += " " + term;
  dns::Zone zone(dns::Name::of("example.com"));
  zone.add(zone.apex(), dns::Type::TXT, 300, dns::Txt{record});
  ExampleZone example{zone, dns::Zone(dns::Name()), {}};
  const auto judgement = judge_example(example, no_services()).judgement;
  CHECK_FALSE(judgement.findings.empty());
  CHECK(judgement.findings.size() < 1500);
}

TEST_CASE("TXT rules: each finding of a value is told once") {
  struct Row {
    std::string zone, rule;
    Severity severity;
  };
  const auto row = GENERATE(values<Row>({
      {"_dmarc TXT \"\\\"v=DMARC1; p=none\\\"\"", "txt-literal-quotes", Severity::error},
      {"_dmarc TXT \"v=DMARC1\\\\; p=none\"", "txt-escaped-semicolon", Severity::error},
      {"_dmarc TXT \"v=DMARC1; p=none; \\226\\128\\156\"", "txt-non-ascii", Severity::error},
      {"_mta-sts TXT \"v=STSv1; id=1\\\\;\"", "txt-escaped-semicolon", Severity::error},
      {"@ TXT \"\\\"some-token=abc\\\"\"", "txt-literal-quotes", Severity::warning},
      {"@ TXT \"some-token=abc \"", "txt-trailing-space", Severity::info},
      {"@ TXT \"\\239\\187\\191v=spf1 -all\"", "txt-non-ascii", Severity::error},
      {"dmarc TXT \"v=DMARC1; p=none\"", "txt-wrong-place", Severity::error},
      {"@ TXT \"v=STSv1; id=1\"", "txt-wrong-place", Severity::error},
      {"_dmarc TXT \"v=spf1 -all\"", "txt-wrong-place", Severity::error},
      {"hosted TXT \"v=DMARC1; p=none\"", "txt-wrong-place", Severity::warning},
      {"_smtp._tls TXT \"some-token=abc\"", "txt-foreign-at-scoped-name", Severity::warning},
      {"s1._domainkey.example.com CNAME k.example.", "txt-doubled-name", Severity::error},
  }));
  INFO(row.zone);
  const auto example = judged(row.zone);
  for (const auto& finding : example.judgement.findings) {
    UNSCOPED_INFO("told " << finding.rule->id << ": " << finding.message);
  }
  REQUIRE(count_of(example, row.rule) == 1);
  CHECK(example.find(row.rule)->severity == row.severity);
}

TEST_CASE("TXT rules: a record in the wrong place is told where to go") {
  struct Row {
    std::string zone, rule, hint;
  };
  const auto row = GENERATE(values<Row>({
      {"@ TXT \"v=DMARC1; p=none\"", "txt-wrong-place", "move it to _dmarc.example.com"},
      {"dmarc TXT \"v=DMARC1; p=none\"", "txt-wrong-place", "move it to _dmarc.example.com"},
      {"_tls.a TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"", "txt-wrong-place",
       "move it to _smtp._tls.a.example.com"},
      {"_smtp._tls.a TXT \"v=spf1 -all\"", "txt-wrong-place", "move it to a.example.com"},
      {"_dmarc.example.com TXT \"v=DMARC1; p=none\"", "txt-doubled-name",
       "its name relative to the zone is _dmarc"},
      {"example.com MX 10 mx1", "txt-doubled-name", "its name relative to the zone is @"},
  }));
  INFO(row.zone);
  const auto example = judged(row.zone);
  REQUIRE(example.find(row.rule) != nullptr);
  CHECK(example.find(row.rule)->hint == row.hint);
}

TEST_CASE("TXT rules: values that are as they should be") {
  const std::string zone = GENERATE(
      "@ TXT \"some token with blanks; and \\195\\188\"", "@ TXT \"v=spf1 include:a.example -all\"",
      "example.net._report._dmarc TXT \"v=DMARC1\"",
      "_dmarc CNAME hosted\nhosted TXT \"v=DMARC1; p=none\"", "_acme-challenge TXT \"abc\"",
      "sel._bimi TXT \"v=BIMI1; l=https://e.example/l.svg\"");
  INFO(zone);
  const auto example = judged(zone);
  for (const auto& finding : example.judgement.findings) {
    INFO(finding.rule->id << ": " << finding.message);
    CHECK(finding.rule->id.substr(0, 4) != "txt-");
  }
}
