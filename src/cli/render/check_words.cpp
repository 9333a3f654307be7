#include "cli/render/check_words.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::cli::render {

namespace {

/// Zones whose names are told beside the first.
constexpr std::size_t kNamed = 3;

/// Findings of one rule that come from one place of a spec, from however many zones.
struct Shared {
  base::Diagnostic first;
  dns::Name zone;
  std::set<std::string> others;
};

std::string others_words(const std::set<std::string>& others) {
  std::vector<std::string> names;
  names.reserve(kNamed);
  for (const std::string& name : others) {
    if (names.size() == kNamed) break;
    names.push_back(name);
  }
  const bool all = names.size() == others.size();
  return "the same in " + base::counted(others.size(), "other zone") + (all ? ": " : ", such as ") +
         base::join(names, ", ");
}

void count(CheckWords& words, base::Severity severity) {
  switch (severity) {
    case base::Severity::error: ++words.errors; break;
    case base::Severity::warning: ++words.warnings; break;
    case base::Severity::info: ++words.remarks; break;
  }
}

std::string summary_of(const CheckWords& words, std::size_t zones) {
  std::string text = base::counted(zones, "zone") + ": ";
  text += words.errors == 0 ? "no errors" : base::counted(words.errors, "error");
  if (words.warnings != 0) text += ", " + base::counted(words.warnings, "warning");
  if (words.remarks != 0) text += ", " + base::counted(words.remarks, "remark");
  return text;
}

}  // namespace

CheckWords check_words(const engine::Report& report, Remarks remarks) {
  CheckWords words;
  for (const auto& diagnostic : report.diagnostics.all()) {
    count(words, diagnostic.severity);
    words.shown.push_back(diagnostic);
  }
  std::map<std::tuple<std::string, std::string, base::Severity>, Shared> shared;
  for (const engine::ZoneReport& zone : report.zones) {
    for (const auto& one : zone.not_checked) words.not_checked[one.reason].insert(one.rule);
    for (const base::Diagnostic& finding : zone.findings) {
      count(words, finding.severity);
      if (finding.severity == base::Severity::info && remarks == Remarks::hidden) continue;
      const std::string place = finding.pos.text();
      // Without a place, or again in the same zone, it is another record that is meant.
      const auto known = shared.find({place, finding.rule, finding.severity});
      if (!place.empty() && known != shared.end() && known->second.zone != zone.zone) {
        known->second.others.insert(zone.zone.display());
      } else if (!place.empty() && known == shared.end()) {
        shared.emplace(std::tuple(place, finding.rule, finding.severity),
                       Shared{finding, zone.zone, {}});
      } else {
        words.shown.push_back(finding);
      }
    }
  }
  for (auto& [key, one] : shared) {
    if (!one.others.empty()) one.first.notes.push_back({others_words(one.others), {}});
    words.shown.push_back(std::move(one.first));
  }
  std::stable_sort(words.shown.begin(), words.shown.end(), base::stands_before);
  words.summary = summary_of(words, report.zones.size());
  return words;
}

}  // namespace mxsmith::cli::render
