#include "plan/plan.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "plan/allow.hpp"
#include "plan/brought_findings.hpp"
#include "plan/judge.hpp"
#include "plan/schedule.hpp"

namespace mxsmith::plan {

namespace {

constexpr std::chrono::hours kLongestValid{24};

void append(std::vector<GuardFinding>& to, std::vector<GuardFinding> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// What follows from the changes and their steps alone.
void weigh(ZonePlan& plan, const ImpactCase& seen, const Traits& traits,
           std::size_t sets_in_scope) {
  plan.gaps = find_gaps(plan.changes, plan.steps, seen.views.now.live(), traits);
  plan.impact = impact_of(seen);
  append(plan.guards, judge(seen, plan.gaps, sets_in_scope));
  for (auto& remark : remarks(seen, plan.impact)) plan.findings.push_back(std::move(remark));
  plan.not_checked = not_checked(seen, plan.impact);
}

/// What rules find because of the changes goes before the rest: errors are not to be overlooked.
void take_brought(ZonePlan& plan, const ImpactCase& seen, const PlanInput& input) {
  static const mail::Catalogue kNoServices;
  const auto found =
      brought_findings(seen, input.services == nullptr ? kNoServices : *input.services);
  plan.findings_before = found.before;
  auto findings = as_diagnostics(found, plan.changes, input.desired);
  append(plan.guards, judge_errors(findings, plan.guards));
  std::move(plan.findings.begin(), plan.findings.end(), std::back_inserter(findings));
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.severity > b.severity; });
  plan.findings = std::move(findings);
}

ZonePlan empty_plan(const LiveZone& live, const Target& target, base::Instant now) {
  ZonePlan plan;
  plan.zone = live.apex();
  plan.target = target;
  if (plan.target.zone_id.empty()) plan.target.zone_id = live.ref().id;
  plan.read_at = live.read_at;
  plan.made_at = now;
  plan.valid_until = now + kLongestValid;
  return plan;
}

/// A way back may bring back what was there, however bad: only what the way itself breaks is left
/// to judge.
void let_the_past_through(std::vector<GuardFinding>& guards) {
  for (auto& guard : guards) {
    if (guard.id == "gap") continue;
    guard.allowed = true;
    guard.allowed_by = "was so before";
  }
}

/// Sets that existed before, the measure of how much of a zone vanishes.
std::size_t existing(const std::vector<Change>& changes) {
  return static_cast<std::size_t>(std::count_if(
      changes.begin(), changes.end(), [](const Change& change) { return !!change.before; }));
}

ZonePlan plan_with_steps(ZonePlan plan, const LiveZone& live, const Traits& traits,
                         const Facts& facts) {
  const std::size_t touched = existing(plan.changes);
  plan.left_alone = live.sets().size() - std::min(live.sets().size(), touched);
  weigh(plan, ImpactCase(plan.changes, live, facts), traits, touched);
  if (plan.kind != PlanKind::apply) let_the_past_through(plan.guards);
  return plan;
}

}  // namespace

std::string_view plan_kind_name(PlanKind kind) {
  switch (kind) {
    case PlanKind::apply: return "apply";
    case PlanKind::rollback: return "rollback";
    case PlanKind::redo: break;
  }
  return "redo";
}

bool ZonePlan::refused() const {
  return std::any_of(guards.begin(), guards.end(),
                     [](const GuardFinding& guard) { return !guard.allowed; });
}

ZonePlan::Counts ZonePlan::counts() const {
  Counts counts;
  for (const auto& change : changes) {
    switch (change.kind()) {
      case Change::Kind::create: ++counts.created; break;
      case Change::Kind::update: ++counts.updated; break;
      case Change::Kind::remove: ++counts.removed; break;
    }
  }
  return counts;
}

PlanResult make_plan(const PlanInput& input) {
  Scope scoped = scope(input.desired, input.live, input.previous, input.history, input.traits);
  PlanResult result;
  result.diagnostics = scoped.diagnostics;
  if (scoped.diagnostics.has_errors()) return result;

  ZonePlan plan = empty_plan(input.live, input.target, input.now);
  plan.spec_file = input.spec_file;
  plan.spec_digest = input.desired.digest;
  if (const auto next = input.desired.stages.next_at) {
    plan.valid_until = std::min(plan.valid_until, *next);
  }
  plan.changes = std::move(scoped.changes);
  plan.steps = schedule(plan.changes, input.traits);
  plan.guards = standing_objections(input, plan.changes);
  append(plan.guards, std::move(scoped.guards));
  plan.findings = result.diagnostics.sorted();
  const ImpactCase seen(plan.changes, input.live, input.facts, input.desired.mail);
  weigh(plan, seen, input.traits, input.live.sets().size() - scoped.left_alone);
  take_brought(plan, seen, input);
  base::Diagnostics expired;
  let_through(plan.guards, input, expired);
  plan.findings.insert(plan.findings.end(), expired.all().begin(), expired.all().end());
  plan.notes = std::move(scoped.notes);
  plan.left_alone = scoped.left_alone;
  plan.stages = input.desired.stages;
  plan.manifest = std::move(scoped.manifest);
  result.plan = std::move(plan);
  return result;
}

ZonePlan plan_for_changes(std::vector<Change> changes, const LiveZone& live, const Traits& traits,
                          const Target& target, PlanKind kind, base::Instant now,
                          const Facts& facts) {
  ZonePlan plan = empty_plan(live, target, now);
  plan.kind = kind;
  plan.changes = std::move(changes);
  std::sort(plan.changes.begin(), plan.changes.end(),
            [](const Change& a, const Change& b) { return a.key < b.key; });
  plan.steps = schedule(plan.changes, traits);
  return plan_with_steps(std::move(plan), live, traits, facts);
}

ZonePlan invert(const ZonePlan& plan, const LiveZone& live_after, const Traits& traits,
                base::Instant now) {
  ZonePlan back = empty_plan(live_after, plan.target, now);
  back.kind = plan.kind == PlanKind::rollback ? PlanKind::redo : PlanKind::rollback;
  back.spec_file = plan.spec_file;
  back.title =
      "undo of " + (plan.title.empty() ? std::string(plan_kind_name(plan.kind)) : plan.title);
  for (const auto& change : plan.changes) {
    back.changes.push_back(invert(change));
    back.changes.back().reasons = {{0, "as it was before"}};
  }
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    Step turned = *step;
    std::reverse(turned.changes.begin(), turned.changes.end());
    back.steps.push_back(std::move(turned));
  }
  return plan_with_steps(std::move(back), live_after, traits, {});
}

}  // namespace mxsmith::plan
