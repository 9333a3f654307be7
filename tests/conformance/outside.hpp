// Somebody else at work in the zone, by the lines of the list.
#pragma once

#include <string>
#include <vector>

#include "conformance/story.hpp"
#include "conformance/subject.hpp"

namespace mxsmith::conformance {

/// The sets that the lines describe, put in place of what is there.
void put_outside(Subject& subject, const dns::Name& zone, const std::vector<std::string>& lines);
void act_outside(Subject& subject, const dns::Name& zone, const std::vector<Outside>& deeds);

}  // namespace mxsmith::conformance
