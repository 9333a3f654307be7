// Words for those who are turned away: who works on a zone, or has changed it, as the ref tells.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "state/git_commits.hpp"
#include "state/git_lease.hpp"
#include "state/store.hpp"

namespace mxsmith::state {

/// What stands in the way of the change in the commit that others have pushed: Error{locked} when
/// an entry is open there, else Error{conflict}.
base::Error describe_conflict(const GitChange& change, const std::string& commit, GitRef& ref,
                              base::Instant now);

/// A run of another clone has begun an entry and is not known to be dead.
base::Error still_at_work(const ZoneKey& zone, const EntryInfo& begun, const Lease& lease,
                          Liveness liveness);

/// Somebody has closed an entry of ours while we were at work.
base::Error taken_over(const ZoneKey& zone, std::uint64_t entry);

}  // namespace mxsmith::state
