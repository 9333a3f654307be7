// DMARC records: what is read, what is said of it, what receivers do, what changes.
#include "mail/dmarc.hpp"

#include <string>

#include "mail/tag_list.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using base::Severity;
using mail::DmarcAction;

namespace {

std::string policy_words(const std::string& text) {
  const auto record = mail::parse_dmarc(text);
  if (!record) return "ignored";
  const auto policy = mail::effective_policy(*record);
  if (!policy) return "no DMARC";
  return std::string(mail::action_word(policy->domain)) + " " +
         std::string(mail::action_word(policy->subdomains)) + " " +
         std::string(mail::action_word(policy->nonexistent));
}

}  // namespace

TEST_CASE("all tags of a DMARC record are read, and printed in the order of RFC 9989") {
  const std::string text =
      "v=DMARC1; p=quarantine; sp=reject; np=reject; adkim=s; aspf=r; fo=1:d; "
      "rua=mailto:a@example.com,mailto:b@example.net!10m; ruf=mailto:f@example.com; t=y; psd=n; "
      "pct=50; rf=afrf; ri=3600";
  const auto record = mail::parse_dmarc(text);
  REQUIRE(record);
  CHECK(record->policy == DmarcAction::quarantine);
  CHECK(record->subdomain_policy == DmarcAction::reject);
  CHECK(record->dkim_alignment == mail::DmarcAlignment::strict);
  CHECK(record->rua.size() == 2);
  CHECK(record->rua[1].size_limit == "10m");
  CHECK(record->rua[1].host() == "example.net");
  CHECK(record->testing == true);
  CHECK(record->public_suffix == mail::PublicSuffix::no);
  CHECK(record->percent == 50U);
  CHECK(record->interval == 3600U);
  CHECK(mail::print_dmarc(*record) == text);
  CHECK(mail::is_dmarc(mail::print_dmarc(*record)));
}

TEST_CASE("what receivers do with mail that fails") {
  struct Row {
    std::string text, policy;
  };
  const std::string rua = "; rua=mailto:a@example.com";
  const auto row = GENERATE_REF(values<Row>({
      {"v=DMARC1; p=none", "none none none"},
      {"v=DMARC1; p=reject", "reject reject reject"},
      {"v=DMARC1; p=Reject; SP=None", "reject none none"},
      {"v=DMARC1; p=none; sp=quarantine", "none quarantine quarantine"},
      {"v=DMARC1; p=none; np=reject", "none none reject"},
      {"v=DMARC1; p=reject; sp=quarantine; np=none; t=y", "quarantine none none"},
      {"v=DMARC1; p=reject; t=n", "reject reject reject"},
      {"v=DMARC1; p=reject; t=yes", "reject reject reject"},
      {"v=DMARC1; p=reject; pct=0", "reject reject reject"},
      {"v=DMARC1; sp=reject" + rua, "none none none"},
      {"v=DMARC1; sp=reject", "no DMARC"},
      {"v=DMARC1; p=reject; sp=all" + rua, "none none none"},
      {"v=DMARC1; p=reject; np=all", "no DMARC"},
      {"v=DMARC1; p=rejct; rua=a@example.com", "no DMARC"},
      {"v=DMARC1; p=none; p=reject", "ignored"},
      {"v=dmarc1; p=reject", "ignored"},
      {"p=reject; v=DMARC1", "ignored"},
  }));
  INFO(row.text);
  CHECK(policy_words(row.text) == row.policy);
}

