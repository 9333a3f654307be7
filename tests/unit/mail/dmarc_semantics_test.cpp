// What RFC 9989 sections 4.7 and 4.10 make of records: the walk against its text taken literally,
// and whom sp=, np=, t= and psd= concern.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dns/zone.hpp"
#include "mail/dmarc_discovery.hpp"
#include "mail/zone_resolver.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using mail::AuthorDomain;

namespace {

/// Domains and the DMARC texts that stand at their _dmarc names.
using Records = std::vector<std::pair<std::string, std::string>>;

mail::DmarcDiscovery discover(const std::string& author, const Records& records) {
  dns::Zone root{dns::Name()};
  std::map<dns::Name, dns::RRset> sets;
  for (const auto& [domain, text] : records) {
    const dns::Name owner = dns::Name::of("_dmarc." + domain);
    auto& set = sets.try_emplace(owner, dns::RRset{owner, dns::Type::TXT, 300, {}}).first->second;
    set.add(dns::Txt{text});
  }
  for (const auto& [owner, set] : sets) root.put(set);
  mail::ZoneResolver resolver(root);
  return mail::discover_dmarc(dns::Name::of(author), resolver);
}

std::string policy_of(const std::string& author, const Records& records, AuthorDomain existence) {
  const auto policy = mail::policy_for(discover(author, records), dns::Name::of(author), existence);
  return policy ? std::string(mail::action_word(*policy)) : "no DMARC";
}

std::string text_of(const dns::Name& name) {
  std::string text = name.text();
  text.pop_back();
  return text;
}

// ---- the text of section 4.10, step by step ----

using Labels = std::vector<std::string>;

std::string joined(const Labels& labels) {
  std::string text;
  for (const std::string& label : labels) text.append(text.empty() ? "" : ".").append(label);
  return text;
}

struct Found {
  Labels domain;
  char psd = 'u';
};

/// Valid records by domain: each with its psd=. Domains with several are left out (step 2).
using Valid = std::map<std::string, char>;

std::vector<Found> walk(Labels target, const Valid& valid) {
  std::vector<Found> found;
  const auto stops = [&](const Labels& domain) {
    const auto record = valid.find(joined(domain));
    if (record == valid.end()) return false;
    found.push_back({domain, record->second});
    return record->second != 'u';
  };
  if (stops(target)) return found;
  const std::size_t x = target.size();
  if (x < 8) {
    target.erase(target.begin());
  } else {
    target.erase(target.begin(), target.end() - 7);
  }
  while (!target.empty() && !stops(target)) target.erase(target.begin());
  return found;
}

/// Section 4.10.2.
Labels organization(const Labels& start, const std::vector<Found>& found) {
  for (const Found& one : found) {
    if (one.psd == 'n') return one.domain;
    if (one.psd == 'y' && one.domain != start) {
      return {start.end() - static_cast<std::ptrdiff_t>(one.domain.size()) - 1, start.end()};
    }
  }
  return found.empty() ? start : found.back().domain;
}

/// Section 4.10.1: the author's record; else that of the organization, or of the public suffix, as
/// a walk from above the author finds them. Empty: none.
std::string policy_domain(const Labels& author, const Valid& valid) {
  if (valid.count(joined(author)) == 1) return joined(author);
  const std::size_t kept = author.size() <= 8 ? author.size() - 1 : 7;
  const Labels start(author.end() - static_cast<std::ptrdiff_t>(kept), author.end());
  if (start.empty()) return {};
  const auto found = walk(start, valid);
  const Labels wanted = organization(start, found);
  for (const Found& one : found) {
    if (one.domain == wanted || one.psd == 'y') return joined(one.domain);
  }
  return {};
}

}  // namespace

TEST_CASE("the tree walk is the one of the specification") {
  tests::property("records anywhere above an author", [] {
    const auto depth = *rc::gen::inRange<std::size_t>(1, 13);
    Labels author;
    for (std::size_t i = 0; i < depth; ++i) author.push_back("l" + std::to_string(depth - i));
    Records records;
    Valid valid;
    for (std::size_t cut = 0; cut < depth; ++cut) {
      const std::string domain =
          joined(Labels(author.begin() + static_cast<std::ptrdiff_t>(cut), author.end()));
      const char psd = *rc::gen::elementOf(std::string("....uny2"));
      if (psd == '.') continue;
      std::string text = "v=DMARC1; p=reject";
      if (psd != '2') text.append("; psd=").append(1, psd);
      records.emplace_back(domain, text);
      if (psd == '2') {
        records.emplace_back(domain, "v=DMARC1; p=none");
      } else {
        valid[domain] = psd;
      }
    }
    const auto actual = discover(joined(author), records);
    RC_ASSERT(actual.complete);
    RC_ASSERT(actual.steps.size() <= 8U);
    RC_ASSERT(text_of(actual.organization) == joined(organization(author, walk(author, valid))));
    const std::string expected = policy_domain(author, valid);
    RC_ASSERT((actual.policy_domain ? text_of(*actual.policy_domain) : "") == expected);
    RC_ASSERT(actual.record.has_value() == !expected.empty());
  });
}

