// Whether a step that failed is sent again, and when.
//
// The client below (http/retry.hpp) repeats requests that certainly did not get through. What it
// gives up, or could not judge, ends here: the zone has been read back, and only a step of which
// nothing took effect, and which failed for a reason that passes, is sent once more.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "state/store.hpp"

namespace mxsmith::engine {

/// How long to wait before the next try; nothing: do not try again. `tries` were made, 1 or more;
/// `states` is what became of the step's changes. A pause that the server asked for is never
/// shortened; the others are spread at random.
std::optional<std::chrono::milliseconds> pause_before(
    int tries, const base::Error& failure, const std::vector<state::ChangeState>& states);

}  // namespace mxsmith::engine
