// A saved plan against the zone as it is now.
#include <utility>

#include "plan/plan_file.hpp"

namespace mxsmith::plan {

namespace {

bool is_as(const LiveSet* live, const std::optional<SetState>& state) {
  if (live == nullptr || !state) return live == nullptr && !state;
  return live->set == state->set && live->meta() == state->meta;
}

std::string words(const dns::RRset& set) {
  std::string text;
  for (const auto& value : dns::sorted_values(set)) {
    text += (text.empty() ? "" : ", ") + dns::print_rdata(value);
  }
  return text + " (TTL " + std::to_string(set.ttl) + ")";
}

std::string moved_message(const Change& change, const LiveSet* live) {
  const std::string was = change.before ? words(change.before->set) : "not there";
  const std::string is = live != nullptr ? words(live->set) : "not there";
  std::string text = change.key.text() + " was " + was + ", is now " + is;
  if (was == is) text += ", with other metadata";
  return text;
}

/// Positions among the changes that stay; nothing for those that go.
std::vector<std::optional<std::size_t>> new_positions(std::size_t count,
                                                      const std::vector<std::size_t>& gone) {
  std::vector<bool> goes(count, false);
  for (const std::size_t i : gone) goes[i] = true;
  std::vector<std::optional<std::size_t>> positions(count);
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!goes[i]) positions[i] = next++;
  }
  return positions;
}

}  // namespace

Freshness compare_with_live(const ZonePlan& plan, const LiveZone& live) {
  Freshness freshness;
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    const Change& change = plan.changes[i];
    const LiveSet* now = live.find(change.key);
    if (is_as(now, change.before)) {
      freshness.to_do.push_back(i);
    } else if (is_as(now, change.after)) {
      freshness.done.push_back(i);
    } else {
      freshness.moved.push_back({i, moved_message(change, now)});
    }
  }
  return freshness;
}

ZonePlan without_done(const ZonePlan& plan, const Freshness& freshness) {
  if (freshness.done.empty()) return plan;
  ZonePlan rest = plan;
  const auto positions = new_positions(plan.changes.size(), freshness.done);
  rest.changes.clear();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i]) rest.changes.push_back(plan.changes[i]);
  }
  rest.steps.clear();
  std::vector<std::optional<std::size_t>> steps(plan.steps.size());
  for (std::size_t k = 0; k < plan.steps.size(); ++k) {
    Step step{plan.steps[k].title, {}, plan.steps[k].atomic};
    for (const std::size_t i : plan.steps[k].changes) {
      if (positions[i]) step.changes.push_back(*positions[i]);
    }
    if (step.changes.empty()) continue;
    steps[k] = rest.steps.size();
    rest.steps.push_back(std::move(step));
  }
  rest.gaps.clear();
  for (const auto& gap : plan.gaps) {
    if (gap.step < steps.size() && steps[gap.step]) {
      rest.gaps.push_back({*steps[gap.step], gap.message, gap.mail_relevant});
    }
  }
  return rest;
}

}  // namespace mxsmith::plan
