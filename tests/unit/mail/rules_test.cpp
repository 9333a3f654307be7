// Every rule by its own examples: what breaks it trips it, what does not break it does not.
#include <algorithm>
#include <string>

#include "example_zone.hpp"
#include "spec/service_files.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

namespace {

const mail::Catalogue& services() { return spec::built_in_services(); }

std::string told(const mail::Judgement& judgement) {
  std::string text;
  for (const auto& finding : judgement.findings) {
    text += std::string(finding.rule->id) + " at " + finding.subject.key.text() + ": " +
            finding.message + "\n";
  }
  for (const auto& one : judgement.not_checked) {
    text += "not checked: " + std::string(one.rule->id) + " at " + one.subject.key.text() + ": " +
            one.reason + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("every rule tells its bad example and keeps silent about its good one") {
  std::size_t judged = 0;
  for (const mail::Rule& rule : mail::all_rules()) {
    if (rule.judge == nullptr) continue;
    ++judged;
    INFO("rule " << rule.id);
    const auto bad = judge_example(read_example(rule.bad), services());
    {
      INFO("bad:\n" << rule.bad << "\n" << told(bad.judgement));
      CHECK(bad.find(rule.id) != nullptr);
    }
    const auto good = judge_example(read_example(rule.good), services());
    INFO("good:\n" << rule.good << "\n" << told(good.judgement));
    CHECK(good.find(rule.id) == nullptr);
  }
  CHECK(judged > 0);
}

TEST_CASE("what is not looked up is never a finding of a missing record") {
  for (const mail::Rule& rule : mail::all_rules()) {
    if (rule.judge == nullptr) continue;
    INFO("rule " << rule.id << "\n" << rule.good);
    const auto good = judge_example(read_example(rule.good), services(), World::unknown);
    INFO(told(good.judgement));
    CHECK(good.find(rule.id) == nullptr);
  }
}

TEST_CASE("of a zone that is only declared in part nothing is said to be missing") {
  // A lone verification token: all the rest may be there live.
  const auto example = read_example("@ TXT \"google-site-verification=abc\"");
  const auto whole = judge_example(example, services());
  const auto part = judge_example(example, services(), World::unknown, mail::Coverage::declared);
  INFO(told(part.judgement));
  const auto& findings = part.judgement.findings;
  CHECK(std::none_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.rule->id.find("missing") != std::string_view::npos;
  }));
  CHECK(findings.size() < whole.judgement.findings.size());
}

TEST_CASE("a spec sets what a rule counts for") {
  auto example = read_example("@ TXT \"v=spf1 ptr -all\"");
  const auto usual = judge_example(example, services());
  REQUIRE(usual.find("spf-ptr") != nullptr);
  CHECK(usual.find("spf-ptr")->severity == mail::find_rule("spf-ptr")->severity);
  example.declared.rules = {{"spf-ptr", base::Severity::error, "we want none", {}}};
  CHECK(judge_example(example, services()).find("spf-ptr")->severity == base::Severity::error);
  example.declared.rules = {{"spf-ptr", {}, "the old relay has no other name", {}}};
  CHECK(judge_example(example, services()).find("spf-ptr") == nullptr);
}
