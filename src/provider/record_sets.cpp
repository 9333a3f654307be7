#include "provider/record_sets.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::provider {

namespace {

using Record = RecordApi::Record;

/// Records of one key, in the order in which they were read.
class Group {
 public:
  void add(Record record) {
    const auto same = [&](const Record& known) {
      return known.ttl == record.ttl && known.meta == record.meta &&
             known.foreign == record.foreign;
    };
    const bool twice = set_.values.empty() ? false : set_.has(record.value);
    uneven_ = uneven_ || twice || (!records_.empty() && !same(records_.front()));
    if (records_.empty()) set_ = {record.key.name, record.key.type, record.ttl, {}};
    if (!twice) {
      set_.values.push_back(record.value);
      ids_.push_back(record.id);
      owners_.push_back(record.foreign);
    }
    records_.push_back(std::move(record));
  }

  [[nodiscard]] bool uneven() const { return uneven_; }
  std::vector<Record> take_records() { return std::move(records_); }

  plan::LiveSet live_set() {
    auto extra = std::make_shared<plan::LiveExtra>();
    const bool all_foreign = std::all_of(owners_.begin(), owners_.end(), is_somebody);
    const bool some_foreign = std::any_of(owners_.begin(), owners_.end(), is_somebody);
    // In a mixed set TTL and metadata are those of the records that can be changed.
    const auto counts = [&](const Record& record) { return all_foreign || record.foreign.empty(); };
    const auto first = std::find_if(records_.begin(), records_.end(), counts);
    set_.ttl = first->ttl;
    for (const Record& record : records_) {
      if (counts(record)) set_.ttl = std::min(set_.ttl, record.ttl);
    }
    extra->meta = first->meta;
    extra->record_ids = std::move(ids_);
    if (all_foreign) {
      extra->foreign = owners_.front();
    } else if (some_foreign) {
      extra->foreign_values = std::move(owners_);
    }
    return {std::move(set_), std::move(extra)};
  }

 private:
  static bool is_somebody(const std::string& owner) { return !owner.empty(); }

  dns::RRset set_;
  std::vector<std::string> ids_;
  std::vector<std::string> owners_;
  std::vector<Record> records_;
  bool uneven_ = false;
};

/// The records behind a set, each with its id.
std::vector<Record> records_of(const plan::LiveZone& live, const dns::Key& key) {
  if (const auto* memory = dynamic_cast<const RecordMemory*>(live.native.get())) {
    if (const auto* records = memory->uneven(key)) return *records;
  }
  const plan::LiveSet* set = live.find(key);
  if (set == nullptr) return {};
  std::vector<Record> records;
  for (std::size_t i = 0; i < set->set.values.size(); ++i) {
    const bool has_id = set->extra && i < set->extra->record_ids.size();
    records.push_back({key, set->set.ttl, set->set.values[i],
                       has_id ? set->extra->record_ids[i] : std::string(),
                       std::string(set->foreign()), set->meta()});
  }
  return records;
}

/// The writes of one change. `records_` is what is left of the live records as ops use them up.
class ChangeWrites {
 public:
  ChangeWrites(const plan::LiveZone& live, const plan::Change& change, plan::Support in_place)
      : change_(change), in_place_(in_place), records_(records_of(live, change.key)) {}

  std::vector<RecordWrite> plan_writes() {
    // Metadata that the change does not speak of stays as each record has it.
    meta_changes_ = change_.before && change_.after && change_.before->meta != change_.after->meta;
    set_aside_foreign();
    const std::vector<plan::RecordOp> ops = plan::record_ops(change_, in_place_);
    for (const plan::RecordOp& op : ops) add(op);
    settle_the_rest();
    return std::move(writes_);
  }

 private:
  using Kind = RecordWrite::Kind;

  /// Values of others stay as they are, whatever becomes of the set's TTL and metadata.
  void set_aside_foreign() {
    const auto ours =
        std::stable_partition(records_.begin(), records_.end(),
                              [](const Record& record) { return record.foreign.empty(); });
    foreign_.assign(std::make_move_iterator(ours), std::make_move_iterator(records_.end()));
    records_.erase(ours, records_.end());
  }

  [[nodiscard]] const Record* foreign_record(const dns::Rdata& value) const {
    const auto found = std::find_if(foreign_.begin(), foreign_.end(),
                                    [&](const Record& record) { return record.value == value; });
    return found == foreign_.end() ? nullptr : &*found;
  }

