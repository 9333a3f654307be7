// Merging SPF terms into what is live: a table of named cases.
#include <algorithm>
#include <string>
#include <vector>

#include "mail/spf.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;

namespace {

struct MergeCase {
  std::string name;
  std::vector<std::string> live;
  std::string add, remove, all;
  std::string expect;  ///< The record, or part of the fault's message after "!".
};

std::vector<mail::SpfTerm> terms_of(const std::string& text) {
  if (text.empty()) return {};
  const auto record = mail::parse_spf("v=spf1 " + text);
  REQUIRE(record.ok());
  return record->terms;
}

mail::SpfMerge merge_of(const MergeCase& row) {
  mail::SpfMerge merge;
  merge.add = terms_of(row.add);
  merge.remove = terms_of(row.remove);
  if (!row.all.empty()) merge.all = mail::parse_qualifier_word(row.all);
  return merge;
}

const std::vector<MergeCase>& merge_cases() {
  static const std::vector<MergeCase> kCases = {
      {"nothing live", {}, "include:n.example", "", "", "v=spf1 include:n.example ~all"},
      {"nothing live, all given", {}, "mx", "", "fail", "v=spf1 mx -all"},
      {"nothing live, nothing to add", {}, "", "", "", "v=spf1 ~all"},
      {"nothing live, redirect", {}, "redirect=n.example", "", "", "v=spf1 redirect=n.example"},
      {"other values are no SPF", {"x=y", "v=spf10 a"}, "a", "", "", "v=spf1 a ~all"},
      {"before all",
       {"v=spf1 a -all"},
       "mx ip4:192.0.2.1",
       "",
       "",
       "v=spf1 a mx ip4:192.0.2.1 -all"},
      {"before redirect",
       {"v=spf1 a redirect=r.example"},
       "mx",
       "",
       "",
       "v=spf1 a mx redirect=r.example"},
      {"at the end without either", {"v=spf1 a x=1"}, "mx", "", "", "v=spf1 a x=1 mx"},
      {"before the first of two", {"v=spf1 a ~all -all"}, "mx", "", "", "v=spf1 a mx ~all -all"},
      {"already there in other spelling",
       {"v=spf1 +Include:N.example. ?ALL"},
       "include:n.example",
       "",
       "",
       "v=spf1 +Include:N.example. ?ALL"},
      {"the same network in other words",
       {"v=spf1 ip4:192.0.2.9/24 -all"},
       "ip4:192.0.2.0/24",
       "",
       "",
       "v=spf1 ip4:192.0.2.9/24 -all"},
      {"twice in what is to be added", {"v=spf1 -all"}, "mx mx", "", "", "v=spf1 mx -all"},
      {"behind all it has no effect",
       {"v=spf1 a -all include:n.example"},
       "include:n.example",
       "",
       "",
       "v=spf1 a include:n.example -all"},
      {"another qualifier",
       {"v=spf1 -include:n.example ~all"},
       "include:n.example",
       "",
       "",
       "!-include:n.example"},
      {"all changed in place", {"v=spf1 a ~all x=1"}, "", "", "fail", "v=spf1 a -all x=1"},
      {"all as it is keeps its spelling", {"v=spf1 a -ALL"}, "", "", "fail", "v=spf1 a -ALL"},
      {"all where there was none", {"v=spf1 a"}, "mx", "", "softfail", "v=spf1 a mx ~all"},
      {"all would switch off redirect",
       {"v=spf1 a redirect=r.example"},
       "",
       "",
       "fail",
       "!switch off"},
      {"all is no term", {"v=spf1 a ~all"}, "-all", "", "", "!all is not a term"},
      {"redirect beside all", {"v=spf1 a ~all"}, "redirect=r.example", "", "", "!no effect"},
      {"a second redirect",
       {"v=spf1 redirect=r.example"},
       "redirect=s.example",
       "",
       "",
       "!only once"},
      {"the same redirect",
       {"v=spf1 redirect=R.example"},
       "redirect=r.example",
       "",
       "",
       "v=spf1 redirect=R.example"},
      {"exp at the end", {"v=spf1 a -all"}, "exp=e.example", "", "", "v=spf1 a -all exp=e.example"},
      {"a second exp", {"v=spf1 a exp=e.example"}, "exp=f.example", "", "", "!only once"},
      {"removal",
       {"v=spf1 a include:o.example mx -all"},
       "",
       "include:O.example.",
       "",
       "v=spf1 a mx -all"},
      {"removal of the last one", {"v=spf1 mx -all"}, "", "mx", "", "v=spf1 -all"},
      {"removal of what is not there", {"v=spf1 mx -all"}, "", "a", "", "v=spf1 mx -all"},
      {"removal minds the qualifier", {"v=spf1 ~mx -all"}, "", "mx", "", "v=spf1 ~mx -all"},
      {"all is never removed", {"v=spf1 mx -all"}, "", "-all", "", "v=spf1 mx -all"},
      {"removed and added is kept", {"v=spf1 mx a -all"}, "mx", "mx", "", "v=spf1 mx a -all"},
      {"removed and added with another qualifier",
       {"v=spf1 ~mx -all"},
       "mx",
       "~mx",
       "",
       "v=spf1 mx -all"},
      {"two records",
       {"v=spf1 mx ~all", "v=spf1 a MX -all"},
       "ptr",
       "",
       "",
       "v=spf1 mx a ptr ~all"},
      {"two records, the weaker word wins",
       {"v=spf1 -mx -all", "v=spf1 mx ?all"},
       "",
       "",
       "",
       "v=spf1 mx ?all"},
      {"two records, one ends in nothing",
       {"v=spf1 mx -all", "v=spf1 a"},
       "",
       "",
       "",
       "v=spf1 mx a"},
      {"two records, one redirects",
       {"v=spf1 redirect=r.example", "v=spf1 a"},
       "",
       "",
       "",
       "v=spf1 a redirect=r.example"},
      {"two records, redirect against all",
       {"v=spf1 redirect=r.example", "v=spf1 a -all"},
       "",
       "",
       "",
       "!both cannot hold"},
      {"two records, two redirects",
       {"v=spf1 redirect=r.example", "v=spf1 redirect=s.example"},
       "",
       "",
       "",
       "!disagree"},
      {"two records, dead terms stay out",
       {"v=spf1 mx -all a", "v=spf1 mx -all"},
       "",
       "",
       "",
       "v=spf1 mx -all"},
      {"two records, first exp kept",
       {"v=spf1 mx exp=e.example -all", "v=spf1 a exp=f.example -all"},
       "",
       "",
       "",
       "v=spf1 mx exp=e.example a -all"},
      {"three records, all given",
       {"v=spf1 mx ~all", "v=spf1 a ~all", "v=spf1 ptr ~all"},
       "",
       "",
       "fail",
       "v=spf1 mx a ptr -all"},
      {"unreadable", {"v=spf1 ip:192.0.2.1 -all"}, "mx", "", "", "!cannot be read"},
  };
  return kCases;
}

}  // namespace

