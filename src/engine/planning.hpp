// From tasks with what is desired to tasks with plans.
#pragma once

#include <map>

#include "engine/task.hpp"

namespace mxsmith::engine {

/// What planning asks for beyond the task.
struct PlanContext {
  base::Instant at{};  ///< The moment the spec was evaluated at.
  bool for_looking = false;
  bool reviewed = false;
  std::vector<AllowOption> allow;
  std::map<dns::Name, plan::Manifest> stand_in;  ///< --previous, by zone.
};

/// Plans against task.live, which must have been read. Sets plan, status and notices.
void plan_task(Task& task, state::Store& store, Workshop& workshop, const PlanContext& context);

/// The manifests that --previous stands for. "auto" reads only what zones without a manifest need.
std::map<dns::Name, plan::Manifest> stand_in_manifests(const PlanRequest& request,
                                                       const spec::Project& project,
                                                       Workshop& workshop, base::Instant now,
                                                       base::Diagnostics& diagnostics);

/// Plans of specs against other specs or a zone file, without any provider.
std::vector<Task> plan_offline(const PlanRequest& request, std::vector<Task> tasks,
                               Workshop& workshop, base::Diagnostics& diagnostics);

/// When one zone is kept at several providers and one of its plans cannot be carried out, the
/// others are skipped: guards are over all before the first write.
void hold_back_siblings(std::vector<Task>& tasks);

/// Zones with a manifest that no spec of the project names any more.
std::vector<state::ZoneKey> abandoned_zones(const spec::Project& project,
                                            const Selection& selection, state::Store& store);

/// The tasks' reports, put into `report` in order.
void collect(std::vector<Task>& tasks, Report& report);

}  // namespace mxsmith::engine
