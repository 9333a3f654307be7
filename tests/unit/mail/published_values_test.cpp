// Published vectors about everything but SPF; see published.hpp. Where one says something else than
// the RFC it is about, the case stands in a table here with the reason.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dns/rdata.hpp"
#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/mx.hpp"
#include "mail/tag_list.hpp"
#include "mail/tls_rpt.hpp"
#include "mail/tlsa.hpp"
#include "published.hpp"

using namespace mxsmith;
using nlohmann::json;
using tests::published_cases;

namespace {

std::string text_of(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

std::set<std::string> wanted_rules(const json& row, const char* key) {
  std::set<std::string> rules;
  for (const auto& rule : row.at(key)) rules.insert(rule.get<std::string>());
  return rules;
}

/// Every wanted rule is reported; nothing else is an error.
void check_rules(const mail::Findings& findings, const std::set<std::string>& wanted) {
  for (const auto& rule : wanted) {
    INFO("wants " + rule);
    CHECK(findings.find(rule) != nullptr);
  }
  for (const auto& finding : findings.all()) {
    INFO("found " + std::string(finding.rule) + ": " + finding.message);
    if (finding.severity == base::Severity::error) CHECK(wanted.count(std::string(finding.rule)));
  }
}

}  // namespace

TEST_CASE("published vectors: DKIM keys", "[published]") {
  const auto cases = published_cases("dkim/dkim-key-vectors.json", 36);
  if (!cases) return;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    const auto reading = mail::read_dkim(text_of(row, "record"));
    auto wanted = wanted_rules(row, "expect_checks");
    const auto id = text_of(row, "id");
    // A value in quotation marks, or with backslashes, has no good version tag or key either.
    if (id == "escaped-semicolons" || id == "quoted-inner") {
      wanted.insert({"dkim-version", "dkim-tag-syntax", "dkim-p-base64", "dkim-key-undecodable",
                     "dkim-k-unknown", "dkim-p-missing"});
      CHECK(reading.findings.find(*wanted_rules(row, "expect_checks").begin()) != nullptr);
      const auto key = mail::parse_dkim(reading.text);
      CHECK_FALSE((key && key->bits()));
      continue;
    }
    check_rules(reading.findings, wanted);
    const auto verdict = text_of(row, "verdict");
    const auto& all = reading.findings.all();
    const bool warned = std::any_of(all.begin(), all.end(), [](const mail::Finding& finding) {
      return finding.severity == base::Severity::warning;
    });
    CHECK(reading.findings.has_errors() == (verdict == "error"));
    if (verdict != "error") CHECK(warned == (verdict == "warning"));
    if (row.at("bits").is_number() && verdict != "error") {
      CHECK(mail::parse_dkim(reading.text)->bits() == row.at("bits").get<unsigned>());
    }
  }
}

TEST_CASE("published vectors: syntax of DKIM records", "[published]") {
  const auto cases = published_cases("dkim/mox-dkim-record.json", 12);
  if (!cases) return;
  for (const auto& row : *cases) {
    const auto record = text_of(row, "record");
    INFO(record);
    const auto reading = mail::read_dkim(record);
    bool valid = !reading.findings.has_errors();
    // RFC 6376 section 3.2 allows no white space behind the last semicolon; verifiers take it, so
    // it is told without being an error.
    if (record == "v=DKIM1; p=; ") {
      CHECK(reading.findings.find("txt-trailing-space") != nullptr);
      valid = false;
    }
    CHECK(valid == row.at("valid").get<bool>());
  }
}

TEST_CASE("published vectors: the example keys of RFC 8463", "[published]") {
  const auto zone = tests::published_file("dkim/rfc8463-appendix-a-dns.json", 2);
  if (!zone) return;
  std::size_t keys = 0;
  for (const auto& [name, types] : zone->items()) {
    if (name.find("_domainkey") == std::string::npos) continue;
    std::string record;
    for (const auto& part : types.at("TXT").at(0)) record += part.get<std::string>();
    const auto reading = mail::read_dkim(record);
    INFO(record);
    REQUIRE(reading.key);
    CHECK(reading.key->weakness == mail::KeyWeakness::published);
    CHECK(reading.findings.find("dkim-known-weak-key") != nullptr);
    ++keys;
  }
  CHECK(keys == 2);
  std::cout << "published vectors run: " << keys << " of dkim/rfc8463-appendix-a-dns.json\n";
}

TEST_CASE("published vectors: DMARC records", "[published]") {
  const auto cases = published_cases("dmarc/rfc9989-record-vectors.json", 45);
  if (!cases) return;
  const dns::Name domain = dns::Name::of("example.com");
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    const auto text = text_of(row, "record");
    const auto reading = mail::read_dmarc(text);
    auto wanted = wanted_rules(row, "expect_checks");
    const bool outside = wanted.erase("dmarc-external-auth") != 0;
    CHECK(mail::external_reports(reading.value, domain).empty() == !outside);
    CHECK(mail::is_dmarc(text) == (wanted.count("dmarc-version") == 0));
    check_rules(reading.findings, wanted);

    const auto record = mail::parse_dmarc(text);
    const auto policy = record ? mail::effective_policy(*record) : std::nullopt;
    if (!row.at("valid_rfc9989").is_null()) {
      CHECK(policy.has_value() == row.at("valid_rfc9989").get<bool>());
    }
    if (row.at("effective").is_null()) {
      CHECK_FALSE(policy);
    } else {
      REQUIRE(policy);
      CHECK(mail::action_word(policy->domain) == text_of(row, "effective"));
    }
    CHECK(mail::is_rfc7489_record(text) == row.at("valid_rfc7489").get<bool>());
  }
}

