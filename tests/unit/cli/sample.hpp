// A plan as an administrator meets it: a domain moves to a new mail service. Made by hand, so that
// renderers are tested without anything that makes plans.
#pragma once

#include "engine/engine.hpp"
#include "plan/plan.hpp"

namespace mxsmith::tests {

/// Four sets change in two atomic steps; all guards passed.
plan::ZonePlan go_live_plan();
/// A record that broke, a policy that weakens, a key revoked, senders lost, mail below the apex
/// moved.
plan::ZonePlan weakened_plan();
/// A report with that plan, as `plan` makes it.
engine::Report report_of(std::vector<plan::ZonePlan> plans, engine::ZoneStatus status);
base::Instant instant(const char* text);

}  // namespace mxsmith::tests
