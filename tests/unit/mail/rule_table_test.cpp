// The table of rules as a whole: its rows, what the sources tell, and docs/rules.md.
#include <array>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "mail/rule.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"

using namespace mxsmith;
using base::Severity;
using mail::Rule;
using mail::RuleNeeds;

namespace {

namespace fs = std::filesystem;
const fs::path kSource = MXSMITH_SOURCE_DIR;

std::string slurped(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

bool is_kebab_case(std::string_view id) {
  static const std::regex kKebab("[a-z][a-z0-9]*(-[a-z0-9]+)+");
  return std::regex_match(id.begin(), id.end(), kKebab);
}

bool is_sentence(std::string_view text) {
  return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' && text.back() == '.' &&
         text.find('\n') == std::string_view::npos && text.find("  ") == std::string_view::npos;
}

/// Every match of a pattern's first group in the C++ sources below a folder, with the file.
std::vector<std::pair<std::string, std::string>> found_in(const fs::path& folder,
                                                          const std::regex& pattern) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = slurped(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
      found.emplace_back((*at)[1].str(), entry.path().filename().string());
    }
  }
  return found;
}

struct Subject {
  std::string title;
  std::span<const Rule> (*rules)();
};
const std::array<Subject, 14>& subjects() {
  static const std::array<Subject, 14> all = {{
      {"TXT records", mail::txt_rules},
      {"SPF", mail::spf_rules},
      {"DKIM", mail::dkim_rules},
      {"DMARC", mail::dmarc_rules},
      {"MX and where mail arrives", mail::mx_rules},
      {"MTA-STS", mail::mta_sts_rules},
      {"TLS-RPT", mail::tls_rpt_rules},
      {"DANE", mail::dane_rules},
      {"CAA", mail::caa_rules},
      {"BIMI", mail::bimi_rules},
      {"Mail programs", mail::client_rules},
      {"DNS itself", mail::dns_rules},
      {"Services", mail::service_rules},
      {"Life cycle", mail::life_cycle_rules},
  }};
  return all;
}

/// A cell of a table in Markdown.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<') result += '\\';
    result += c;
  }
  return result;
}

std::string reference_page() {
  std::ostringstream page;
  page << "# Rules\n\n"
          "What `mxsmith check` and `mxsmith plan` say of a zone's mail, by subject. This page is "
          "made from the program's\nown table; `mxsmith check --explain RULE` shows one rule with "
          "advice, a record that breaks it and one that does not.\n\n"
          "An *error* breaks mail or is not valid, a *warning* works and is risky, an *info* is "
          "worth knowing. A spec can set\nwhat a rule counts for, with a reason, see `[[rule]]` in "
          "[Specs](spec.md).\n\n"
          "What a rule needs: *offline*: the records and the spec; *dns*: answers from beyond the "
          "zone, without which it is\ntold as not checked; *connection*, *history*, *plan*: more "
          "than a check has; `--explain` says who judges those.\n";
  for (const Subject& subject : subjects()) {
    const auto rules = subject.rules();
    if (rules.empty()) continue;
    page << "\n## " << subject.title << "\n\n| Rule | Severity | Needs | Reference | Finds |\n"
         << "|---|---|---|---|---|\n";
    for (const Rule& rule : rules) {
      page << "| `" << rule.id << "` | " << base::severity_name(rule.severity) << " | "
           << mail::needs_word(rule.needs) << " | " << cell(rule.reference) << " | "
           << cell(rule.summary) << " |\n";
    }
  }
  return page.str();
}

}  // namespace

TEST_CASE("every rule has a name of its own, a sentence and advice") {
  std::set<std::string_view> ids;
  for (const Rule& rule : mail::all_rules()) {
    INFO("rule " << rule.id << ": " << rule.summary);
    CHECK(ids.insert(rule.id).second);
    CHECK(is_kebab_case(rule.id));
    CHECK(is_sentence(rule.summary));
    REQUIRE_FALSE(rule.advice.empty());
    CHECK(rule.advice.back() == '.');
    CHECK(mail::find_rule(rule.id) == &rule);
  }
  CHECK_FALSE(ids.empty());
  CHECK(mail::find_rule("no-such-rule") == nullptr);
}

TEST_CASE("rules that a check judges have examples, others say who judges them") {
  for (const Rule& rule : mail::all_rules()) {
    INFO("rule " << rule.id);
    CHECK((rule.judge != nullptr) == !rule.bad.empty());
    CHECK((rule.judge != nullptr) == !rule.good.empty());
    if (rule.judge != nullptr) {
      CHECK(rule.bad != rule.good);
      const bool within_reach =
          rule.needs == RuleNeeds::nothing || rule.needs == RuleNeeds::lookups;
      CHECK(within_reach);
    }
  }
}

TEST_CASE("all groups of rules are in the table, and in the reference") {
  std::size_t rows = 0;
  for (const Subject& subject : subjects()) rows += subject.rules().size();
  CHECK(rows == mail::all_rules().size());
}

TEST_CASE("nothing is told under a name that the table does not have") {
  // Judged::tell passes over what the table does not know.
  static const std::regex kTold(R"re(\b(?:tell|not_checked)\(\s*"([a-z][a-z0-9-]*)")re");
  const auto told = found_in(kSource / "src" / "mail" / "rules", kTold);
  CHECK(told.size() > 10);
  for (const auto& [id, file] : told) {
    INFO(id << " in " << file);
    CHECK(mail::find_rule(id) != nullptr);
  }
  // Readers of records name rules as literals.
  static const std::regex kReader(R"re("((?:txt|dkim|dmarc)-[a-z0-9-]+)")re");
  for (const auto& [id, file] : found_in(kSource / "src" / "mail", kReader)) {
    INFO(id << " in " << file);
    CHECK(mail::find_rule(id) != nullptr);
  }
}

TEST_CASE("docs/rules.md is the table of rules") {
  tests::check_golden(kSource / "docs" / "rules.md", reference_page());
}
