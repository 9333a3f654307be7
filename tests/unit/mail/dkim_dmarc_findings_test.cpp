// What the readers of DKIM and DMARC records find is in the table of rules, with the same weight:
// by corpora, published vectors and all pairs of odd tags.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "mail/rule.hpp"
#include "published.hpp"
#include "sample_keys.hpp"

using namespace mxsmith;
using base::Severity;

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;
using Ids = std::set<std::string_view>;

/// Rules that count for more than their row says, by what they found.
const std::set<std::pair<std::string_view, Severity>> kByCase = {
    {"dkim-rsa-exponent", Severity::error},
    {"dmarc-p-missing", Severity::error},
};

/// Adds the rules that were found to `seen`.
void check_findings(const mail::Findings& findings, Ids& seen) {
  for (const mail::Finding& finding : findings.all()) {
    INFO(finding.rule << ": " << finding.message);
    seen.insert(finding.rule);
    const mail::Rule* rule = mail::find_rule(finding.rule);
    REQUIRE(rule != nullptr);
    const bool agrees =
        finding.severity == rule->severity || kByCase.count({finding.rule, finding.severity}) == 1;
    CHECK(agrees);
    REQUIRE_FALSE(finding.message.empty());
    CHECK(finding.message.back() != '.');
  }
}

Texts corpus(const std::string& name) {
  Texts texts;
  const fs::path folder = fs::path(MXSMITH_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / name;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    texts.push_back(text.str());
  }
  CHECK(texts.size() > 3);
  return texts;
}

void add_published(const std::string& file, std::size_t count, Texts& texts) {
  const auto cases = tests::published_cases(file, count);
  if (!cases) return;
  for (const auto& row : *cases) texts.push_back(row.at("record").get<std::string>());
}

/// Every list of two of the tags, in both orders.
void add_pairs(const std::string& version, const Texts& tags, Texts& texts) {
  for (const std::string& first : tags) {
    for (const std::string& second : tags) {
      std::string text = version;
      text.append("; ").append(first).append("; ").append(second);
      texts.push_back(std::move(text));
    }
  }
}

/// The first TXT value of an example, its strings joined.
std::string value_of(std::string_view example) {
  const std::string_view line = example.substr(0, example.find('\n'));
  std::string text;
  bool inside = false;
  for (const char c : line) {
    if (c == '"') {
      inside = !inside;
    } else if (inside) {
      text += c;
    }
  }
  return text;
}

/// Every row of one subject was found, but for those that look at more than one record.
void check_all_found(std::span<const mail::Rule> rules, const Ids& seen, const Ids& beyond) {
  for (const mail::Rule& rule : rules) {
    if (rule.judge == nullptr || beyond.count(rule.id) == 1) continue;
    INFO("never found: " << rule.id);
    CHECK(seen.count(rule.id) == 1);
  }
  for (const std::string_view id : beyond) {
    INFO("no longer needed: " << id);
    CHECK(seen.count(id) == 0);
  }
}

}  // namespace

TEST_CASE("all that the reader of DKIM records finds is a rule") {
  Texts texts = corpus("dkim");
  add_published("dkim/dkim-key-vectors.json", 20, texts);
  Texts tags = {"k=rsa",
                "k=ed25519",
                "k=dsa",
                "h=sha1",
                "h=sha1:sha256",
                "h=md5",
                "h=",
                "s=tlsrpt",
                "s=email",
                "s=",
                "t=y",
                "t=s:x",
                "t=",
                "g=*",
                "n=note",
                "p=",
                "p=AB!D",
                "p=ABCDE",
                "p=AAAA",
                "v=DKIM1",
                "v=dkim1",
                "rsa",
                "",
                "x-y=1",
                "n=\xe2\x80",
                "p=-----BEGIN PUBLIC KEY-----"};
  tags.push_back("n=" + std::string(65, 'n'));
  for (const std::string& key :
       {tests::kRsa1024, tests::kRsa1024Pkcs1, tests::kRsa2048, tests::kRocaLike,
        tests::kEd25519Raw, tests::kEd25519Spki, tests::kEcSpki}) {
    tags.push_back("p=" + key);
  }
  add_pairs("v=DKIM1", tags, texts);
  for (const mail::Rule& rule : mail::dkim_rules()) {
    texts.push_back(value_of(rule.bad));
    texts.push_back(value_of(rule.good));
  }
  mail::KeyCache keys;
  Ids seen;
  for (const std::string& text : texts) {
    INFO(text);
    check_findings(mail::read_dkim(text, keys).findings, seen);
  }
  check_all_found(
      mail::dkim_rules(), seen,
      {"dkim-none", "dkim-selector-name", "dkim-owner-name", "dkim-multiple", "dkim-cname-and-txt",
       "dkim-cname-dangling", "dkim-cname-takeover", "dkim-wildcard", "dkim-ed25519-only",
       "dkim-shared-key", "dkim-flag-s", "dkim-selector-count"});
}

TEST_CASE("all that the reader of DMARC records finds is a rule") {
  Texts texts = corpus("dmarc");
  add_published("dmarc/rfc9989-record-vectors.json", 20, texts);
  const Texts tags = {"p=none",
                      "p=reject",
                      "p = reject",
                      "p=rejct",
                      "P=Reject",
                      "sp=none",
                      "sp=all",
                      "np=none",
                      "np=",
                      "t=y",
                      "t=yes",
                      "psd=y",
                      "psd=n",
                      "psd=no",
                      "adkim=strict",
                      "aspf=s",
                      "fo=1",
                      "fo=0:1",
                      "pct=0",
                      "pct=50",
                      "rf=afrf",
                      "ri=3600",
                      "foo=bar",
                      "bare",
                      "",
                      "rua=mailto:a@example.com",
                      "rua=mailto:a@example.com!10m",
                      "rua=a@example.com",
                      "rua=https://r.example.com/",
                      "rua=",
                      "rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com",
                      "ruf=mailto:a@example.com",
                      "ruf=mailto:",
                      "x=\xff"};
  add_pairs("v=DMARC1", tags, texts);
  texts.insert(texts.end(), {"v=dmarc1; p=none", "v=DMARC1\\; p=none", " v=DMARC1", ""});
  Ids seen;
  for (const std::string& text : texts) {
    INFO(text);
    check_findings(mail::read_dmarc(text).findings, seen);
  }
  check_all_found(mail::dmarc_rules(), seen,
                  {"dmarc-missing", "dmarc-multiple", "dmarc-sp-on-subdomain", "dmarc-treewalk",
                   "dmarc-treewalk-shadow", "dmarc-cname", "dmarc-wildcard-txt",
                   "dmarc-external-auth", "dmarc-external-name-length", "dmarc-rua-mx",
                   "dmarc-reject-needs-dkim", "dmarc-bulk-rules"});
}
