// Rules about DMARC in a zone, beyond what their examples show.
#include <set>
#include <string>

#include "example_zone.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Severity;

namespace {

using Ids = std::set<std::string>;

const std::string kRua = "; rua=mailto:d@example.com";

std::string dmarc(const std::string& name, const std::string& tags) {
  return name + " TXT \"v=DMARC1; " + tags + kRua + "\"\n";
}

/// Ids of DMARC's rules but for `passed`; errors are marked "!", what is not checked "?".
Ids told(const std::string& text, World world = World::answers,
         mail::Coverage coverage = mail::Coverage::whole, const Ids& passed = {}) {
  const auto judged = judge_example(read_example(text), {}, world, coverage);
  Ids ids;
  const auto add = [&](const mail::Rule& rule, const char* mark) {
    const std::string id(rule.id);
    if (id.rfind("dmarc-", 0) == 0 && passed.count(id) == 0) ids.insert(id + mark);
  };
  for (const auto& finding : judged.judgement.findings) {
    add(*finding.rule, finding.severity == Severity::error ? "!" : "");
  }
  for (const auto& one : judged.judgement.not_checked) add(*one.rule, "?");
  return ids;
}

std::string message_of(const std::string& text, std::string_view rule) {
  const auto judged = judge_example(read_example(text), {});
  const auto* finding = judged.find(rule);
  return finding == nullptr ? std::string() : finding->message;
}

const Ids kAboutMail = {"dmarc-rua-mx", "dmarc-bulk-rules"};
const Ids kAboutReports = {"dmarc-rua-mx", "dmarc-bulk-rules", "dmarc-external-auth"};

Ids about_records(const std::string& text, World world = World::answers,
                  mail::Coverage coverage = mail::Coverage::whole) {
  return told(text, world, coverage, kAboutMail);
}

}  // namespace

TEST_CASE("whether a domain has DMARC is answered by the tree walk") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"a record", dmarc("_dmarc", "p=reject"), {}},
      {"no record", "www A 192.0.2.1", {"dmarc-missing"}},
      {"no record where no mail is to be", ";no-mail\n@ MX 0 .", {"dmarc-missing!"}},
      {"only a public suffix has one",
       "_dmarc.com. TXT \"v=DMARC1; p=reject; psd=y\"",
       {"dmarc-treewalk"}},
      {"a top-level domain without psd=",
       dmarc("_dmarc", "p=reject") + "_dmarc.com. TXT \"v=DMARC1; p=none\"",
       {"dmarc-treewalk-shadow"}},
      {"a top-level domain without psd=, and psd=n here",
       dmarc("_dmarc", "p=reject; psd=n") + "_dmarc.com. TXT \"v=DMARC1; p=none\"",
       {"dmarc-psd-present"}},
      {"two records",
       dmarc("_dmarc", "p=reject") + dmarc("_dmarc", "p=none"),
       {"dmarc-multiple!", "dmarc-policy-none"}},
      {"one record, and one that only begins so",
       dmarc("_dmarc", "p=reject") + "_dmarc TXT \"v=DMARC10; p=none\"",
       {"dmarc-version!"}},
      {"a record that is spelled wrong",
       "_dmarc TXT \"v=dmarc1; p=reject\"",
       {"dmarc-version!", "dmarc-missing"}},
      {"a policy without a version",
       "_dmarc TXT \"p=reject; rua=mailto:d@example.com\"",
       {"dmarc-version!", "dmarc-missing"}},
      {"some other text", "_dmarc TXT \"some-verification=abc\"", {"dmarc-missing"}},
      {"a tag twice",
       "_dmarc TXT \"v = DMARC1; p=none; p=none; rua=mailto:d@example.com\"",
       {"dmarc-dup-tag!", "dmarc-whitespace-style", "dmarc-policy-none"}},
  }));
  INFO(row.name);
  CHECK(about_records(row.text) == row.ids);
}

TEST_CASE("without answers a missing DMARC record is told only where nothing above could help") {
  // Of com no answer is needed: without psd=y nobody publishes one there.
  CHECK(about_records("www A 192.0.2.1", World::unknown) == Ids{"dmarc-missing"});
  CHECK(about_records(dmarc("_dmarc", "p=reject"), World::unknown).empty());
  CHECK(about_records("www A 192.0.2.1", World::unknown, mail::Coverage::declared) ==
        Ids{"dmarc-missing?"});
  CHECK(
      about_records(dmarc("_dmarc", "p=reject"), World::unknown, mail::Coverage::declared).empty());

  const auto judge = [](const char* apex, const char* text) {
    dns::Zone zone(dns::Name::of(apex));
    if (*text != '\0') {
      dns::RRset set{*zone.apex().child("_dmarc"), dns::Type::TXT, 300, {dns::Txt{text}}};
      zone.put(set);
    }
    const mail::SetsOfZone sets(zone);
    const mail::Declared declared;
    const mail::Catalogue services;
    mail::KeyCache keys;
    const auto judged =
        mail::judge_mail({sets, mail::Coverage::whole, declared, services, nullptr, keys});
    Ids ids;
    for (const auto& one : judged.findings) ids.insert(std::string(one.rule->id));
    for (const auto& one : judged.not_checked) ids.insert(std::string(one.rule->id) + "?");
    return ids;
  };
  CHECK(judge("company.co.uk", "").count("dmarc-missing") == 1);
  CHECK(judge("shop.company.example", "").count("dmarc-missing?") == 1);
  CHECK(judge("shop.company.example", "").count("dmarc-missing") == 0);
  CHECK(judge("shop.company.example", "v=DMARC1; p=reject").count("dmarc-treewalk-shadow?") == 1);
  CHECK(judge("company.co.uk", "v=DMARC1; p=reject").count("dmarc-treewalk-shadow?") == 0);
}

