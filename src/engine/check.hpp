// Specs, and zones without one, judged by the rules of mail. Private to src/engine.
#pragma once

#include <vector>

#include "engine/records.hpp"
#include "engine/task.hpp"
#include "mail/service.hpp"

namespace mxsmith::engine {

/// Judges the states of each zone: now, and at every stage to come. A finding that is there from a
/// stage on says so. Fills findings and not_checked of the reports; one task per zone is enough.
void judge_specs(std::vector<Task>& tasks, const spec::Project& project, const Records& records,
                 base::Instant now, base::Diagnostics& diagnostics);

/// A zone as it stands in the records, judged as a whole; places are those of the zone file.
/// Throws Error{not_found} when they hold nothing of it.
ZoneReport judge_records(const dns::Name& zone, const Records& records,
                         const mail::Catalogue& services);

}  // namespace mxsmith::engine
