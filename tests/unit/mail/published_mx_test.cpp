// Published MX sets, each judged by all rules as the apex of a zone; see published.hpp.
#include <iostream>
#include <set>
#include <string>

#include "example_zone.hpp"
#include "published.hpp"
#include "spec/service_files.hpp"

using namespace mxsmith;
using nlohmann::json;

namespace {

/// The set at the apex of example.com, and what the case says of other names. Hosts of which it
/// says nothing have an address of their own, unless it says what the zone holds.
std::string example_of(const json& row) {
  std::string text;
  std::set<std::string> hosts;
  for (const auto& mx : row.at("mx")) {
    const auto record = mx.get<std::string>();
    const std::string host = record.substr(record.find(' ') + 1);
    // The sets are written as people write them: without final dot.
    text += "@ MX " + record + (host.back() == '.' ? "" : ".") + "\n";
    hosts.insert(host.back() == '.' ? host : host + ".");
  }
  if (row.contains("zone")) {
    for (const auto& [name, records] : row.at("zone").items()) {
      for (const auto& value : records) {
        const auto record = value.get<std::string>();
        const std::string target = record.substr(record.find(' ') + 1) + ".";
        text += name + ". " + record + ".\n";
        text += target + " A 192.0.2.99\n";
      }
    }
    return text;
  }
  int last = 0;
  for (const auto& host : hosts) {
    if (host != "." && dns::Name::parse_absolute(host)) {
      text += host + " A 192.0.2." + std::to_string(++last) + "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("published vectors: MX sets judged by all rules", "[published]") {
  const auto cases = tests::published_cases("mx-lint-vectors.json", 18);
  if (!cases) return;
  for (const auto& row : *cases) {
    std::set<std::string> wanted;
    for (const auto& rule : row.at("checks")) wanted.insert(rule.get<std::string>());
    const std::string text = example_of(row);
    INFO(row.at("id") << "\n" << text);
    if (wanted.erase("mx-pref-range") != 0) {
      // The reader refuses it, with the number.
      CHECK_THROWS_WITH(tests::read_example(text), tests::has_text("70000"));
      continue;
    }
    const auto judged = tests::judge_example(tests::read_example(text), spec::built_in_services());
    for (const auto& rule : wanted) {
      INFO("wants " << rule);
      CHECK(judged.find(rule) != nullptr);
    }
    // Nothing else of MX is an error.
    for (const auto& finding : judged.judgement.findings) {
      if (finding.severity != base::Severity::error || finding.rule->id.rfind("mx-", 0) != 0) {
        continue;
      }
      INFO("found " << finding.rule->id << ": " << finding.message);
      CHECK(wanted.count(std::string(finding.rule->id)) == 1);
    }
  }
}
