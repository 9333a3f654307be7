// Guards: what a plan makes worse than it found. Each is let through one by one, for one zone,
// never all at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "dns/rrset.hpp"

namespace mxsmith::plan {

/// The ids that [[allow]] and --allow take; docs/guards.md says of each what it protects from.
struct GuardInfo {
  std::string_view id;
  std::string_view protects;  ///< One sentence.
};
std::span<const GuardInfo> all_guards();
const GuardInfo* find_guard(std::string_view id);

/// A finding of severity error (mail/rule.hpp) that a plan brings. A person who looks at the plan
/// sees it on top: a review lets it through.
inline constexpr std::string_view kNewError = "new-error";

struct GuardFinding {
  std::string id;              ///< "mx-removed", "spf-sender-removed", "drift", ...
  std::string message;         ///< What would get worse, naming the record.
  std::vector<dns::Key> keys;  ///< Sets it is about.
  base::SourcePos pos;
  bool allowed = false;
  std::string allowed_by;  ///< "spec: old relay is off since May", "--allow", "was so before"
};

}  // namespace mxsmith::plan
