// What the rules of mail (mail/rule.hpp) say of a zone because of a plan, and what they said of it
// before. Private to src/plan/*.cpp.
#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostic.hpp"
#include "mail/rule.hpp"
#include "plan/change.hpp"
#include "plan/desired.hpp"
#include "plan/guard.hpp"
#include "plan/impact_case.hpp"

namespace mxsmith::plan {

struct BroughtFindings {
  std::vector<mail::ZoneFinding> brought;  ///< New because of the changes; worst first.
  std::size_t before = 0;                  ///< Those that were there and stay.
};

/// Judges the zone as it is and as it would be. Without changes nothing is judged.
BroughtFindings brought_findings(const ImpactCase& seen, const mail::Catalogue& services);

/// The findings as those of a plan, each at the place that asks for its record.
std::vector<base::Diagnostic> as_diagnostics(const BroughtFindings& found,
                                             const std::vector<Change>& changes,
                                             const Desired& desired);

/// Guard new-error: new findings of severity error, but for records of which another guard speaks
/// already.
std::vector<GuardFinding> judge_errors(const std::vector<base::Diagnostic>& brought,
                                       const std::vector<GuardFinding>& others);

}  // namespace mxsmith::plan
