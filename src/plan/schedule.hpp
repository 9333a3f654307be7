// The order of changes: publish before the move, move, tighten after; and a simulation of every
// state in between.
#pragma once

#include <vector>

#include "dns/zone.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// What a change weighs in a step; see StepCost.
std::size_t octets_of(const Change& change, const StepCost& cost);
/// How many values it counts for in a step.
std::size_t values_of(const Change& change, const StepCost& cost);

/// Distributes the changes over steps. Where a whole step is atomic and everything fits into one,
/// one step holds everything. Steps pass no limit of the traits, yet swaps at one name (CNAME
/// against other types) always share a step: a swap, or a single set, that is larger than a limit
/// stands alone in its step.
std::vector<Step> schedule(const std::vector<Change>& changes, const Traits& traits);

/// Every state a resolver could see on the way, the last included, restricted to the names that
/// change. `live` serves for what else stands at those names.
std::vector<dns::Zone> visible_states(const std::vector<Change>& changes,
                                      const std::vector<Step>& steps, const LiveZone& live,
                                      const Traits& traits);

/// What is wrong in those states that is wrong neither before nor after.
std::vector<Gap> find_gaps(const std::vector<Change>& changes, const std::vector<Step>& steps,
                           const LiveZone& live, const Traits& traits);

/// Whether a zone could be served: no CNAME beside other data (but at the apex, where a CNAME is a
/// provider's own kind of record), no two CNAMEs, no empty set. The
/// message, or nothing.
std::vector<std::string> illegalities(const dns::Zone& zone);

}  // namespace mxsmith::plan
