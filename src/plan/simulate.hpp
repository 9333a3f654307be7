// Playing a schedule: the states that resolvers can see, one write after the other.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "dns/zone.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// Whether a step of this provider becomes visible in one moment.
inline bool visible_at_once(const Traits& traits) {
  return traits.atomic_step == Support::yes || traits.granularity == Granularity::zone;
}

/// The sets of the names that change, as they are at one moment.
using NameSets = std::map<dns::Type, dns::RRset>;
using TouchedNames = std::map<dns::Name, NameSets>;

/// What stands at the names that change before the first write.
TouchedNames touched_names(const std::vector<Change>& changes, const LiveZone& live);

/// Called after each moment at which something became visible: the step, the state, and the names
/// that are new in it.
using Seen = std::function<void(std::size_t step, const TouchedNames& state,
                                const std::vector<dns::Name>& written)>;

/// Plays the steps on `state`, which ends as the zone will be.
void play(const std::vector<Change>& changes, const std::vector<Step>& steps, const Traits& traits,
          TouchedNames& state, const Seen& seen);

}  // namespace mxsmith::plan
