// The published SPF test suite of RFC 7208, read where it lies: every case of it. Of an ambiguous
// case any listed result is right.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/spf_check.hpp"
#include "mail/spf_domain.hpp"
#include "mail/zone_resolver.hpp"
#include "published.hpp"
#include "support/process.hpp"

using namespace mxsmith;
using nlohmann::json;

namespace {

constexpr const char* kSuite = "spf/rfc7208-tests.yml";
constexpr std::size_t kCases = 203;

std::string from_hex(const std::string& digits) {
  std::string octets;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    octets += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  }
  return octets;
}

dns::Name name_in(const std::string& text) {
  if (text.empty()) return {};
  const auto name = mail::spf_name(text);
  if (!name) FAIL("no name: " << text);
  return *name;
}

dns::Rdata rdata_of(const json& record) {
  const auto type = record.at("type").get<std::string>();
  const auto value = record.at("value").get<std::string>();
  if (type == "TXT") return dns::Txt{from_hex(value)};
  if (type == "CNAME") return dns::Cname{name_in(value)};
  if (type == "PTR") return dns::Ptr{name_in(value)};
  if (type == "MX") {
    return dns::Mx{record.at("preference").get<std::uint16_t>(), name_in(value)};
  }
  const auto parsed = dns::parse_rdata(*dns::parse_type(type), value, {});
  if (!parsed) FAIL(parsed.fault().message);
  return *parsed;
}

/// The zone data of one part of the suite; a name marked so times out for every type it has no
/// record of.
class SuiteResolver final : public mail::Resolver {
 public:
  explicit SuiteResolver(const json& scenario) : zone_(zone_of(scenario)), known_(zone_) {
    for (const auto& name : scenario.at("timeouts")) {
      timeouts_.insert(name_in(name.get<std::string>()).text());
    }
  }

  mail::Answer lookup(const dns::Name& name, dns::Type type) override {
    mail::Answer answer = known_.lookup(name, type);
    if (answer.status == mail::LookupStatus::found || timeouts_.count(name.text()) == 0) {
      return answer;
    }
    return {.status = mail::LookupStatus::failed, .reason = "it timed out"};
  }

 private:
  static dns::Zone zone_of(const json& scenario) {
    dns::Zone zone;
    for (const auto& record : scenario.at("records")) {
      const auto type = *dns::parse_type(record.at("type").get<std::string>());
      zone.add(name_in(record.at("name").get<std::string>()), type, 3600, rdata_of(record));
    }
    return zone;
  }
  dns::Zone zone_;
  mail::ZoneResolver known_;
  std::set<std::string> timeouts_;
};

void check_case(const json& test, SuiteResolver& resolver) {
  const auto ip = mail::Ip::parse(test.at("host").get<std::string>());
  REQUIRE(ip.has_value());
  const auto request = mail::spf_request(*ip, test.at("mailfrom").get<std::string>(),
                                         test.at("helo").get<std::string>());
  const auto evaluation = mail::check_spf(request, resolver);
  const auto results = test.at("results").get<std::vector<std::string>>();
  INFO("problem: " << evaluation.problem);
  CHECK_THAT(results, Catch::Matchers::VectorContains(
                          std::string(mail::spf_result_word(evaluation.result))));
  CHECK(evaluation.lookups <= mail::kSpfMostLookups + 1);
  CHECK(evaluation.void_lookups <= mail::kSpfMostVoidLookups + 1);
  const auto explanation = test.at("explanation").get<std::string>();
  if (explanation == "DEFAULT") CHECK_FALSE(evaluation.explanation.has_value());
  if (!explanation.empty() && explanation != "DEFAULT") {
    CHECK(evaluation.explanation.value_or("(none)") == explanation);
  }
}

}  // namespace

TEST_CASE("published vectors: the SPF test suite of RFC 7208", "[published]") {
  const auto suite = tests::vectors_directory() / kSuite;
  if (!std::filesystem::exists(suite)) {
    CHECK_FALSE(tests::published_file(kSuite, kCases).has_value());
    return;
  }
  tests::RunOptions options;
  options.args = {MXSMITH_SOURCE_DIR "/tests/unit/mail/spf_suite_json.py", suite.string()};
  const auto converted = tests::run("/usr/bin/python3", options);
  INFO(converted.err << "\nthe package python3-yaml is needed");
  REQUIRE(converted.exit == 0);
  std::size_t count = 0;
  const json document = json::parse(converted.out);
  for (const auto& scenario : document.at("scenarios")) {
    SuiteResolver resolver(scenario);
    for (const auto& test : scenario.at("tests")) {
      INFO(scenario.at("description") << ": " << test.at("id"));
      check_case(test, resolver);
      ++count;
    }
  }
  std::cout << "published vectors run: " << count << " of " << kSuite << "\n";
  CHECK(count >= kCases);
}