TEST_CASE("each fault of a DMARC record has its name, its weight and its place") {
  struct Row {
    std::string text, rule;
    Severity severity;
    std::string at;
  };
  const std::string v = "v=DMARC1; ";
  const std::string rest = "; rua=mailto:a@example.com";
  const std::string good = v + "p=reject" + rest;
  const auto row = GENERATE_REF(values<Row>({
      {"V=DMARC1; p=reject", "dmarc-version", Severity::error, "V=DMARC1"},
      {" " + good, "dmarc-version", Severity::error, " v=DMARC"},
      {" " + good, "txt-trailing-space", Severity::info, " "},
      {v + "reject; p=none", "dmarc-tag-syntax", Severity::error, "reject"},
      {good + "; p=none", "dmarc-dup-tag", Severity::error, "p=none"},
      {good + "; foo=bar", "dmarc-unknown-tag", Severity::warning, "foo=bar"},
      {v + "p = reject" + rest, "dmarc-whitespace-style", Severity::info, "p = reject"},
      {v + "p=reject ; sp=none", "dmarc-whitespace-style", Severity::info, "p=reject"},
      {v + "p=REJECT" + rest, "dmarc-case-style", Severity::info, "p=REJECT"},
      {v + "p=rejct" + rest, "dmarc-p-value", Severity::error, "rejct"},
      {v + "p=none; sp=" + rest, "dmarc-sp-value", Severity::error, ""},
      {v + "p=none; np=all" + rest, "dmarc-np-value", Severity::error, "all"},
      {v + "rua=mailto:a@example.com", "dmarc-p-missing", Severity::warning,
       v + "rua=mailto:a@example.com"},
      {"v=DMARC1", "dmarc-p-missing", Severity::error, "v=DMARC1"},
      {v + "sp=none; p=none", "dmarc-p-order", Severity::info, "p=none"},
      {v + "p=none" + rest, "dmarc-policy-none", Severity::warning, "p=none"},
      {good + "; sp=none", "dmarc-sp-weaker", Severity::warning, "sp=none"},
      {good + "; np=none", "dmarc-np-weaker", Severity::warning, "np=none"},
      {good + "; t=y", "dmarc-test-mode", Severity::warning, "t=y"},
      {good + "; t=yes", "dmarc-t-value", Severity::warning, "yes"},
      {good + "; adkim=strict", "dmarc-align-value", Severity::warning, "strict"},
      {good + "; aspf=", "dmarc-align-value", Severity::warning, ""},
      {good + "; psd=y", "dmarc-psd-y", Severity::error, "psd=y"},
      {good + "; psd=n", "dmarc-psd-present", Severity::warning, "psd=n"},
      {good + "; psd=x", "dmarc-psd-value", Severity::warning, "x"},
      {good + "; fo=2", "dmarc-fo-value", Severity::warning, "2"},
      {good + "; fo=0:1; ruf=mailto:a@example.com", "dmarc-fo-value", Severity::warning, "0:1"},
      {good + "; fo=d:d; ruf=mailto:a@example.com", "dmarc-fo-value", Severity::warning, "d:d"},
      {good + "; fo=1", "dmarc-fo-without-ruf", Severity::info, "fo=1"},
      {good + "; ruf=mailto:a@example.com", "dmarc-ruf-privacy", Severity::info,
       "ruf=mailto:a@example.com"},
      {v + "p=reject", "dmarc-no-rua", Severity::warning, v + "p=reject"},
      {v + "p=reject; rua=", "dmarc-rua-uri", Severity::error, "rua="},
      {v + "p=reject; rua=a@example.com", "dmarc-rua-uri", Severity::error, "a@example.com"},
      {v + "p=reject; rua=mailto:x@y.example,mailto://b@example.com", "dmarc-rua-uri",
       Severity::error, "//b@example.com"},
      {v + "p=reject; rua=mailto:a b@example.com", "dmarc-rua-uri", Severity::error,
       " b@example.com"},
      {v + "p=reject; rua=mailto:a!b@example.com", "dmarc-rua-uri", Severity::error,
       "!b@example.com"},
      {v + "p=reject; rua=mailto:a%4@example.com", "dmarc-rua-uri", Severity::error,
       "%4@example.com"},
      {v + "p=reject; rua=mailto:example.com", "dmarc-rua-uri", Severity::error, "example.com"},
      {good + "; ruf=f@example.com", "dmarc-ruf-uri", Severity::error, "f@example.com"},
      {v + "p=reject; rua=https://r.example.com/", "dmarc-rua-scheme", Severity::warning,
       "https://r.example.com/"},
      {v + "p=reject; rua=mailto:a@b.example,mailto:c@d.example,mailto:e@f.example",
       "dmarc-rua-many", Severity::warning,
       "rua=mailto:a@b.example,mailto:c@d.example,mailto:e@f.example"},
      {v + "p=reject; rua=mailto:a@example.com!10m", "dmarc-size-suffix", Severity::info,
       "mailto:a@example.com!10m"},
      {good + "; pct=50", "dmarc-removed-tag", Severity::warning, "pct=50"},
      {good + "; rf=afrf", "dmarc-removed-tag", Severity::warning, "rf=afrf"},
      {good + "; ri=86400", "dmarc-removed-tag", Severity::warning, "ri=86400"},
      {good + "; pct=0", "dmarc-pct-zero", Severity::error, "pct=0"},
  }));
  INFO(row.text + " wants " + row.rule);
  const auto reading = mail::read_dmarc(row.text);
  const mail::Finding* finding = reading.findings.find(row.rule);
  REQUIRE(finding != nullptr);
  CHECK(finding->severity == row.severity);
  CHECK(row.text.substr(finding->at.offset, finding->at.length) == row.at);
}

TEST_CASE("a good DMARC record has nothing said of it") {
  for (const char* text :
       {"v=DMARC1; p=reject; rua=mailto:a@example.com",
        "v=DMARC1;p=quarantine;rua=mailto:a@example.com, mailto:b@example.com;"}) {
    const auto reading = mail::read_dmarc(text);
    INFO(text);
    CHECK(reading.findings.empty());
  }
}

