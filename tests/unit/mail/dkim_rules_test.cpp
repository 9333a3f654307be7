// Rules about DKIM keys in a zone, beyond what their examples show.
#include <set>
#include <string>

#include "example_zone.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Severity;

namespace {

const std::string kKey = "k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=";
const std::string kOtherKey = "k=ed25519; p=z6L9jz0XqG9d3Prpyk7b37c1TrHqru/nfB4OJrlCkdE=";
const std::string kRsaKey =
    "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDGSHNI+VgNguHji382sYG756GJQJMn+EcKRj+kGLxinzd1"
    "xHaD8yU/J/H8iUWLkPn00p6k7DUlcYm219M+s0K8Lk8t3koumEai5gSTawTEQv4CtLTRNjsJvOuj7iPGG/d72J/GZzaR"
    "fQz3SaFV/fKfQheDafAJXzRvntvi4WdhaQIDAQAB";

std::string txt(const std::string& name, const std::string& tags) {
  return name + " TXT \"v=DKIM1; " + tags + "\"\n";
}

/// Ids of one subject that are told, severe ones marked "!", and not checked ones "?".
std::set<std::string> told(const std::string& text, std::string_view prefix, World world,
                           mail::Coverage coverage = mail::Coverage::whole,
                           const mail::Catalogue& services = {}) {
  const auto judged = judge_example(read_example(text), services, world, coverage);
  std::set<std::string> ids;
  for (const auto& finding : judged.judgement.findings) {
    if (finding.rule->id.substr(0, prefix.size()) != prefix) continue;
    ids.insert(std::string(finding.rule->id) + (finding.severity == Severity::error ? "!" : ""));
  }
  for (const auto& one : judged.judgement.not_checked) {
    if (one.rule->id.substr(0, prefix.size()) != prefix) continue;
    ids.insert(std::string(one.rule->id) + "?");
  }
  return ids;
}
std::set<std::string> dkim(const std::string& text) { return told(text, "dkim-", World::answers); }

using Ids = std::set<std::string>;

}  // namespace

TEST_CASE("a domain that sends mail is asked for a key") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string key = txt("s1._domainkey", kRsaKey);
  const auto row = GENERATE_COPY(values<Row>({
      {"nothing at all", "www A 192.0.2.1", {}},
      {"a parked domain", "@ MX 0 .\n@ TXT \"v=spf1 -all\"", {}},
      {"SPF that lets nobody send", "@ MX 10 mx1\nmx1 A 192.0.2.1\n@ TXT \"v=spf1 -all\"", {}},
      {"SPF that lets somebody send", "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"", {"dkim-none"}},
      {"SPF that leaves it open", "@ TXT \"v=spf1 ~all\"", {"dkim-none"}},
      {"SPF that refers elsewhere", "@ TXT \"v=spf1 redirect=a.example\"", {"dkim-none"}},
      {"SPF that cannot be read", "@ TXT \"v=spf1 ip:192.0.2.1\"", {"dkim-none"}},
      {"mail that arrives", "@ MX 10 mx1\nmx1 A 192.0.2.1", {"dkim-none"}},
      {"a spec that says so", ";selector s1 active", {"dkim-none"}},
      {"a spec that says no", ";no-mail\n@ MX 10 mx1\nmx1 A 192.0.2.1", {}},
      {"a revoked key",
       "@ TXT \"v=spf1 mx -all\"\n" + txt("s1._domainkey", "p="),
       {"dkim-none", "dkim-revoked"}},
      {"a key of a subdomain",
       "@ TXT \"v=spf1 mx -all\"\n" + txt("s1._domainkey.news", kRsaKey),
       {"dkim-rsa-weak"}},
      {"a key", "@ TXT \"v=spf1 mx -all\"\n" + key, {"dkim-rsa-weak"}},
      {"keys that another zone holds",
       "@ TXT \"v=spf1 mx -all\"\n_domainkey NS ns1.example.net.",
       {}},
      {"signing practices of old are no key",
       "@ TXT \"v=spf1 mx -all\"\n_adsp._domainkey TXT \"dkim=all\"",
       {"dkim-none"}},
  }));
  INFO(row.name);
  CHECK(dkim(row.text) == row.ids);
}

TEST_CASE("what a spec declares in part is not called missing") {
  const std::string text = "@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"";
  CHECK(told(text, "dkim-", World::unknown, mail::Coverage::declared) == Ids{"dkim-none?"});
  CHECK(told(text, "dmarc-reject", World::unknown, mail::Coverage::declared) ==
        Ids{"dmarc-reject-needs-dkim?"});
}