  void add(const plan::RecordOp& op) {
    if (op.before && op.after && *op.before == *op.after && foreign_record(*op.before)) return;
    switch (op.kind) {
      case plan::RecordOp::Kind::create: create(*op.after); break;
      case plan::RecordOp::Kind::update: update(*op.before, *op.after); break;
      case plan::RecordOp::Kind::remove: remove(*op.before); break;
    }
  }

  void create(const dns::Rdata& value) {
    if (foreign_record(value) != nullptr) return;
    writes_.push_back(
        {Kind::create, {change_.key, change_.after->set.ttl, value, {}, {}, change_.after->meta}});
  }

  void update(const dns::Rdata& before, const dns::Rdata& after) {
    send_update(take(before), after);
    remove_copies(before);
  }

  void remove(const dns::Rdata& value) {
    writes_.push_back({Kind::remove, take(value)});
    remove_copies(value);
  }

  void send_update(Record before, const dns::Rdata& value) {
    Record record = before;
    record.value = value;
    record.ttl = change_.after->set.ttl;
    if (meta_changes_) record.meta = change_.after->meta;
    writes_.push_back({Kind::update, std::move(record), std::move(before)});
  }

  /// Records that no op spoke of hold values that stay. They get the TTL and metadata that the set
  /// is to have; where a record cannot be changed it is made anew.
  void settle_the_rest() {
    if (!change_.after) return;
    const plan::SetState& after = *change_.after;
    for (Record& record : std::exchange(records_, {})) {
      const bool stays = after.set.has(record.value);
      if (!stays ||
          (record.ttl == after.set.ttl && (!meta_changes_ || record.meta == after.meta))) {
        continue;
      }
      if (in_place_ == plan::Support::yes) {
        const dns::Rdata value = record.value;
        send_update(std::move(record), value);
      } else {
        const dns::Rdata value = record.value;
        writes_.push_back({Kind::remove, std::move(record)});
        create(value);
      }
    }
  }

  Record take(const dns::Rdata& value) {
    const std::string key = change_.key.text();
    if (const Record* foreign = foreign_record(value)) {
      base::Error error(base::ErrorKind::unsupported,
                        key + " " + dns::print_rdata(value) + " belongs to " + foreign->foreign);
      throw error.about(key);
    }
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [&](const Record& record) { return record.value == value; });
    if (found == records_.end()) {
      base::Error error(base::ErrorKind::conflict,
                        key + " no longer holds " + dns::print_rdata(value));
      throw error.about(key);
    }
    Record record = std::move(*found);
    records_.erase(found);
    return record;
  }

  /// A value that goes must go altogether, also where the provider stored it twice.
  void remove_copies(const dns::Rdata& value) {
    const auto is_copy = [&](const Record& record) { return record.value == value; };
    for (auto at = std::find_if(records_.begin(), records_.end(), is_copy); at != records_.end();
         at = std::find_if(records_.begin(), records_.end(), is_copy)) {
      writes_.push_back({Kind::remove, std::move(*at)});
      records_.erase(at);
    }
  }

  const plan::Change& change_;
  plan::Support in_place_;
  bool meta_changes_ = false;
  std::vector<Record> records_;
  std::vector<Record> foreign_;
  std::vector<RecordWrite> writes_;
};

}  // namespace

const std::vector<Record>* RecordMemory::uneven(const dns::Key& key) const {
  const auto found = uneven_.find(key);
  return found == uneven_.end() ? nullptr : &found->second;
}

void RecordMemory::keep_uneven(const dns::Key& key, std::vector<Record> records) {
  uneven_.emplace(key, std::move(records));
}

plan::LiveZone group_records(const plan::ZoneRef& zone, std::vector<Record> records,
                             std::shared_ptr<RecordMemory> memory) {
  std::vector<Group> groups;
  std::unordered_map<dns::Key, std::size_t> positions;
  for (Record& record : records) {
    const auto [at, is_new] = positions.emplace(record.key, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].add(std::move(record));
  }
  plan::LiveZone live(zone);
  live.reserve(groups.size());
  for (Group& group : groups) {
    plan::LiveSet set = group.live_set();
    if (group.uneven()) memory->keep_uneven(set.set.key(), group.take_records());
    live.add(std::move(set));
  }
  live.native = std::move(memory);
  return live;
}

std::vector<RecordWrite> record_writes(const plan::LiveZone& live, const plan::Change& change,
                                       plan::Support update_in_place) {
  return ChangeWrites(live, change, update_in_place).plan_writes();
}

}  // namespace mxsmith::provider