TEST_CASE("what changes from one DMARC record to the next") {
  using Effect = mail::Difference::Effect;
  struct Row {
    std::string before, after, tag;
    Effect effect;
    std::string text;
  };
  const std::string v = "v=DMARC1; ";
  const auto row = GENERATE_REF(values<Row>({
      {"p=reject; sp=none", "p=none; sp=none", "p", Effect::weaker,
       "its own mail would get none instead of reject"},
      {"p=none; np=reject", "p=none", "np", Effect::weaker, "names that do not exist"},
      {"p=none; np=none", "p=none; np=none; sp=quarantine", "sp", Effect::stricter,
       "mail of its subdomains would get quarantine instead of none"},
      {"p=none; adkim=s", "p=none", "adkim", Effect::weaker, "whole organization"},
      {"p=none", "p=none; aspf=s", "aspf", Effect::stricter, "very same domain"},
      {"p=none; rua=mailto:a@example.com", "p=none", "rua", Effect::neutral, "no longer asked for"},
      {"p=none", "p=none; ruf=mailto:a@example.com", "ruf", Effect::neutral, "are asked for"},
      {"p=none", "p=none; psd=n", "psd", Effect::neutral, "organization of its own"},
      {"p=reject", "p=reject; pct=20", "pct", Effect::weaker, "20 % of the mail"},
      {"p=reject; pct=20", "p=reject", "pct", Effect::stricter, "100 % of the mail"},
  }));
  INFO(row.before + " -> " + row.after);
  const auto differences =
      mail::compare_dmarc(mail::parse_dmarc(v + row.before), mail::parse_dmarc(v + row.after));
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].tag == row.tag);
  CHECK(differences[0].effect == row.effect);
  CHECK_THAT(differences[0].text, tests::has_text(row.text));
}

TEST_CASE("a record that goes weakens what it asked for, and nothing else") {
  const auto reject = mail::parse_dmarc("v=DMARC1; p=reject");
  CHECK(mail::compare_dmarc(reject, {}).size() == 3);
  CHECK(mail::any_weaker(mail::compare_dmarc(reject, {})));
  CHECK_FALSE(mail::any_weaker(mail::compare_dmarc({}, reject)));
  CHECK(mail::compare_dmarc(mail::parse_dmarc("v=DMARC1; p=none"), {}).empty());
  CHECK(mail::compare_dmarc({}, {}).empty());
  // Where nothing was enforced, a share of it is nothing either.
  CHECK(mail::compare_dmarc({}, mail::parse_dmarc("v=DMARC1; p=none; pct=20")).empty());
  CHECK_FALSE(
      mail::any_weaker(mail::compare_dmarc({}, mail::parse_dmarc("v=DMARC1; p=reject; pct=20"))));
  // t=y is one level off each policy.
  CHECK(
      mail::any_weaker(mail::compare_dmarc(reject, mail::parse_dmarc("v=DMARC1; p=reject; t=y"))));
}

TEST_CASE("reports to other domains need their word") {
  const auto record = mail::parse_dmarc(
      "v=DMARC1; p=none; rua=mailto:a@reports.example.net,mailto:b@mail.example.com,"
      "mailto:c@example.com,https://R.example.org/x,a@nowhere; ruf=mailto:x@reports.example.net");
  REQUIRE(record);
  const auto outside = mail::external_reports(*record, dns::Name::of("mail.example.com"));
  REQUIRE(outside.size() == 2);
  CHECK(outside[0].destination == dns::Name::of("reports.example.net"));
  CHECK(outside[0].authorization ==
        dns::Name::of("mail.example.com._report._dmarc.reports.example.net"));
  CHECK(outside[1].destination == dns::Name::of("r.example.org"));

  std::string long_name = "example";
  while (long_name.size() < 230) long_name += ".example";
  const auto too_long = mail::report_authorization_name(dns::Name::of(long_name),
                                                        dns::Name::of("reports.example.net"));
  REQUIRE_FALSE(too_long.ok());
  CHECK_THAT(too_long.fault().message, tests::has_text("too long"));
}

TEST_CASE("domains are aligned by name or by organization") {
  const auto name = [](const char* text) { return dns::Name::of(text); };
  using mail::DmarcAlignment;
  CHECK(mail::is_aligned(DmarcAlignment::relaxed, name("news.example.com"), name("example.com"),
                         name("foo.example.com"), name("example.com")));
  CHECK_FALSE(mail::is_aligned(DmarcAlignment::strict, name("news.example.com"),
                               name("example.com"), name("foo.example.com"), name("example.com")));
  CHECK(mail::is_aligned(DmarcAlignment::strict, name("news.example.com"), name("example.com"),
                         name("NEWS.example.com"), name("example.com")));
  CHECK_FALSE(mail::is_aligned(DmarcAlignment::relaxed, name("a.example.net"), name("example.net"),
                               name("a.example.com"), name("example.com")));
}
