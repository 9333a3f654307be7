// Many customers' zones get the same change, each under its own name: told apart only by that name,
// they are one.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/digest.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

namespace {

bool is_host_sign(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// Whether [begin, end) of `text` is the whole name, or the end of a longer one below it: not part
/// of a longer label, and no name goes on behind it.
bool is_whole_name(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_host_sign(text[begin - 1])) return false;
  if (end == text.size()) return true;
  if (is_host_sign(text[end])) return false;
  return text[end] != '.' || end + 1 == text.size() || !is_host_sign(text[end + 1]);
}

/// The text with the zone's name set aside. The mark cannot stand in presentation text, where
/// control characters are escaped.
std::string without_zone(std::string_view text, std::string_view zone) {
  constexpr char kMark = '\x01';
  std::string result;
  std::size_t from = 0;
  if (!zone.empty()) {
    for (auto at = text.find(zone); at != std::string_view::npos; at = text.find(zone, at + 1)) {
      if (at < from || !is_whole_name(text, at, at + zone.size())) continue;
      result.append(text, from, at - from);
      result += kMark;
      from = at + zone.size();
    }
  }
  result.append(text, from, std::string_view::npos);
  return result;
}

void add_state(std::string& text, const std::optional<SetState>& state, std::string_view zone) {
  if (!state) {
    text += "-\n";
    return;
  }
  text += std::to_string(state->set.ttl) + "\n";
  std::vector<std::string> values;
  for (const auto& value : state->set.values) {
    values.push_back(without_zone(dns::print_rdata(value), zone));
  }
  std::sort(values.begin(), values.end());
  for (const auto& value : values) text += value + "\n";
  for (const auto& [name, value] : state->meta)
    text.append(name).append("\x02").append(value) += '\n';
}

/// Everything that is shown of a plan but its zone, as text to compare.
std::string fingerprint(const ZonePlan& plan) {
  std::string zone = plan.zone.text();
  if (!zone.empty()) zone.pop_back();
  std::string text = plan.target.provider + "\n" + std::string(plan_kind_name(plan.kind)) + "\n";
  // Changes stand sorted by key, and below their own apexes equal names sort alike.
  for (const auto& change : plan.changes) {
    text += without_zone(change.key.name.text_relative_to(plan.zone), zone) + "/" +
            dns::type_name(change.key.type) + "\n";
    add_state(text, change.before, zone);
    add_state(text, change.after, zone);
  }
  for (const auto& step : plan.steps) {
    for (const std::size_t i : step.changes) text += std::to_string(i) + " ";
    text += step.atomic ? "at once\n" : "one by one\n";
  }
  // What follows from records that stay is told apart as well.
  const auto add = [&](const std::string& words) { text += without_zone(words, zone) + "\n"; };
  for (const auto& line : plan.impact.lines) add(line.about + "\x02" + line.text);
  for (const auto& sender : plan.impact.sending.loses) add(sender);
  for (const auto& finding : plan.findings) add(finding.rule + "\x02" + finding.message);
  for (const auto& guard : plan.guards) {
    text += guard.id + (guard.allowed ? " allowed\n" : " refuses\n");
  }
  return base::sha256_hex(text);
}

}  // namespace

std::vector<std::vector<std::size_t>> group_equal(const std::vector<ZonePlan>& plans) {
  std::vector<std::vector<std::size_t>> groups;
  std::unordered_map<std::string, std::size_t> group_of;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const auto [found, is_new] = group_of.try_emplace(fingerprint(plans[i]), groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(i);
  }
  return groups;
}

}  // namespace mxsmith::plan
