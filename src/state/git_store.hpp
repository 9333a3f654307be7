// The git store: history, manifest, holds and locks in a ref of the project's repository, so that
// every clone of it, and so every run of a pipeline, has the same memory (docs/history-in-git.md).
//
// The files are the file store's, below "PROJECT/", and a copy of them is kept under the
// repository's git directory. `begin` returns only when the ref holds it at the remote: a refused
// push is the lock, and nothing goes to any DNS provider before. The lines in between stay on this
// machine; `end` seals here at once and reaches the remote with the next push, at the latest with
// flush(). An open entry that another clone began tells nothing of what was sent, so all its steps
// count as announced.
//
// Work tree, index, branches and configuration of the user's are never touched. Any thread may use
// the store; each zone by one thread at a time.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/settings.hpp"
#include "state/store.hpp"

namespace mxsmith::state {

/// Finds the repository and fetches the ref. Throws Error{not_found}, Error{usage} when there is no
/// such repository or remote, Error{unavailable} when the remote cannot be asked.
std::unique_ptr<Store> git_store(const base::StateSettings& settings, base::Clock& clock);

}  // namespace mxsmith::state