TEST_CASE("records below the organization's hold for their own name only") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string apex = dmarc("_dmarc", "p=reject");
  const auto row = GENERATE_COPY(values<Row>({
      {"a subdomain's record", apex + dmarc("_dmarc.news", "p=reject"), {}},
      {"with sp=", apex + dmarc("_dmarc.news", "p=reject; sp=reject"), {"dmarc-sp-on-subdomain"}},
      {"with np=", apex + dmarc("_dmarc.news", "p=reject; np=reject"), {"dmarc-sp-on-subdomain"}},
      {"with sp= and psd=n",
       apex + dmarc("_dmarc.news", "p=reject; sp=reject; psd=n"),
       {"dmarc-psd-present"}},
      {"with sp=, and none above", dmarc("_dmarc.news", "p=reject; sp=reject"), {"dmarc-missing"}},
      {"below a public suffix of our own",
       dmarc("_dmarc", "p=reject; psd=y") + dmarc("_dmarc.shop", "p=reject; sp=reject"),
       {"dmarc-psd-y!"}},
      {"mail below it",
       apex + dmarc("_dmarc.news", "p=reject") + "eu.news MX 10 mx1.example.net.",
       {"dmarc-treewalk-shadow"}},
      {"mail below it, with its own record",
       apex + dmarc("_dmarc.news", "p=reject") + dmarc("_dmarc.eu.news", "p=reject") +
           "eu.news TXT \"v=spf1 -all\"",
       {}},
      {"mail below it, and psd=n",
       apex + dmarc("_dmarc.news", "p=reject; psd=n") + "eu.news TXT \"v=spf1 -all\"",
       {"dmarc-psd-present"}},
      {"mail beside it", apex + dmarc("_dmarc.news", "p=reject") + "shop TXT \"v=spf1 -all\"", {}},
  }));
  INFO(row.name);
  CHECK(told(row.text, World::answers, mail::Coverage::whole, kAboutReports) == row.ids);
}

TEST_CASE("reports go where somebody agrees and takes mail") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string mx = "@ MX 10 mx1\nmx1 A 192.0.2.1\n";
  const std::string to = "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@";
  const std::string agrees = "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1\"\n";
  const std::string takes = "r.example.net. MX 10 mx.example.net.\n";
  const auto row = GENERATE_COPY(values<Row>({
      {"ourselves", mx + to + "example.com\"", {}},
      {"ourselves, without MX", "@ A 192.0.2.1\n" + to + "example.com\"", {}},
      {"ourselves, without MX and address",
       "www A 192.0.2.1\n" + to + "example.com\"",
       {"dmarc-rua-mx"}},
      {"a subdomain that does not exist", mx + to + "r.example.com\"", {"dmarc-rua-mx"}},
      {"a subdomain that takes no mail",
       mx + "r MX 0 .\n" + to + "r.example.com\"",
       {"dmarc-rua-mx"}},
      {"somebody who agrees", agrees + takes + to + "r.example.net\"", {}},
      {"somebody who agrees for all",
       "*._report._dmarc.r.example.net. TXT \"v=DMARC1;\"\n" + takes + to + "r.example.net\"",
       {}},
      {"somebody who agrees and takes no mail", agrees + to + "r.example.net\"", {"dmarc-rua-mx"}},
      {"somebody who has not agreed", takes + to + "r.example.net\"", {"dmarc-external-auth!"}},
      {"somebody who sends them on within his own host",
       "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1; rua=mailto:x@r.example.net\"\n" +
           takes + to + "r.example.net\"",
       {}},
      {"somebody who sends them on to another",
       "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1; rua=mailto:x@example.org\"\n" +
           takes + to + "r.example.net\"",
       {"dmarc-external-auth!"}},
      {"somebody who published something else",
       "example.com._report._dmarc.r.example.net. TXT \"v=spf1 -all\"\n" + takes + to +
           "r.example.net\"",
       {"dmarc-external-auth!"}},
  }));
  INFO(row.name);
  const Ids passed = {"dmarc-bulk-rules", "dmarc-reject-needs-dkim"};
  CHECK(told(row.text, World::answers, mail::Coverage::whole, passed) == row.ids);
  CHECK(told(to + "r.example.net\"", World::unknown) ==
        Ids{"dmarc-external-auth?", "dmarc-rua-mx?"});
}

