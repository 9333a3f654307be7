// Whatever the readers of records find has its row in the table of rules, with the same weight.
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>

#include "mail/rule.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

namespace {

std::string source_of(const std::string& file) {
  std::ifstream stream(std::string(MXSMITH_SOURCE_DIR) + "/src/mail/" + file);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Rules that a reader's code names in `error("ID"`, `warning("ID"` and `info("ID"`.
std::map<std::string, base::Severity> rules_named_in(const std::string& file) {
  static const std::map<std::string, base::Severity> kWords = {{"error", base::Severity::error},
                                                               {"warning", base::Severity::warning},
                                                               {"info", base::Severity::info}};
  static const std::regex kCall("\\b(error|warning|info)\\(\\s*\"([a-z0-9-]+)\"");
  const std::string text = source_of(file);
  std::map<std::string, base::Severity> found;
  for (std::sregex_iterator at(text.begin(), text.end(), kCall), end; at != end; ++at) {
    const auto severity = kWords.at((*at)[1].str());
    const auto [known, is_new] = found.emplace((*at)[2].str(), severity);
    INFO(known->first << " in " << file << " has one weight");
    CHECK((is_new || known->second == severity));
  }
  return found;
}

}  // namespace

TEST_CASE("what the readers of records find has a rule of the same weight") {
  std::size_t checked = 0;
  for (const char* file : {"mx.cpp", "mta_sts.cpp", "mta_sts_policy.cpp", "tls_rpt.cpp", "tlsa.cpp",
                           "bimi.cpp", "client_srv.cpp"}) {
    const auto rules = rules_named_in(file);
    INFO(file);
    CHECK_FALSE(rules.empty());
    for (const auto& [id, severity] : rules) {
      INFO(id);
      const mail::Rule* rule = mail::find_rule(id);
      REQUIRE(rule != nullptr);
      CHECK(rule->severity == severity);
      ++checked;
    }
  }
  CHECK(checked > 45);
}
