// The journal of the file store: a file that grows line by line and is then renamed into history.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/file.hpp"
#include "state/codec.hpp"
#include "state/store.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::state {

/// Creates the journal with `begin` in it; file and folder are on disk when this returns. When that
/// fails, nothing stays behind, or a torn file that discard_torn removes, or, if even the removal
/// failed, an entry that was begun and sent nothing.
std::unique_ptr<Journal> create_journal(const ZoneFolder& folder, const BeginLine& begin,
                                        const plan::ZonePlan& plan);

/// Goes on with the journal whose text this is. A torn end is cut off first.
std::unique_ptr<Journal> resume_journal(const ZoneFolder& folder, const EntryText& text);

/// Turns the ended journal into the newest entry of history: manifest first, then the rename, so
/// that a run that dies in between leaves `end` as the last line and the next one does the same
/// again.
EntryInfo seal_journal(const ZoneFolder& folder);

}  // namespace mxsmith::state
