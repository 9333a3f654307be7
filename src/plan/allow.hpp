// Letting guards through, one by one and for one zone.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "plan/desired.hpp"
#include "plan/guard.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// The id of a hold by hand among a plan's findings. It is no guard: nothing lets it through but
/// lifting the hold.
inline constexpr std::string_view kHeld = "held";

/// Marks what `[[allow]]`, `--allow` and a review let through. An entry that would have, but for
/// its `until`, is told in `findings`.
void let_through(std::vector<GuardFinding>& guards, const PlanInput& input,
                 base::Diagnostics& findings);

/// What the state of the zone says against any plan for it: held by hand, undone by a rollback, a
/// stage that never ran.
std::vector<GuardFinding> standing_objections(const PlanInput& input,
                                              const std::vector<Change>& changes);

}  // namespace mxsmith::plan
