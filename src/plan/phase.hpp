// When a change should happen among others: before the move, as the move, or after it.
#pragma once

#include <cstdint>

#include "plan/change.hpp"

namespace mxsmith::plan {

enum class Phase : std::uint8_t {
  publish,  ///< New keys, senders, tokens, addresses; whatever relaxes; lower TTLs.
  move,     ///< MX, CNAME targets, delegations: where traffic goes.
  tighten,  ///< Stricter policies, removals, higher TTLs.
};

/// Judged by what the change does to mail, from its values alone.
Phase phase_of(const Change& change);

}  // namespace mxsmith::plan
