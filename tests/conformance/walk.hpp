// Walks a provider through a group of the list, the way a user goes: write the spec, plan, apply,
// look again.
#pragma once

#include <string>
#include <vector>

#include "conformance/story.hpp"
#include "conformance/subject.hpp"

namespace mxsmith::conformance {

struct Failure {
  std::string state;  ///< The row: its title.
  std::string what;
};

/// After each state:
/// 1. what the traits say cannot be stored was refused at plan time, by name, and nothing sent;
/// 2. plan and apply gave at least one change, or none where the row says so;
/// 3. a fresh read and plan give none;
/// 4. the zone holds exactly what the state says, and every set that the state does not speak of is
///    what it was, byte for byte, metadata and all.
/// An empty result is a pass.
std::vector<Failure> walk(Subject& subject, const Group& group);

}  // namespace mxsmith::conformance