TEST_CASE("merging does what each case says") {
  for (const auto& row : merge_cases()) {
    INFO(row.name);
    const auto merged = mail::merge_spf(row.live, merge_of(row));
    if (row.expect.front() == '!') {
      REQUIRE_FALSE(merged.ok());
      INFO(merged.fault().message);
      CHECK(merged.fault().message.find(row.expect.substr(1)) != std::string::npos);
      CHECK_FALSE(merged.fault().hint.empty());
    } else {
      if (!merged) FAIL(merged.fault().message);
      CHECK(merged->text() == row.expect);
    }
  }
}

TEST_CASE("merging a second time changes nothing") {
  for (const auto& row : merge_cases()) {
    INFO(row.name);
    const auto merge = merge_of(row);
    const auto once = mail::merge_spf(row.live, merge);
    if (!once) continue;
    const auto twice = mail::merge_spf({once->text()}, merge);
    if (!twice) FAIL(twice.fault().message);
    CHECK(mail::same_spelling(*once, *twice));
  }
}

TEST_CASE("merging takes no live sender's right away") {
  static const std::vector<std::string> kPool = {"a",
                                                 "mx",
                                                 "ip4:192.0.2.1",
                                                 "ip4:198.51.100.0/24",
                                                 "include:o.example",
                                                 "include:n.example",
                                                 "ip6:2001:db8::/32",
                                                 "x=1"};
  const auto pick = [](const std::vector<unsigned char>& choice) {
    std::string text;
    for (const auto c : choice) text += " " + kPool[c % kPool.size()];
    return text;
  };
  tests::property(
      "live terms stay in their order, wanted ones are there",
      [&](const std::vector<unsigned char>& live, const std::vector<unsigned char>& wanted) {
        const std::string record = "v=spf1" + pick(live) + " ~all";
        mail::SpfMerge merge;
        merge.add = mail::parse_spf("v=spf1" + pick(wanted))->terms;
        const auto merged = mail::merge_spf({record}, merge);
        RC_ASSERT(merged.ok());
        RC_ASSERT(merged->all() == mail::SpfQualifier::softfail);
        RC_ASSERT(merged->terms.back().name == "all");
        const auto before = mail::parse_spf(record)->terms;
        for (std::size_t i = 0; i + 1 < before.size(); ++i) {
          RC_ASSERT(merged->terms[i].text == before[i].text);
        }
        for (const auto& term : merge.add) {
          RC_ASSERT(std::any_of(merged->terms.begin(), merged->terms.end(),
                                [&](const auto& t) { return t.canonical() == term.canonical(); }));
        }
      });
}
