// Published vectors, read where they lie: MXSMITH_SHARED, by default ../shared beside the
// repository. Without that directory they cannot run, which is said aloud; MXSMITH_DEMAND_SHARED=1
// makes it a failure.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mail/records.hpp"
#include "mail/spf.hpp"
#include "mail/tag_list.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using nlohmann::json;

namespace {

std::filesystem::path vectors_directory() {
  const char* set = std::getenv("MXSMITH_SHARED");
  const auto root = set != nullptr ? std::filesystem::path(set)
                                   : std::filesystem::path(MXSMITH_SOURCE_DIR) / "../shared";
  return root / "mail" / "data";
}

/// The cases of a file; nothing, with a message, when it is not there. `count` is how many the file
/// is known to hold.
std::optional<json> published_cases(const std::string& file, std::size_t count) {
  const auto path = vectors_directory() / file;
  std::ifstream stream(path);
  if (!stream) {
    std::cerr << "NOT RUN: " << count << " published vectors, there is no " << path.string()
              << " (set MXSMITH_SHARED)\n";
    const char* demand = std::getenv("MXSMITH_DEMAND_SHARED");
    if (demand != nullptr && std::string(demand) == "1") FAIL("published vectors are demanded");
    return {};
  }
  json cases = json::parse(stream).at("cases");
  CHECK(cases.size() >= count);
  return cases;
}

std::string text_or_empty(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Why a case says something else than merge_spf does, and what is checked instead.
const std::map<std::string, std::string>& cases_decided_elsewhere() {
  static const std::map<std::string, std::string> kIds = {
      {"two-records",
       "two live records are always united here; that they were two is told with the plan"},
      {"limit", "the limit of ten lookups is judged by guard spf-lookups over the whole plan"},
  };
  return kIds;
}

mail::SpfMerge merge_of(const json& row) {
  mail::SpfMerge merge;
  for (const auto& text : row.at("add")) {
    const auto terms = mail::parse_spf_terms(text.get<std::string>());
    if (!terms) FAIL(terms.fault().message);
    merge.add.insert(merge.add.end(), terms->begin(), terms->end());
  }
  const std::string all = row.contains("policy") ? text_or_empty(row.at("policy"), "all") : "";
  if (!all.empty()) merge.all = mail::parse_spf_term(all)->qualifier;
  return merge;
}

void check_merge(const json& row) {
  const auto id = row.at("id").get<std::string>();
  const auto live = row.at("existing").get<std::vector<std::string>>();
  const auto merged = mail::merge_spf(live, merge_of(row));
  if (id == "two-records") {
    REQUIRE(merged.ok());
    CHECK(merged->text() == "v=spf1 mx a include:_spf.mycimcloud.com ~all");
  } else if (id == "limit") {
    REQUIRE(merged.ok());
    CHECK(merged->own_lookups() > 10);
  } else if (row.at("error").is_null()) {
    if (!merged) FAIL(merged.fault().message);
    CHECK(merged->text() == row.at("expect").get<std::string>());
  } else {
    CHECK_FALSE(merged.ok());
  }
}

}  // namespace

TEST_CASE("published vectors: merging SPF", "[published]") {
  const auto cases = published_cases("spf/spf-merge-vectors.json", 24);
  if (!cases) return;
  std::size_t elsewhere = 0;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    elsewhere += cases_decided_elsewhere().count(row.at("id").get<std::string>());
    check_merge(row);
  }
  CHECK(elsewhere == cases_decided_elsewhere().size());
}

TEST_CASE("published vectors: syntax of SPF", "[published]") {
  const auto cases = published_cases("spf/mox-spf-parse.json", 27);
  if (!cases) return;
  for (const auto& row : *cases) {
    const auto record = row.at("record").get<std::string>();
    INFO(record);
    // Their reader takes a single label for a domain-spec; RFC 7208 section 7.1 asks for a dot.
    const bool single_labels = record.find(" a:x ") != std::string::npos;
    const auto parsed = mail::parse_spf(record);
    CHECK(parsed.ok() == (row.at("valid").get<bool>() && !single_labels));
    if (single_labels) CHECK(parsed.fault().message.find("full domain name") != std::string::npos);
  }
}

TEST_CASE("published vectors: sizes of DKIM keys", "[published]") {
  const auto cases = published_cases("dkim/dkim-key-vectors.json", 36);
  if (!cases) return;
  std::size_t sizes = 0;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    if (!row.contains("bits") || !row.at("bits").is_number()) continue;
    const auto key = mail::parse_dkim(row.at("record").get<std::string>());
    if (!key || !key->bits()) {
      CHECK(text_or_empty(row, "verdict") == "error");
      continue;
    }
    ++sizes;
    CHECK(*key->bits() == row.at("bits").get<unsigned>());
  }
  CHECK(sizes >= 8);
}

TEST_CASE("published vectors: what is a DMARC record", "[published]") {
  const auto cases = published_cases("dmarc/rfc9989-record-vectors.json", 45);
  if (!cases) return;
  for (const auto& row : *cases) {
    INFO(row.at("id"));
    const auto checks = row.at("expect_checks").get<std::vector<std::string>>();
    const bool wrong_version =
        std::find(checks.begin(), checks.end(), "dmarc-version") != checks.end();
    CHECK(mail::is_dmarc(row.at("record").get<std::string>()) == !wrong_version);
  }
}

TEST_CASE("published vectors: what are MTA-STS and TLS-RPT records", "[published]") {
  const auto sts = published_cases("mta-sts/mox-mtasts-record.json", 18);
  const auto rpt = published_cases("tlsrpt/mox-tlsrpt-record.json", 20);
  for (const auto& row : sts.value_or(json::array())) {
    INFO(row.at("record"));
    if (row.at("valid").get<bool>()) CHECK(mail::is_mta_sts(row.at("record").get<std::string>()));
  }
  for (const auto& row : rpt.value_or(json::array())) {
    INFO(row.at("record"));
    if (row.at("valid").get<bool>()) CHECK(mail::is_tls_rpt(row.at("record").get<std::string>()));
  }
}
