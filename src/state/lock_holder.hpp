// Who holds a lock, as text: written into the lock file, and read by whoever is turned away. It
// serves messages only and may be missing, old or damaged.
#pragma once

#include <string>
#include <string_view>

#include "state/store.hpp"

namespace mxsmith::state {

std::string print_lock_holder(const Actor& actor, base::Instant since);

/// "kim@build7 (pid 4711) since 16:31 UTC: mxsmith apply"; with the date when that was not on the
/// day of `now`; "another run" when the text says nothing.
std::string describe_lock_holder(std::string_view text, base::Instant now);

}  // namespace mxsmith::state
