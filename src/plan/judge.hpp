// Judging a set of changes: what they mean for mail, which guards they trip, what is worth a
// remark.
//
// All of it looks at the zone as it is and as it would be, never at requests; a guard speaks only
// of what gets worse.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "mail/declared.hpp"
#include "plan/change.hpp"
#include "plan/guard.hpp"
#include "plan/live.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// A spec that says nothing beside records, or none.
inline const mail::Declared kNothingDeclared{};

/// Inbound mail, right to send, keys and policies before and after.
Impact impact_of(const std::vector<Change>& changes, const LiveZone& live, const Facts& facts,
                 const mail::Declared& declared = kNothingDeclared);

/// Guards that the changes and gaps trip, none let through yet: mx-removed, null-mx-conflict,
/// spf-lost, spf-doubled, spf-lookups, spf-void-lookups, spf-sender-removed, dmarc-weakened,
/// dkim-key-removed, dkim-key-replaced, mta-sts-mx, tlsa-unmatched, apex-ns, mass-delete, gap.
std::vector<GuardFinding> judge(const std::vector<Change>& changes, const std::vector<Gap>& gaps,
                                const LiveZone& live, std::size_t sets_in_scope, const Facts& facts,
                                const mail::Declared& declared = kNothingDeclared);

/// Remarks on what the plan brings about (severity warning or info): spf-hardened-at-move and the
/// like.
std::vector<base::Diagnostic> remarks(const std::vector<Change>& changes, const LiveZone& live,
                                      const Impact& impact, const Facts& facts,
                                      const mail::Declared& declared = kNothingDeclared);

/// What a careful administrator would still check and this program did not.
std::vector<std::string> not_checked(const std::vector<Change>& changes, const LiveZone& live,
                                     const Impact& impact, const Facts& facts,
                                     const mail::Declared& declared = kNothingDeclared);

}  // namespace mxsmith::plan