TEST_CASE("selectors are names that signers can write") {
  struct Row {
    std::string name;
    Ids ids;
  };
  const auto row = GENERATE(values<Row>({
      {"s1._domainkey", {}},
      {"s-1.eu._domainkey", {}},
      {"my_key._domainkey", {"dkim-selector-name"}},
      {"-s1._domainkey", {"dkim-selector-name!"}},
      {"s1\\@._domainkey", {"dkim-selector-name!"}},
      {"*._domainkey", {"dkim-wildcard"}},
      {"_domainkey", {"dkim-owner-name!"}},
      {"s1.domainkey", {"dkim-owner-name!"}},
      {"@", {"dkim-owner-name!"}},
      {"s1._domainkey._domainkey", {"dkim-owner-name!"}},
  }));
  INFO(row.name);
  Ids ids = dkim(txt(row.name, kKey));
  ids.erase("dkim-ed25519-only");
  CHECK(ids == row.ids);
}

TEST_CASE("a domain without mail may revoke all selectors at once") {
  CHECK(dkim("*._domainkey TXT \"v=DKIM1; p=\"") == Ids{"dkim-revoked"});
  CHECK(dkim("*._domainkey CNAME keys.mail.example.") == Ids{"dkim-wildcard"});
}

TEST_CASE("what stands behind a selector's alias decides") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string alias = "s1._domainkey CNAME s1.dkim.mail.example.\n";
  const std::string other = "other.example. A 192.0.2.1\n";
  const auto row = GENERATE_COPY(values<Row>({
      {"a key", alias + txt("s1.dkim.mail.example.", kKey), {}},
      {"a revoked key", alias + txt("s1.dkim.mail.example.", "p="), {}},
      {"a short key", alias + txt("s1.dkim.mail.example.", kRsaKey), {"dkim-rsa-weak"}},
      {"some other text", alias + "s1.dkim.mail.example. TXT \"hello\"", {"dkim-cname-dangling!"}},
      {"another type", alias + "s1.dkim.mail.example. A 192.0.2.1", {"dkim-cname-dangling!"}},
      {"no name in a registered domain",
       alias + "mail.example. A 192.0.2.1",
       {"dkim-cname-dangling!"}},
      {"a name in no registered domain",
       alias + other,
       {"dkim-cname-dangling!", "dkim-cname-takeover!"}},
      {"a top-level domain that does not exist", alias, {"dkim-cname-dangling!"}},
      {"a second alias to nowhere",
       alias + other + "s1.dkim.mail.example. CNAME x.gone.example.",
       {"dkim-cname-dangling!", "dkim-cname-takeover!"}},
      {"a loop",
       "s1._domainkey CNAME s2._domainkey\ns2._domainkey CNAME s1._domainkey",
       {"dkim-cname-dangling!"}},
      {"a country's registry",
       "s1._domainkey CNAME s1.gone.co.uk.\nother.co.uk. A 192.0.2.1\n",
       {"dkim-cname-dangling!", "dkim-cname-takeover!"}},
      {"a lost host of a company under a country",
       "s1._domainkey CNAME s1.gone.company.uk.\ncompany.uk. A 192.0.2.1\n",
       {"dkim-cname-dangling!"}},
  }));
  INFO(row.name);
  CHECK(dkim(row.text) == row.ids);
  const auto unknown = told(alias, "dkim-", World::unknown);
  CHECK(unknown == Ids{"dkim-cname-dangling?", "dkim-cname-takeover?"});
}

