// A state as the spec that a user would write for it.
#pragma once

#include <string>

#include "conformance/story.hpp"

namespace mxsmith::conformance {

/// TOML: the zone, `manage`, a [[record]] for each set among the state's records, its blocks.
std::string spec_text(const dns::Name& zone, const std::string& manage, const State& state);

/// One [[record]]; the lines are of one owner and type. `meta` is an inline table or empty.
std::string record_block(const std::vector<Line>& lines, const std::string& meta = {});

}  // namespace mxsmith::conformance