TEST_CASE("published vectors: MTA-STS", "[published]") {
  if (const auto cases = published_cases("mta-sts/mox-mtasts-record.json", 18)) {
    for (const auto& row : *cases) {
      INFO(row.at("record"));
      const bool valid = mail::parse_mta_sts_record(text_of(row, "record")).has_value();
      CHECK(valid == row.at("valid").get<bool>());
    }
  }
  if (const auto cases = published_cases("mta-sts/mox-mtasts-policy.json", 24)) {
    for (const auto& row : *cases) {
      INFO(row.at("policy"));
      const bool valid = mail::parse_mta_sts_policy(text_of(row, "policy")).has_value();
      CHECK(valid == row.at("valid").get<bool>());
    }
  }
  if (const auto cases = published_cases("mta-sts/mx-match-vectors.json", 15)) {
    for (const auto& row : *cases) {
      INFO(row.dump());
      const auto pattern = mail::parse_mx_pattern(text_of(row, "pattern"));
      const bool match = pattern && pattern->matches(dns::Name::of(text_of(row, "mx")));
      CHECK(match == row.at("match").get<bool>());
    }
  }
}

TEST_CASE("published vectors: TLS-RPT", "[published]") {
  const auto cases = published_cases("tlsrpt/mox-tlsrpt-record.json", 20);
  if (!cases) return;
  for (const auto& row : *cases) {
    INFO(row.at("record"));
    CHECK(mail::parse_tls_rpt(text_of(row, "record")).has_value() == row.at("valid").get<bool>());
  }
}

TEST_CASE("published vectors: TLSA", "[published]") {
  const auto file = tests::published_file("dane/tlsa-vectors.json", 20);
  if (!file) return;
  std::map<std::string, mail::Certificate> certificates;
  for (const auto& [name, pem] : file->at("certs").items()) {
    auto read = mail::read_certificates(pem.get<std::string>());
    REQUIRE(read.ok());
    certificates[name] = read->front();
  }
  const auto tlsa = [](const json& text) {
    const auto rdata = dns::parse_rdata(dns::Type::TLSA, text.get<std::string>(), dns::Name());
    REQUIRE(rdata.ok());
    return std::get<dns::Tlsa>(*rdata);
  };
  std::size_t run = 0;
  for (const auto& row : file->at("tlsa_vectors")) {
    INFO(row.dump());
    const dns::Tlsa wanted = tlsa(row.at("tlsa"));
    const auto made = mail::make_tlsa(certificates.at(text_of(row, "cert")),
                                      static_cast<mail::TlsaUsage>(wanted.usage),
                                      static_cast<mail::TlsaSelector>(wanted.selector),
                                      static_cast<mail::TlsaMatching>(wanted.matching_type));
    REQUIRE(made.ok());
    CHECK(*made == wanted);
    ++run;
  }
  for (const auto& row : file->at("scenarios")) {
    INFO(row.at("id"));
    std::vector<dns::Tlsa> published;
    for (const auto& text : row.at("published")) published.push_back(tlsa(text));
    std::vector<mail::Certificate> chain;
    for (const auto& name : row.at("presented")) {
      chain.push_back(certificates.at(name.get<std::string>()));
    }
    const auto alone = mail::check_tlsa(published);
    const auto together = mail::check_tlsa_chain(published, chain);
    const auto verdict = text_of(row, "verdict");
    CHECK((alone.has_errors() || together.has_errors()) == (verdict == "error"));
    if (row.contains("check")) {
      const auto rule = text_of(row, "check");
      CHECK((alone.find(rule) != nullptr || together.find(rule) != nullptr));
    }
    ++run;
  }
  CHECK(run >= 20);
  std::cout << "published vectors run: " << run << " of dane/tlsa-vectors.json\n";
}

TEST_CASE("published vectors: MX sets by themselves", "[published]") {
  const auto cases = published_cases("mx-lint-vectors.json", 18);
  if (!cases) return;
  // These need a zone or the catalogue of services.
  const std::set<std::string> elsewhere = {"mx-target-cname", "mx-target-missing", "mx-leftover",
                                           "mx-gateway-bypass"};
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    std::vector<dns::Mx> set;
    bool in_range = true;
    for (const auto& text : row.at("mx")) {
      const auto rdata = dns::parse_rdata(dns::Type::MX, text.get<std::string>(), dns::Name());
      in_range = in_range && rdata.ok();
      if (rdata) set.push_back(std::get<dns::Mx>(*rdata));
    }
    auto wanted = wanted_rules(row, "checks");
    CHECK(in_range == (wanted.erase("mx-pref-range") == 0));
    for (const auto& rule : elsewhere) wanted.erase(rule);
    check_rules(mail::check_mx(set), wanted);
  }
}
