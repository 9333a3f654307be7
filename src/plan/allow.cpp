#include "plan/allow.hpp"

#include <algorithm>
#include <utility>

namespace mxsmith::plan {

namespace {

void allow(GuardFinding& guard, std::string by) {
  guard.allowed = true;
  guard.allowed_by = std::move(by);
}

void let_one_through(GuardFinding& guard, const PlanInput& input, base::Diagnostics& findings) {
  if (guard.id == kHeld) return;
  if (std::find(input.allow.begin(), input.allow.end(), guard.id) != input.allow.end()) {
    allow(guard, "--allow");
    return;
  }
  const AllowRule* expired = nullptr;
  for (const auto& rule : input.desired.allow) {
    if (rule.guard != guard.id) continue;
    if (!rule.until || input.now <= *rule.until) {
      allow(guard, "spec: " + rule.reason);
      return;
    }
    expired = &rule;
  }
  if ((guard.id == "drift" || guard.id == kNewError) && input.reviewed) {
    allow(guard, "reviewed");
    return;
  }
  if (expired == nullptr) return;
  findings.warning("allow-expired", expired->pos,
                   "[[allow]] " + guard.id + " would let this through, but ended at " +
                       base::print_instant(*expired->until),
                   "give it a later `until`, with a reason");
}

GuardFinding held(const HoldView& hold) {
  GuardFinding finding;
  finding.id = kHeld;
  finding.message = "the zone is held by hand";
  if (!hold.reason.empty()) finding.message += ": " + hold.reason;
  return finding;
}

GuardFinding rolled_back(const PlanInput& input) {
  GuardFinding finding;
  finding.id = "rolled-back";
  finding.message = "this state of the spec was undone";
  if (!input.hold.undone_by.empty()) finding.message += " (" + input.hold.undone_by + ")";
  finding.message += "; it is refused until the spec says something else";
  finding.pos = input.desired.pos;
  return finding;
}

GuardFinding stage_missed(const StageClock::Window& window) {
  GuardFinding finding;
  finding.id = "stage-missed";
  finding.message = "stage " + window.name + " was to be applied from " +
                    base::print_instant(window.at) + " to " + base::print_instant(window.until) +
                    ", and was not";
  finding.pos = window.pos;
  return finding;
}

}  // namespace

void let_through(std::vector<GuardFinding>& guards, const PlanInput& input,
                 base::Diagnostics& findings) {
  for (auto& guard : guards) let_one_through(guard, input, findings);
}

std::vector<GuardFinding> standing_objections(const PlanInput& input,
                                              const std::vector<Change>& changes) {
  std::vector<GuardFinding> found;
  if (input.hold.by_hand) found.push_back(held(input.hold));
  const auto& undone = input.hold.undone_digests;
  if (std::find(undone.begin(), undone.end(), input.desired.digest) != undone.end()) {
    found.push_back(rolled_back(input));
  }
  if (changes.empty() || input.history == HistoryKnown::no) return found;
  for (const auto& window : input.desired.stages.closed) {
    // The spec as it was just before the stage is the last that was applied: the stage never was.
    if (!window.digest_before.empty() && window.digest_before == input.previous.spec_digest) {
      found.push_back(stage_missed(window));
    }
  }
  return found;
}

}  // namespace mxsmith::plan
