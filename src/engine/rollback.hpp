// Ways back: undoing entries of history, or going back to an earlier spec. Either is an ordinary
// plan in the end.
#pragma once

#include <vector>

#include "engine/task.hpp"

namespace mxsmith::engine {

/// The account and zone id that a key of the store stands for, by its newest entry.
spec::ProviderChoice choice_for(state::Store& store, const state::ZoneKey& key);

/// A task for each zone that the request is about. Throws Error{not_found} that names what there
/// is.
std::vector<Task> rollback_tasks(const RollbackRequest& request, const spec::Project& project,
                                 state::Store& store, Workshop& workshop,
                                 base::Diagnostics& diagnostics);

/// The plan of one zone; task.live has been read, its lock is held and its journal is settled.
void plan_rollback(Task& task, const RollbackRequest& request, const spec::Project& project,
                   state::Store& store, Workshop& workshop);

}  // namespace mxsmith::engine
