// The PATCH that carries out a step.
#pragma once

#include <string>

#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers::powerdns {

/// Octets of a body that every server takes: webserver-max-bodysize is 2 MB unless somebody lowered
/// it, of which a part is left for what is carried along.
inline constexpr std::size_t kMaxOctets = 2'000'000;
/// The upper bound of what a change adds to the body, as print_patch writes it.
plan::StepCost patch_cost();

/// The body: what goes before what comes, because the server works from front to back and refuses
/// an A beside a CNAME. Disabled records are carried along and comments kept; a set that comes back
/// gets both from what history remembers. Changes that change nothing are left out, since the
/// server raises the serial even for them; an empty text when nothing is left. Throws
/// Error{unsupported} naming the record for what cannot be written.
std::string print_patch(const plan::LiveZone& live, const provider::Step& step);

}  // namespace mxsmith::providers::powerdns
