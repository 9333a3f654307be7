// Published vectors about the rules of SPF and about counting lookups; see published.hpp. Where a
// vector expects something else than what is told, it stands in a table here with the reason.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "mail/rule.hpp"
#include "mail/spf_tree.hpp"
#include "mail/zone_resolver.hpp"
#include "published.hpp"
#include "spec/service_files.hpp"

using namespace mxsmith;
using nlohmann::json;
using tests::published_cases;

namespace {

mail::Judgement judge_apex(const std::vector<std::string>& values) {
  dns::Zone zone(dns::Name::of("example.com"));
  for (const auto& value : values) zone.add(zone.apex(), dns::Type::TXT, 300, dns::Txt{value});
  const mail::SetsOfZone sets(zone);
  mail::KeyCache keys;
  const mail::Declared declared;
  return mail::judge_mail(
      {sets, mail::Coverage::whole, declared, spec::built_in_services(), nullptr, keys});
}

bool is_about_spf(const mail::ZoneFinding& finding) {
  const std::string_view id = finding.rule->id;
  return id.substr(0, 4) == "spf-" || id.substr(0, 4) == "txt-";
}

std::string_view word_of(base::Severity severity) {
  switch (severity) {
    case base::Severity::error: return "error";
    case base::Severity::warning: return "warning";
    case base::Severity::info: break;
  }
  return "info";
}

/// Cases in which more is told than the vector expects, and worse than its verdict.
const std::map<std::string, std::string>& worse_cases() {
  static const std::map<std::string, std::string> kCases = {};
  return kCases;
}

void check_case(const json& row) {
  const auto judgement = judge_apex(row.at("txt").get<std::vector<std::string>>());
  std::set<std::string> told;
  std::string worst = "ok";
  for (const auto& finding : judgement.findings) {
    if (!is_about_spf(finding)) continue;
    UNSCOPED_INFO("told " << finding.rule->id << ": " << finding.message);
    told.insert(std::string(finding.rule->id));
    // Worst come first.
    if (worst == "ok") worst = word_of(finding.severity);
  }
  for (const auto& wanted : row.at("expect_checks")) {
    INFO("wants " << wanted);
    CHECK(told.count(wanted.get<std::string>()) == 1);
  }
  if (row.at("expect_checks").empty()) CHECK(told.empty());
  if (worse_cases().count(row.at("id").get<std::string>()) == 0) {
    CHECK(worst == row.at("verdict").get<std::string>());
  }
}

}  // namespace

TEST_CASE("published vectors: rules of SPF", "[published]") {
  const auto cases = published_cases("spf/spf-lint-vectors.json", 44);
  if (!cases) return;
  std::size_t worse = 0;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    worse += worse_cases().count(row.at("id").get<std::string>());
    check_case(row);
  }
  CHECK(worse == worse_cases().size());
}

TEST_CASE("published vectors: lookups of records of services", "[published]") {
  const auto names = tests::published_file("spf/dnscontrol-spflib-dns1.json", 12);
  if (!names) return;
  dns::Zone zone;
  for (const auto& [name, types] : names->items()) {
    for (const auto& value : types.at("txt")) {
      zone.add(dns::Name::of(name), dns::Type::TXT, 300, dns::Txt{value.get<std::string>()});
    }
  }
  mail::ZoneResolver resolver(zone);
  const std::map<std::string, unsigned> with_includes = {{"_spf.google.com", 3},
                                                         {"mailgun.org", 2}};
  std::size_t run = 0;
  unsigned all = 0;
  for (const auto& [name, types] : names->items()) {
    INFO(name);
    const auto tree = mail::spf_tree(dns::Name::of(name), resolver);
    REQUIRE(tree.root.state == mail::SpfNodeState::read);
    CHECK(tree.complete);
    const auto known = with_includes.find(name);
    CHECK(tree.lookups == (known == with_includes.end() ? 0 : known->second));
    for (const auto& branch : tree.root.branches) {
      REQUIRE(branch.nested != nullptr);
      CHECK(branch.nested->state == mail::SpfNodeState::read);
      CHECK(branch.lookups == 1);
    }
    all += tree.lookups;
    ++run;
  }
  CHECK(run >= 12);
  // A record that includes all of them costs each include and what it draws in.
  std::string every = "v=spf1";
  for (const auto& entry : names->items()) every += " include:" + entry.key();
  const auto parsed = mail::parse_spf(every + " ~all");
  REQUIRE(parsed.ok());
  CHECK(mail::spf_tree(dns::Name::of("example.com"), *parsed, resolver).lookups == run + all);
  std::cout << "published vectors run: " << run << " of spf/dnscontrol-spflib-dns1.json\n";
}