TEST_CASE("keys of a domain are judged together") {
  struct Row {
    std::string name, text;
    Ids ids;
  };
  const std::string two = txt("s1._domainkey", kKey) + txt("s2._domainkey", kOtherKey);
  const std::string rsa = txt("r1._domainkey", kRsaKey);
  const auto row = GENERATE_COPY(values<Row>({
      {"two Ed25519 keys", two, {"dkim-ed25519-only"}},
      {"Ed25519 beside an alias",
       two + "s3._domainkey CNAME k.mail.example.\n" + txt("k.mail.example.", kRsaKey),
       {"dkim-rsa-weak"}},
      {"Ed25519 beside RSA", two + rsa, {"dkim-rsa-weak"}},
      {"Ed25519 beside RSA that does not sign yet",
       ";selector s1 active\n;selector r1 next\n" + txt("s1._domainkey", kKey) + rsa,
       {"dkim-ed25519-only", "dkim-rsa-weak"}},
      {"one key twice",
       txt("s1._domainkey", kRsaKey) + txt("s2._domainkey", kRsaKey),
       {"dkim-shared-key", "dkim-rsa-weak"}},
      {"one key, spelled in another way",
       txt("s1._domainkey", kRsaKey) + txt("s2._domainkey", "t=s; " + kRsaKey),
       {"dkim-shared-key", "dkim-rsa-weak"}},
      {"one key for two domains",
       txt("s1._domainkey", kRsaKey) + txt("s1._domainkey.news", kRsaKey),
       {"dkim-shared-key", "dkim-rsa-weak"}},
      {"two records at one selector",
       txt("s1._domainkey", kRsaKey) + txt("s1._domainkey", "p="),
       {"dkim-multiple!", "dkim-revoked", "dkim-rsa-weak"}},
      {"a key for reports about TLS beside one for mail",
       rsa + txt("t1._domainkey", "s=tlsrpt; " + kOtherKey),
       {"dkim-service-type", "dkim-rsa-weak"}},
      {"a key that only subdomains need",
       rsa + txt("s1._domainkey", "t=s; " + kOtherKey) + "news TXT \"v=spf1 mx -all\"",
       {"dkim-flag-s", "dkim-rsa-weak"}},
      {"a subdomain with a key of its own",
       rsa + txt("s1._domainkey", "t=s; " + kOtherKey) +
           txt("n1._domainkey.news",
               "k=rsa; p=" +
                   std::string("MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAO"
                               "L2emlvKdOfNsBzUMKKj/pfz1ewWsSYD7OEk96O3qunLIMDll1SIhUpz6u/"
                               "SYVZvJVjlcUw/iw8tdSapoLU5LkC"
                               "AwEAAQ==")) +
           "news TXT \"v=spf1 mx -all\"",
       {"dkim-rsa-too-short!", "dkim-rsa-weak"}},
      {"some other text at a selector",
       rsa + "x._domainkey TXT \"some-verification=abc\"",
       {"dkim-p-missing!", "dkim-rsa-weak"}},
      {"what is no key below _domainkey",
       rsa + "_adsp._domainkey TXT \"dkim=all\"\n_report._domainkey TXT \"ra=dkim; rr=all\"",
       {"dkim-rsa-weak"}},
  }));
  INFO(row.name);
  CHECK(dkim(row.text) == row.ids);
}

TEST_CASE("a revoked key counts for more where the spec says that it signs") {
  const std::string record = txt("s1._domainkey", "p=");
  const auto severity = [&](const std::string& declared) {
    const auto judged = judge_example(read_example(declared + record), {});
    REQUIRE(judged.find("dkim-revoked") != nullptr);
    return judged.find("dkim-revoked")->severity;
  };
  CHECK(severity("") == Severity::info);
  CHECK(severity(";selector s1 revoked\n") == Severity::info);
  CHECK(severity(";selector s1 active\n") == Severity::warning);
  CHECK(severity(";selector s1 retiring\n") == Severity::warning);
}

TEST_CASE("a service that gives all customers one key is let through") {
  mail::Service shared;
  shared.id = "mass-mail";
  shared.shared_key = true;
  mail::ServiceRecord record;
  record.name = "mm._domainkey";
  record.telling = true;
  mail::ServiceRecord usual;
  usual.name = "s2._domainkey";
  shared.dkim = {record, usual};
  mail::Service own;
  own.id = "own-mail";
  const mail::Catalogue services(std::vector<mail::Service>{shared, own});
  const auto twice = [&](const std::string& declared, const std::string& selector) {
    const std::string text = declared + txt(selector + "._domainkey", kRsaKey) +
                             txt(selector + "._domainkey.news", kRsaKey);
    return told(text, "dkim-shared", World::answers, mail::Coverage::whole, services);
  };
  CHECK(twice("", "s1") == Ids{"dkim-shared-key"});
  CHECK(twice("", "mm").empty());
  // Everybody uses such a name.
  CHECK(twice("", "s2") == Ids{"dkim-shared-key"});
  CHECK(twice(";service mass-mail\n", "s2").empty());
  CHECK(twice(";selector s1 active mass-mail\n", "s1").empty());
  CHECK(twice(";selector mm active own-mail\n", "mm") == Ids{"dkim-shared-key"});
}

TEST_CASE("keys that nobody signs with any more are told") {
  const std::string declared = ";selector s1 active\n" + txt("s1._domainkey", kRsaKey);
  CHECK(dkim(declared + txt("old._domainkey", kOtherKey)).count("dkim-selector-count") == 1);
  CHECK(dkim(declared + txt("old._domainkey", "p=")).count("dkim-selector-count") == 0);
  // Of another domain the spec says nothing.
  CHECK(dkim(declared + txt("n1._domainkey.news", kOtherKey)).count("dkim-selector-count") == 0);
  std::string many;
  for (int i = 0; i < 11; ++i) {
    many += "s" + std::to_string(i) + "._domainkey CNAME s.mail.example.\n";
  }
  CHECK(dkim(many).count("dkim-selector-count") == 1);
}
