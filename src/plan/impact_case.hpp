// A set of changes over a zone, as all that judge it look at it: both states of the zone, DNS
// beyond it, and what SPF comes to, each worked out once.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "mail/declared.hpp"
#include "plan/change.hpp"
#include "plan/facts.hpp"
#include "plan/live.hpp"
#include "plan/mail_view.hpp"
#include "plan/spf_reach.hpp"
#include "plan/world.hpp"

namespace mxsmith::plan {

/// A spec that says nothing beside records, or none.
inline const mail::Declared kNothingDeclared{};

/// Every argument must outlive it. One thread at a time: what is asked for is worked out then.
class ImpactCase {
 public:
  ImpactCase(const std::vector<Change>& its_changes, const LiveZone& live, const Facts& its_facts,
             const mail::Declared& its_declared = kNothingDeclared)
      : changes(its_changes),
        apex(live.apex()),
        facts(its_facts),
        declared(its_declared),
        views(its_changes, live),
        world(views, its_facts) {}
  ImpactCase(const ImpactCase&) = delete;
  ImpactCase& operator=(const ImpactCase&) = delete;
  ImpactCase(ImpactCase&&) = delete;
  ImpactCase& operator=(ImpactCase&&) = delete;
  ~ImpactCase() = default;

  /// Who may send by the records of that name.
  [[nodiscard]] const SpfTurn& spf_turn(const dns::Name& name) const;
  /// What they cost a receiver, in both states.
  [[nodiscard]] const SpfCosts& spf_costs(const dns::Name& name) const;

  const std::vector<Change>& changes;
  const dns::Name& apex;
  const Facts& facts;
  const mail::Declared& declared;
  const Views views;
  /// Asking is no change that anybody sees.
  mutable World world;

 private:
  mutable std::unordered_map<dns::Name, SpfTurn> turns_;
  mutable std::unordered_map<dns::Name, SpfCosts> costs_;
};

}  // namespace mxsmith::plan
