// How the values of a TXT set read when they change. Private to src/plan/describe*.cpp.
#pragma once

#include <string>
#include <vector>

#include "dns/name.hpp"
#include "plan/change.hpp"

namespace mxsmith::plan {

/// Deltas, headline and untouched values for a TXT set; `before` or `after` may be empty.
ChangeText describe_txt(const dns::Name& name, const std::vector<std::string>& before,
                        const std::vector<std::string>& after);

}  // namespace mxsmith::plan
