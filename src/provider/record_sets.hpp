// Single records as record sets, and changes of sets as writes of single records: what providers of
// record granularity share, whether they write one by one or in batches.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "plan/change.hpp"
#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::provider {

/// Memory of a read of single records: those of sets that a LiveSet cannot hold completely, because
/// a record is stored twice or because records of one set differ in TTL, metadata or owner. May be
/// derived from, for what else a provider remembers.
class RecordMemory : public plan::Native {
 public:
  /// The records behind a set as they were read; null: the set says it all.
  [[nodiscard]] const std::vector<RecordApi::Record>* uneven(const dns::Key& key) const;
  void keep_uneven(const dns::Key& key, std::vector<RecordApi::Record> records);

 private:
  std::unordered_map<dns::Key, std::vector<RecordApi::Record>> uneven_;
};

/// Records grouped into sets, ids kept; the lowest TTL of a set's records is the set's. Records of
/// somebody else make their set foreign, or, beside others, their values.
plan::LiveZone group_records(const plan::ZoneRef& zone, std::vector<RecordApi::Record> records,
                             std::shared_ptr<RecordMemory> memory);

struct RecordWrite {
  enum class Kind : std::uint8_t { create, update, remove };
  Kind kind;
  /// For create as it will be, without id; for update as it will be, with the id of what it was;
  /// for remove as it was.
  RecordApi::Record record;
  std::optional<RecordApi::Record> before = {};  ///< update: as it was.
};

/// The writes of one change, in the order of plan::record_ops, matched with the ids of `live`.
/// Metadata that the change does not speak of stays as each record has it. Throws Error{conflict}
/// when a record that is to change was not read, Error{unsupported} when it is somebody else's.
std::vector<RecordWrite> record_writes(const plan::LiveZone& live, const plan::Change& change,
                                       plan::Support update_in_place);

}  // namespace mxsmith::provider
