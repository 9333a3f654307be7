#include "plan/brought_findings.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "plan/rule_findings.hpp"

namespace mxsmith::plan {
namespace {

/// What makes two findings the same one: how its record is spelled elsewhere does not count.
std::string identity_of(const mail::ZoneFinding& finding) {
  std::string text(finding.rule->id);
  text.append("\n").append(finding.subject.key.text());
  text.append("\n").append(finding.subject.part).append("\n").append(finding.message);
  return text;
}

std::multiset<std::string> identities_of(const mail::Judgement& judgement) {
  std::multiset<std::string> all;
  for (const auto& finding : judgement.findings) all.insert(identity_of(finding));
  return all;
}

}  // namespace

BroughtFindings brought_findings(const ImpactCase& seen, const mail::Catalogue& services) {
  BroughtFindings result;
  if (seen.changes.empty()) return result;
  FactsResolver beyond(seen.facts);
  mail::KeyCache keys;
  const auto judged = [&](const ZoneView& zone) {
    return mail::judge_mail({zone, zone.live().coverage, seen.declared, services, &beyond, keys});
  };
  auto known = identities_of(judged(seen.views.now));
  for (auto& finding : judged(seen.views.after).findings) {
    const auto same = known.find(identity_of(finding));
    if (same == known.end()) {
      result.brought.push_back(std::move(finding));
      continue;
    }
    known.erase(same);
    ++result.before;
  }
  return result;
}

std::vector<base::Diagnostic> as_diagnostics(const BroughtFindings& found,
                                             const std::vector<Change>& changes,
                                             const Desired& desired) {
  std::vector<base::Diagnostic> diagnostics;
  diagnostics.reserve(found.brought.size());
  for (const auto& finding : found.brought) {
    const mail::Subject& subject = finding.subject;
    base::SourcePos pos = place_in_spec(desired, subject);
    const auto change = std::find_if(changes.begin(), changes.end(),
                                     [&](const Change& one) { return one.key == subject.key; });
    if (!pos.known() && change != changes.end()) pos = place_of(&*change, subject.part);
    diagnostics.push_back(diagnostic_of(finding, pos));
  }
  return diagnostics;
}

std::vector<GuardFinding> judge_errors(const std::vector<base::Diagnostic>& brought,
                                       const std::vector<GuardFinding>& others) {
  std::vector<GuardFinding> findings;
  for (const auto& one : brought) {
    if (one.severity != base::Severity::error) continue;
    const bool told = std::any_of(others.begin(), others.end(), [&](const GuardFinding& other) {
      return std::any_of(other.keys.begin(), other.keys.end(),
                         [&](const dns::Key& key) { return key.text() == one.record; });
    });
    if (told) continue;
    GuardFinding finding;
    finding.id = kNewError;
    finding.message = one.record + ": " + one.message + " (rule " + one.rule + ")";
    if (auto key = dns::Key::parse(one.record)) finding.keys.push_back(*std::move(key));
    finding.pos = one.pos;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace mxsmith::plan