TEST_CASE("reports between names of one organization need no agreement") {
  const std::string text =
      dmarc("_dmarc", "p=reject") +
      "_dmarc.news TXT \"v=DMARC1; p=reject; rua=mailto:d@reports.example.com\"\n"
      "reports MX 10 mx1.example.net.\n";
  CHECK(about_records(text).empty());
  // psd=n takes the subdomain out of it.
  const std::string apart =
      dmarc("_dmarc", "p=reject") +
      "_dmarc.news TXT \"v=DMARC1; p=reject; psd=n; rua=mailto:d@reports.example.com\"\n"
      "reports MX 10 mx1.example.net.\n";
  CHECK(about_records(apart) == Ids{"dmarc-psd-present", "dmarc-external-auth!"});
  CHECK(about_records(apart + "news.example.com._report._dmarc.reports TXT \"v=DMARC1\"") ==
        Ids{"dmarc-psd-present"});
  // Nor is the domain above of the same organization any more.
  const std::string above = dmarc("_dmarc", "p=reject") + dmarc("_dmarc.news", "p=reject; psd=n");
  CHECK(about_records(above) == Ids{"dmarc-psd-present", "dmarc-external-auth!"});
}

TEST_CASE("an alias at _dmarc is followed") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string alias = "_dmarc CNAME c.dmarc.mail.example.\n";
  const auto row = GENERATE_COPY(values<Row>({
      {"a record", alias + "c.dmarc.mail.example. TXT \"v=DMARC1; p=reject\"", {"dmarc-cname"}},
      {"a broken record",
       alias + "c.dmarc.mail.example. TXT \"v=DMARC1; p=rejct\"",
       {"dmarc-cname!"}},
      {"two records",
       alias + "c.dmarc.mail.example. TXT \"v=DMARC1; p=none\"\n"
               "c.dmarc.mail.example. TXT \"v=DMARC1; p=reject\"",
       {"dmarc-cname!"}},
      {"no DMARC record", alias + "c.dmarc.mail.example. TXT \"v=spf1 -all\"", {"dmarc-cname!"}},
      {"nothing", alias + "mail.example. A 192.0.2.1", {"dmarc-cname!"}},
      {"nobody's domain", alias + "other.example. A 192.0.2.1", {"dmarc-cname!"}},
      {"a loop", "_dmarc CNAME x\nx CNAME _dmarc", {"dmarc-cname!"}},
  }));
  INFO(row.name);
  CHECK(about_records(row.text) == row.ids);
  CHECK(about_records(alias, World::unknown) == Ids{"dmarc-cname", "dmarc-cname?"});
  CHECK_THAT(message_of(alias + "other.example. A 192.0.2.1", "dmarc-cname"),
             has_text("nobody has registered mail.example"));
}

TEST_CASE("reject wants signatures, from those who send") {
  const std::string reject = dmarc("_dmarc", "p=reject");
  const std::string spf = "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n";
  const std::string rule = "dmarc-reject-needs-dkim!";
  CHECK(about_records(reject + spf).count(rule) == 1);
  CHECK(about_records(reject + "@ TXT \"v=spf1 -all\"").count(rule) == 0);
  CHECK(about_records(dmarc("_dmarc", "p=quarantine") + spf).count(rule) == 0);
  CHECK(about_records(dmarc("_dmarc", "p=none; sp=reject") + spf).count(rule) == 1);
  // A test asks for one level less.
  CHECK(about_records(dmarc("_dmarc", "p=reject; t=y") + spf).count(rule) == 0);
  CHECK(about_records(reject + spf + "s1._domainkey CNAME s1.mail.example.").count(rule) == 0);
}

TEST_CASE("a domain without mail needs no reports") {
  const std::string record = "_dmarc TXT \"v=DMARC1; p=reject\"";
  const auto severity = [](const std::string& text) {
    return judge_example(read_example(text), {}).find("dmarc-no-rua")->severity;
  };
  CHECK(severity(record) == Severity::warning);
  CHECK(severity(";no-mail\n" + record) == Severity::info);
}

TEST_CASE("wildcards do not stand in for DMARC records") {
  const std::string apex = dmarc("_dmarc", "p=reject");
  const auto severity = [&](const std::string& text) {
    const auto judged = judge_example(read_example(apex + text), {});
    const auto* finding = judged.find("dmarc-wildcard-txt");
    return finding == nullptr ? std::optional<Severity>() : finding->severity;
  };
  CHECK(severity("* TXT \"v=DMARC1; p=none\"") == Severity::warning);
  CHECK(severity("* TXT \"v=spf1 -all\"\n* TXT \"v=DMARC1; p=none\"") == Severity::warning);
  CHECK(severity("* TXT \"v=spf1 -all\"") == Severity::info);
  CHECK(severity("*.shop TXT \"v=spf1 -all\"") == Severity::info);
  CHECK_FALSE(severity("*._report._dmarc TXT \"v=DMARC1\""));
  CHECK_FALSE(severity("*._domainkey TXT \"v=DKIM1; p=\""));
  CHECK_FALSE(severity("* A 192.0.2.1"));
}
