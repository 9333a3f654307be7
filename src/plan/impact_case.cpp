#include "plan/impact_case.hpp"

namespace mxsmith::plan {

const SpfTurn& ImpactCase::spf_turn(const dns::Name& name) const {
  const auto known = turns_.find(name);
  if (known != turns_.end()) return known->second;
  return turns_.emplace(name, plan::spf_turn(name, views, world)).first->second;
}

const SpfCosts& ImpactCase::spf_costs(const dns::Name& name) const {
  const auto known = costs_.find(name);
  if (known != costs_.end()) return known->second;
  const SpfTurn& turn = spf_turn(name);
  SpfCosts costs{spf_cost(name, turn.before, world.now), spf_cost(name, turn.after, world.after)};
  return costs_.emplace(name, std::move(costs)).first->second;
}

}  // namespace mxsmith::plan
