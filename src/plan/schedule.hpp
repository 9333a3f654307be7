// The order of changes: publish before the move, move, tighten after; and a simulation of every
// state in between.
#pragma once

#include <vector>

#include "dns/zone.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// Distributes the changes over steps. Where the traits make a whole step atomic without limit of
/// size, one step holds everything; swaps at one name (CNAME against other types, null MX) always
/// share a step.
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
