#include "cli/render/timeline_words.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using mail::SelectorState;
using Kind = spec::Moment::Kind;

constexpr std::size_t kMostSets = 6;

std::string_view state_meaning(SelectorState state) {
  switch (state) {
    case SelectorState::next: return "published ahead, signs nothing yet";
    case SelectorState::active: return "signs from now on";
    case SelectorState::retiring: return "signs no more, stays for mail under way";
    case SelectorState::revoked: break;
  }
  return "its signatures fail from now on";
}

std::string signer_of(const std::string& signer) { return signer.empty() ? "your signer" : signer; }

std::optional<std::string> switch_words(const std::vector<SelectorStep>& steps) {
  std::vector<std::string> sides;
  for (const SelectorStep& step : steps) {
    if (step.after != SelectorState::active || step.before == SelectorState::active) continue;
    sides.push_back(signer_of(step.signer) + " has to sign with selector " + step.selector +
                    " from then on, not before");
  }
  if (sides.empty()) return std::nullopt;
  return base::join(sides, "; ");
}

std::optional<std::string> policy_file_words(const spec::ZoneSpec& spec,
                                             const engine::TimelinePoint& point) {
  if (!point.after.mta_sts || point.before.mta_sts == point.after.mta_sts) return std::nullopt;
  return "serve the MTA-STS policy of that day before: mxsmith mta-sts " + spec.file.string() +
         " --at " + base::print_instant(point.moment.at);
}

std::string summary_of(const engine::TimelinePoint& point) {
  if (point.moment.kind != Kind::stage) return ttl_sets(point);
  std::vector<std::string> parts;
  for (const SelectorStep& step : selector_steps(point)) {
    parts.push_back("selector " + step.selector + " " + step_words(step));
  }
  for (const auto& policy : point.plan.impact.policies) {
    parts.push_back(policy.what + " " + (policy.now.empty() ? "none" : policy.now) + " to " +
                    (policy.after.empty() ? "none" : policy.after));
  }
  if (point.plan.impact.inbound.changes) {
    parts.push_back("inbound mail moves to " + base::join(point.plan.impact.inbound.after, ", "));
  }
  if (point.plan.impact.sending.changes) parts.emplace_back("who may send changes");
  if (parts.empty()) {
    return point.plan.empty() ? "no record changes" : counts_words(point.plan.counts());
  }
  return base::join(parts, "; ");
}

}  // namespace

std::string_view moment_kind_word(Kind kind) {
  switch (kind) {
    case Kind::stage: return "stage";
    case Kind::ttl_down: return "ttl_down";
    case Kind::ttl_up: break;
  }
  return "ttl_up";
}

std::vector<SelectorStep> selector_steps(const engine::TimelinePoint& point) {
  std::vector<SelectorStep> steps;
  for (const auto& old : point.before.selectors) {
    const auto* now = point.after.selector(old.selector);
    if (now != nullptr && now->state == old.state) continue;
    const auto after = now == nullptr ? std::nullopt : std::optional(now->state);
    steps.push_back({old.selector, old.signer, old.state, after});
  }
  for (const auto& now : point.after.selectors) {
    if (point.before.selector(now.selector) != nullptr) continue;
    steps.push_back({now.selector, now.signer, std::nullopt, now.state});
  }
  return steps;
}

std::string step_words(const SelectorStep& step) {
  const auto word = [](const std::optional<SelectorState>& state, std::string_view otherwise) {
    return std::string(state ? mail::selector_state_word(*state) : otherwise);
  };
  return word(step.before, "new") + " -> " + word(step.after, "gone") +
         (step.after ? ": " + std::string(state_meaning(*step.after)) : "");
}

std::vector<std::string> by_hand_words(const spec::ZoneSpec& spec,
                                       const engine::TimelinePoint& point) {
  std::vector<std::string> words;
  if (point.moment.kind != Kind::stage) return words;
  if (auto signing = switch_words(selector_steps(point))) words.push_back(std::move(*signing));
  if (auto file = policy_file_words(spec, point)) words.push_back(std::move(*file));
  for (const auto& guard : point.plan.guards) {
    if (guard.allowed) continue;
    words.push_back("guard " + guard.id + " will refuse it until it is allowed: " + guard.message);
  }
  return words;
}

bool is_told(const engine::TimelinePoint& point) {
  return !point.plan.empty() || point.moment.kind == Kind::stage;
}

std::string ttl_sets(const engine::TimelinePoint& point) {
  std::vector<std::string> sets;
  std::size_t more = 0;
  for (const auto& change : point.plan.changes) {
    if (sets.size() == kMostSets) {
      ++more;
      continue;
    }
    sets.push_back(change.key.name.text_relative_to(point.plan.zone) + " " +
                   dns::type_name(change.key.type) + " " + ttl_words(change));
  }
  std::string text = base::join(sets, ", ");
  if (more != 0) text += " and " + base::counted(more, "more set");
  return "TTL " + text;
}

std::string in_force_words(const engine::Timeline& zone) {
  if (zone.in_force.empty()) {
    return zone.points.empty() ? "no stage, now or ahead" : "no stage is in force yet";
  }
  return std::string(zone.in_force.size() == 1 ? "stage in force: " : "stages in force: ") +
         base::join(zone.in_force, ", ");
}

std::string print_timeline_markdown(const std::vector<engine::Timeline>& zones,
                                    const std::string& text) {
  std::string page;
  for (const auto& zone : zones) {
    page.append("### ").append(base::escape_for_markdown(zone.spec.zone.display()));
    page.append("\n\nNow: ").append(base::escape_for_markdown(in_force_words(zone)));
    page.append("\n\n");
    if (zone.points.empty()) continue;
    page.append("| when | what | meaning |\n|---|---|---|\n");
    for (const auto& point : zone.points) {
      if (!is_told(point)) continue;
      page.append("| ").append(base::print_instant_local(point.moment.at, base::WithDate::yes));
      page.append(" | ").append(base::escape_for_markdown(point.moment.name));
      page.append(" | ").append(base::escape_for_markdown(summary_of(point)));
      for (const auto& task : by_hand_words(zone.spec, point)) {
        page.append("<br>**To do:** ").append(base::escape_for_markdown(task));
      }
      page.append(" |\n");
    }
    page += '\n';
  }
  return page + "<details><summary>All of it, record by record</summary>\n\n" +
         fenced("text", text) + "\n</details>\n";
}

}  // namespace mxsmith::cli::render