TEST_CASE("whom p=, sp=, np= and t= concern") {
  struct Row {
    std::string name, author, at, tags, existing, nonexistent;
  };
  const auto row = GENERATE(values<Row>({
      {"the domain itself", "example.com", "example.com", "p=reject; sp=none; np=none", "reject",
       "reject"},
      {"p= alone", "a.example.com", "example.com", "p=reject", "reject", "reject"},
      {"sp= for both", "a.example.com", "example.com", "p=none; sp=reject", "reject", "reject"},
      {"np= for names that are not there", "a.example.com", "example.com", "p=none; np=reject",
       "none", "reject"},
      {"all three", "a.example.com", "example.com", "p=reject; sp=quarantine; np=none",
       "quarantine", "none"},
      {"a test, one level less for each", "a.example.com", "example.com",
       "p=reject; sp=quarantine; np=reject; t=y", "none", "quarantine"},
      {"a test of none stays none", "a.example.com", "example.com", "p=reject; sp=none; t=y",
       "none", "none"},
      {"t=n is no test", "a.example.com", "example.com", "p=reject; t=n", "reject", "reject"},
      {"a public suffix", "shop.example", "example", "p=none; sp=quarantine; np=reject; psd=y",
       "quarantine", "reject"},
      {"a public suffix for itself", "example", "example", "p=none; sp=reject; psd=y", "none",
       "none"},
      {"a name far below a public suffix", "a.b.shop.example", "example",
       "p=none; np=reject; psd=y", "none", "reject"},
      {"psd=n makes the organization", "a.dept.example.com", "dept.example.com",
       "p=none; sp=reject; psd=n", "reject", "reject"},
      {"psd=u is what holds without", "a.example.com", "example.com", "p=reject; psd=u", "reject",
       "reject"},
      {"a slip in sp= is p=none with reports", "a.example.com", "example.com",
       "p=reject; sp=all; rua=mailto:d@example.com", "none", "none"},
      {"a slip in np= is nothing without", "example.com", "example.com", "p=reject; np=all",
       "no DMARC", "no DMARC"},
      {"pct= takes nothing away", "a.example.com", "example.com", "p=reject; pct=0", "reject",
       "reject"},
  }));
  INFO(row.name);
  const Records records = {{row.at, "v=DMARC1; " + row.tags}};
  CHECK(policy_of(row.author, records, AuthorDomain::exists) == row.existing);
  CHECK(policy_of(row.author, records, AuthorDomain::nonexistent) == row.nonexistent);
}

TEST_CASE("of several records above an author one holds") {
  const std::string reject = "v=DMARC1; p=reject";
  const std::string none = "v=DMARC1; p=none";
  struct Row {
    std::string name, author;
    Records records;
    std::string policy, organization;
  };
  const auto row = GENERATE_REF(values<Row>({
      {"its own before the organization's",
       "a.example.com",
       {{"a.example.com", none}, {"example.com", reject}},
       "none",
       "example.com"},
      {"two of its own are none",
       "a.example.com",
       {{"a.example.com", none}, {"a.example.com", reject}, {"example.com", reject}},
       "reject",
       "example.com"},
      {"one between is passed over",
       "a.b.example.com",
       {{"b.example.com", none}, {"example.com", reject}},
       "reject",
       "example.com"},
      {"unless it ends the organization",
       "a.b.example.com",
       {{"b.example.com", none + "; psd=n"}, {"example.com", reject}},
       "none",
       "b.example.com"},
      {"a top-level domain that forgot psd=y takes all in",
       "a.example.com",
       {{"example.com", none}, {"com", reject}},
       "reject",
       "com"},
      {"one that did not, leaves them alone",
       "a.example.com",
       {{"example.com", none}, {"com", reject + "; psd=y"}},
       "none",
       "example.com"},
      {"a zone cut too deep is never found (section 5.1.8)",
       "mail.a.b.c.d.e.f.g.example.com",
       {{"b.c.d.e.f.g.example.com", none + "; psd=n"}, {"example.com", reject}},
       "reject",
       "example.com"},
      {"a record of a deep name itself is",
       "mail.a.b.c.d.e.f.g.example.com",
       {{"mail.a.b.c.d.e.f.g.example.com", none}, {"example.com", reject}},
       "none",
       "example.com"},
      {"a version with white space is one",
       "example.com",
       {{"example.com", "v = DMARC1 ;p=reject"}},
       "reject",
       "example.com"},
      {"another text beside it is none",
       "example.com",
       {{"example.com", reject}, {"example.com", "v=spf1 -all"}, {"example.com", "v=DMARC10"}},
       "reject",
       "example.com"},
  }));
  INFO(row.name);
  CHECK(policy_of(row.author, row.records, AuthorDomain::exists) == row.policy);
  CHECK(text_of(discover(row.author, row.records).organization) == row.organization);
}

TEST_CASE("alignment ends where the organization ends") {
  const auto aligned = [](const std::string& author, const std::string& signer,
                          const Records& records) {
    return mail::is_aligned(mail::DmarcAlignment::relaxed, dns::Name::of(author),
                            discover(author, records).organization, dns::Name::of(signer),
                            discover(signer, records).organization);
  };
  const Records apex = {{"example.com", "v=DMARC1; p=reject"}};
  CHECK(aligned("news.example.com", "example.com", apex));
  CHECK(aligned("example.com", "a.b.example.com", apex));
  const Records apart = {{"example.com", "v=DMARC1; p=reject"},
                         {"news.example.com", "v=DMARC1; p=reject; psd=n"}};
  CHECK_FALSE(aligned("news.example.com", "example.com", apart));
  CHECK(aligned("news.example.com", "a.news.example.com", apart));
  CHECK_FALSE(aligned("example.com", "a.news.example.com", apart));
  const Records suffix = {{"example", "v=DMARC1; p=reject; psd=y"}};
  CHECK_FALSE(aligned("one.example", "two.example", suffix));
  CHECK(aligned("one.example", "mail.one.example", suffix));
  const Records forgotten = {{"example", "v=DMARC1; p=reject"}};
  CHECK(aligned("one.example", "two.example", forgotten));
}
