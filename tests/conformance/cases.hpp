// Every test case of the conformance list: each group for each subject.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "conformance/walk.hpp"

namespace mxsmith::conformance {

struct Case {
  std::string name;  ///< "zonefile: Null MX at the apex"
  std::string tags;
  std::function<std::vector<Failure>()> run;
};

std::vector<Case> all_cases();

}  // namespace mxsmith::conformance
