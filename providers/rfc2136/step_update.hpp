// A step as one UPDATE message: what each set held before as its condition, then the deeds.
#pragma once

#include "plan/live.hpp"
#include "provider/provider.hpp"
#include "resolve/primary.hpp"

namespace mxsmith::providers::rfc2136 {

/// Throws Error{unsupported} for a set that only the server changes. Without deeds there is nothing
/// to send.
///
/// Servers drop silently what does not fit at that moment: other data beside a CNAME, DS without
/// NS, the last apex NS. So what goes goes first, NS come before the rest, and at the apex new NS
/// come before the old ones go.
resolve::Update step_update(const plan::LiveZone& live, const provider::Step& step);

/// What a change weighs in such a message, at most.
plan::StepCost update_cost();
/// What may be in one, with room for header and signature.
inline constexpr std::size_t kMaxOctets = 64000;

}  // namespace mxsmith::providers::rfc2136
