// Judging a set of changes: what they mean for mail, which guards they trip, what is worth a
// remark.
//
// All of it looks at the zone as it is and as it would be, never at requests; a guard speaks only
// of what gets worse.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/guard.hpp"
#include "plan/impact_case.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// Inbound mail, right to send, keys and policies before and after.
Impact impact_of(const ImpactCase& seen);

/// Guards that the changes and gaps trip, none let through yet: mx-removed, null-mx-conflict,
/// spf-lost, spf-doubled, spf-lookups, spf-void-lookups, spf-sender-removed, dmarc-weakened,
/// dkim-key-removed, dkim-key-replaced, mta-sts-mx, tlsa-unmatched, apex-ns, mass-delete, gap.
std::vector<GuardFinding> judge(const ImpactCase& seen, const std::vector<Gap>& gaps,
                                std::size_t sets_in_scope);

/// Remarks on what the plan brings about (severity warning or info): spf-hardened-at-move and the
/// like.
std::vector<base::Diagnostic> remarks(const ImpactCase& seen, const Impact& impact);

/// What a careful administrator would still check and this program did not.
std::vector<std::string> not_checked(const ImpactCase& seen, const Impact& impact);

}  // namespace mxsmith::plan
