#include "state/store.hpp"

namespace mxsmith::state {

std::string ZoneKey::text() const { return zone.display() + " at " + account; }

std::string_view status_name(EntryStatus status) {
  switch (status) {
    case EntryStatus::open: return "open";
    case EntryStatus::applied: return "applied";
    case EntryStatus::partly: return "partly";
    case EntryStatus::failed: return "failed";
    case EntryStatus::aborted: break;
  }
  return "aborted";
}

}  // namespace mxsmith::state
