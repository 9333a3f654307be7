// What a signing server has to serve before a step is done there.
//
// BIND with `inline-signing` takes an update at once and serves it a moment later, when a copy of
// the zone has been signed anew. Whoever reads in between sees the zone as it was.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"

namespace mxsmith::providers::rfc2136 {

/// The sets as they should be, as the token of a pending step. After `until` nobody waits any more:
/// what is there by then is there.
std::string print_awaited(const std::vector<plan::Change>& changes, base::Instant until);

/// Whether it is all there, or it is too late.
bool is_over(const std::string& token, const plan::LiveZone& live, base::Instant now);

}  // namespace mxsmith::providers::rfc2136
