// The guards about changes, one function per subject. Private to src/plan/guards*.cpp.
//
// Each rule compares the zone as it is with the zone as it would be and speaks only of what gets
// worse.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/guard.hpp"
#include "plan/impact_parts.hpp"
#include "plan/mail_view.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// What the rules look at, and where they put what they find.
struct GuardCase {
  const ImpactCase& seen;
  const std::vector<Gap>& gaps;
  std::size_t sets_in_scope;
  std::vector<GuardFinding>& findings;

  [[nodiscard]] const std::vector<Change>& changes() const { return seen.changes; }
  [[nodiscard]] const Views& views() const { return seen.views; }

  /// A finding about one set, at the place of `part` of its change.
  void trip(std::string id, std::string message, const dns::Key& key, std::string_view part = {}) {
    GuardFinding finding;
    finding.id = std::move(id);
    finding.message = std::move(message);
    finding.keys = {key};
    finding.pos = place_of(views().now.change(key), part);
    findings.push_back(std::move(finding));
  }
};

void judge_inbound(
    GuardCase& judged);  ///< mx-removed, null-mx-conflict, mta-sts-mx, tlsa-unmatched
void judge_sending(GuardCase& judged);   ///< spf-*
void judge_policies(GuardCase& judged);  ///< dmarc-weakened, dkim-key-*
void judge_zone(GuardCase& judged);      ///< apex-ns, mass-delete, gap

}  // namespace mxsmith::plan
