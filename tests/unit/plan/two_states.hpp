// A zone before and after, written as lines, for tests of what a plan means.
#pragma once

#include <string>
#include <vector>

#include "plan/change.hpp"
#include "plan/live.hpp"

namespace mxsmith::tests {

/// "OWNER [TTL] TYPE RDATA" lines under example.com, owners relative, TTL 3600 where none is given.
dns::Zone zone_of(const std::vector<std::string>& lines);

struct TwoStates {
  plan::LiveZone live;
  std::vector<plan::Change> changes;
};
TwoStates two_states(const std::vector<std::string>& before, const std::vector<std::string>& after);

/// The one change between two states of one set.
plan::Change change_of(const std::vector<std::string>& before,
                       const std::vector<std::string>& after);

}  // namespace mxsmith::tests
