#include "cli/render/impact_words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace mxsmith::cli::render {

namespace {

using Effect = plan::Impact::Effect;
using Line = plan::Impact::Line;

/// More names than these are not listed one by one.
constexpr std::size_t kMostNames = 4;

std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = names.size() <= kMostNames + 1 ? names.size() : kMostNames;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    text.append(i == 0 ? "" : last ? " and " : ", ").append(names[i]);
  }
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

std::string lookups_words(const plan::Impact::Sending& sending) {
  const std::string now = std::to_string(sending.lookups_now);
  const std::string after = std::to_string(sending.lookups_after);
  if (sending.lookups_complete) return "lookups " + now + " -> " + after + " of 10";
  std::string words = "at least " + after + " of 10 lookups";
  if (sending.lookups_now != sending.lookups_after) words += " (now " + now + ")";
  const auto& names = sending.not_looked_up;
  if (names.empty()) return words;
  return words + ": " + listed(names) + (names.size() == 1 ? " was" : " were") + " not looked up";
}

/// Those that no new term names: what mx, a and records of the zone stand for.
std::vector<std::string> gained_beyond(const plan::Impact::Sending& sending) {
  std::vector<std::string> beyond;
  for (const auto& network : sending.addresses_gained) {
    const auto& named = sending.gains;
    if (std::find(named.begin(), named.end(), network) == named.end()) beyond.push_back(network);
  }
  return beyond;
}

std::string line_words(const plan::Impact& impact, const Line& line) {
  const auto key = std::find_if(impact.keys.begin(), impact.keys.end(),
                                [&](const auto& one) { return key_subject(one) == line.about; });
  std::string words = line.about + ": " + line.text;
  // The key's own words tell more: which it was, which it is.
  if (key != impact.keys.end() && line.part == "p") {
    words = line.about + ": " + (key->sign == '-' ? "gone, was " : "") + key->text;
  }
  const bool named = line.affected.empty() || line.text.rfind(line.affected, 0) == 0;
  return named ? words : words + "; felt by " + line.affected;
}

}  // namespace

std::string sending_words(const plan::Impact::Sending& sending) {
  std::string words = "nobody loses the right to send";
  if (!sending.loses.empty()) {
    words =
        base::counted(sending.loses.size(), "sender loses", "senders lose") + " the right to send";
  }
  const auto gained = gained_beyond(sending);
  if (!gained.empty())
    words += "; " + listed(gained) + (gained.size() == 1 ? " gains" : " gain") + " it";
  return words + "; " + lookups_words(sending);
}

std::vector<std::string> weaker_words(const plan::Impact& impact) {
  std::vector<std::string> words;
  for (const Line& line : impact.lines) {
    if (line.effect == Effect::weaker) words.push_back(line_words(impact, line));
  }
  return words;
}

std::vector<std::string> elsewhere_words(const plan::Impact& impact) {
  std::vector<std::string> words;
  for (const Line& line : impact.lines) {
    const bool moves = line.about.rfind("Inbound", 0) == 0 || line.about.rfind("SPF", 0) == 0;
    if (line.domain.empty() || line.effect == Effect::weaker || !moves) continue;
    words.push_back(line.about + ": " + line.text);
  }
  return words;
}

std::string stricter_words(const plan::Impact& impact, const plan::Impact::Policy& policy) {
  std::vector<std::string> affected;
  for (const Line& line : impact.lines) {
    if (line.about != policy.what || line.effect != Effect::stricter) continue;
    if (line.affected.empty()) continue;
    if (std::find(affected.begin(), affected.end(), line.affected) == affected.end()) {
      affected.push_back(line.affected);
    }
  }
  return affected.empty() ? "stricter" : "stricter for " + base::join(affected, ", ");
}

bool has_weaker_line(const plan::Impact& impact, std::string_view about) {
  return std::any_of(impact.lines.begin(), impact.lines.end(), [&](const Line& line) {
    return line.effect == Effect::weaker && line.about == about;
  });
}

std::string key_subject(const plan::Impact::Key& key) { return "DKIM key " + key.selector; }

bool is_minor(const base::Diagnostic& finding) {
  return finding.severity == base::Severity::info && !finding.record.empty();
}

std::vector<std::string> findings_counts(const plan::ZonePlan& plan, std::size_t hidden) {
  std::vector<std::string> words;
  if (hidden != 0) {
    words.push_back(base::counted(hidden, "remark") + " (--verbose shows " +
                    (hidden == 1 ? "it)" : "them)"));
  }
  if (plan.findings_before != 0) {
    words.push_back(base::counted(plan.findings_before, "finding was", "findings were") +
                    " there before and " + (plan.findings_before == 1 ? "stays" : "stay") +
                    " (mxsmith check tells those about the spec)");
  }
  return words;
}

}  // namespace mxsmith::cli::render
