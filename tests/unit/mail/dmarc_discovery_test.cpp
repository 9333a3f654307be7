// The DNS tree walk: which record applies, and where an organization ends.
#include "mail/dmarc_discovery.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "published.hpp"

using namespace mxsmith;
using nlohmann::json;
using tests::published_cases;

namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

std::string text_at(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

/// Answers TXT queries from a table, and notes them.
class Table final : public mail::Resolver {
 public:
  explicit Table(const Texts& zone) {
    for (const auto& [name, text] : zone) {
      records_[dns::Name::of(name)].emplace_back(dns::Txt{text});
    }
  }
  mail::Answer lookup(const dns::Name& name, dns::Type) override {
    asked.push_back(name.text());
    asked.back().pop_back();
    const auto found = records_.find(name);
    mail::Answer answer;
    answer.status =
        found == records_.end() ? mail::LookupStatus::no_domain : mail::LookupStatus::found;
    if (asked.back() == failing) answer.status = mail::LookupStatus::failed;
    if (found != records_.end()) answer.values = found->second;
    return answer;
  }
  std::vector<std::string> asked;
  std::string failing;  ///< A name that nobody answers for.

 private:
  std::map<dns::Name, std::vector<dns::Rdata>> records_;
};

mail::DmarcDiscovery walk(const std::string& author, const Texts& zone) {
  Table table(zone);
  return mail::discover_dmarc(dns::Name::of(author), table);
}

}  // namespace

TEST_CASE("published vectors: the DNS tree walk", "[published]") {
  const auto cases = published_cases("dmarc/treewalk-vectors.json", 8);
  if (!cases) return;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    Texts zone;
    for (const auto& [name, texts] : row.at("zone").items()) {
      for (const auto& text : texts) zone.emplace_back(name, text.get<std::string>());
    }
    Table table(zone);
    const dns::Name author = dns::Name::of(text_at(row, "author"));
    const auto found = mail::discover_dmarc(author, table);
    CHECK(found.complete);
    if (row.contains("queries")) {
      CHECK(table.asked == row.at("queries").get<std::vector<std::string>>());
    }
    const bool exists = !row.contains("author_exists") || row.at("author_exists").get<bool>();
    const auto policy = mail::policy_for(
        found, author, exists ? mail::AuthorDomain::exists : mail::AuthorDomain::nonexistent);
    if (row.at("record_at").is_null()) {
      CHECK_FALSE(found.policy_domain);
      CHECK_FALSE(policy);
      // The vector names no organization where there is no record; RFC 9989 section 4.10.2 ends
      // with the domain itself.
      CHECK(found.organization == author);
      continue;
    }
    REQUIRE(found.policy_domain);
    CHECK(*found.policy_domain == dns::Name::of(text_at(row, "record_at")));
    CHECK(found.organization == dns::Name::of(text_at(row, "org")));
    REQUIRE(policy);
    CHECK(mail::action_word(*policy) == text_at(row, "policy"));
  }
}

TEST_CASE("the tree walk stops at seven labels and at psd=") {
  struct Row {
    std::string name, author;
    Texts zone;
    std::string policy_domain, organization;
    std::size_t queries;
  };
  const auto row = GENERATE(values<Row>({
      {"no record", "a.example.com", {}, "", "a.example.com", 3},
      {"a top-level domain", "com", {}, "", "com", 1},
      {"eight labels", "a.b.c.d.e.f.example.com", {}, "", "a.b.c.d.e.f.example.com", 8},
      {"nine labels", "a.b.c.d.e.f.g.example.com", {}, "", "a.b.c.d.e.f.g.example.com", 8},
      {"above the cut nobody looks",
       "a.b.c.d.e.f.g.h.example.com",
       {{"_dmarc.c.d.e.f.g.h.example.com", "v=DMARC1; p=reject"}},
       "",
       "a.b.c.d.e.f.g.h.example.com",
       8},
      {"the shortest name is the organization",
       "a.b.example.com",
       {{"_dmarc.b.example.com", "v=DMARC1; p=none"}, {"_dmarc.example.com", "v=DMARC1; p=reject"}},
       "example.com",
       "example.com",
       4},
      {"psd=y at the author is its own",
       "bank",
       {{"_dmarc.bank", "v=DMARC1; p=reject; psd=y"}},
       "bank",
       "bank",
       1},
      {"a public suffix, and no record below",
       "mail.shop.example",
       {{"_dmarc.example", "v=DMARC1; p=reject; psd=y"}},
       "example",
       "shop.example",
       3},
      {"a public suffix, and the organization's own record",
       "mail.shop.example",
       {{"_dmarc.example", "v=DMARC1; p=reject; psd=y"},
        {"_dmarc.shop.example", "v=DMARC1; p=none"}},
       "shop.example",
       "shop.example",
       3},
      {"a record between author and organization does not apply",
       "a.b.shop.example",
       {{"_dmarc.example", "v=DMARC1; p=reject; psd=y"},
        {"_dmarc.b.shop.example", "v=DMARC1; p=none"}},
       "example",
       "shop.example",
       4},
      {"two records are none",
       "example.com",
       {{"_dmarc.example.com", "v=DMARC1; p=none"}, {"_dmarc.example.com", "v=DMARC1; p=reject"}},
       "",
       "example.com",
       2},
  }));
  INFO(row.name);
  const auto found = walk(row.author, row.zone);
  CHECK(found.steps.size() == row.queries);
  CHECK(found.organization == dns::Name::of(row.organization));
  CHECK(found.policy_domain.has_value() == !row.policy_domain.empty());
  if (found.policy_domain) CHECK(*found.policy_domain == dns::Name::of(row.policy_domain));
  CHECK(found.complete);
}

TEST_CASE("what could not be asked leaves the walk incomplete") {
  const Texts zone{{"_dmarc.example.com", "v=DMARC1; p=reject"}};
  Table table(zone);
  table.failing = "_dmarc.mail.example.com";
  const auto found = mail::discover_dmarc(dns::Name::of("mail.example.com"), table);
  CHECK_FALSE(found.complete);
  CHECK(found.organization == dns::Name::of("example.com"));
}

TEST_CASE("a record without a usable policy applies nothing") {
  const dns::Name author = dns::Name::of("example.com");
  const auto none = walk("example.com", {{"_dmarc.example.com", "v=DMARC1; p=all"}});
  CHECK_FALSE(mail::policy_for(none, author, mail::AuthorDomain::exists));
  const auto monitored =
      walk("example.com", {{"_dmarc.example.com", "v=DMARC1; p=all; rua=mailto:a@example.com"}});
  CHECK(mail::policy_for(monitored, author, mail::AuthorDomain::exists) == mail::DmarcAction::none);
}
