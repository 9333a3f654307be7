// RRset semantics for APIs that know single records.
//
// A read groups records into sets and keeps their ids. A step is turned into record writes and
// matched with ids as a whole before the first of them is sent, so that what cannot be done is
// found while nothing has changed.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "provider/provider.hpp"

namespace mxsmith::provider {

namespace {

using Record = RecordApi::Record;

/// Sets that a LiveSet cannot hold completely: a record stored twice, records of one set that
/// differ in TTL or metadata. Their records as they were read, by key.
struct UnevenSets final : plan::Native {
  std::unordered_map<dns::Key, std::vector<Record>> records;
};

/// Records of one key, in the order in which they were read.
class Group {
 public:
  void add(Record record) {
    const auto same = [&](const Record& known) {
      return known.ttl == record.ttl && known.meta == record.meta;
    };
    const bool twice = set_.values.empty() ? false : set_.has(record.value);
    uneven_ = uneven_ || twice || (!records_.empty() && !same(records_.front()));
    if (records_.empty()) set_ = {record.key.name, record.key.type, record.ttl, {}};
    if (!twice) {
      set_.ttl = std::min(set_.ttl, record.ttl);
      set_.values.push_back(record.value);
      ids_.push_back(record.id);
    }
    if (foreign_.empty()) foreign_ = record.foreign;
    records_.push_back(std::move(record));
  }

  [[nodiscard]] bool uneven() const { return uneven_; }
  std::vector<Record> take_records() { return std::move(records_); }

  plan::LiveSet live_set() {
    auto extra = std::make_shared<plan::LiveExtra>();
    extra->foreign = std::move(foreign_);
    extra->meta = records_.front().meta;
    extra->record_ids = std::move(ids_);
    return {std::move(set_), std::move(extra)};
  }

 private:
  dns::RRset set_;
  std::vector<std::string> ids_;
  std::string foreign_;
  std::vector<Record> records_;
  bool uneven_ = false;
};

plan::LiveZone group_records(const plan::ZoneRef& zone, std::vector<Record> records) {
  std::vector<Group> groups;
  std::unordered_map<dns::Key, std::size_t> positions;
  for (Record& record : records) {
    const auto [at, is_new] = positions.emplace(record.key, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].add(std::move(record));
  }
  plan::LiveZone live(zone);
  live.reserve(groups.size());
  auto uneven = std::make_shared<UnevenSets>();
  for (Group& group : groups) {
    plan::LiveSet set = group.live_set();
    if (group.uneven()) uneven->records.emplace(set.set.key(), group.take_records());
    live.add(std::move(set));
  }
  live.native = std::move(uneven);
  return live;
}

/// The records behind a set, each with its id.
std::vector<Record> records_of(const plan::LiveZone& live, const dns::Key& key) {
  if (const auto* uneven = dynamic_cast<const UnevenSets*>(live.native.get())) {
    const auto found = uneven->records.find(key);
    if (found != uneven->records.end()) return found->second;
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

struct Write {
  enum class Kind : std::uint8_t { create, update, remove };
  Kind kind;
  Record record;
};

/// The writes of one change. `records_` is what is left of the live records as ops use them up.
class ChangeWrites {
 public:
  ChangeWrites(const plan::LiveZone& live, const plan::Change& change, plan::Support in_place)
      : change_(change), in_place_(in_place), records_(records_of(live, change.key)) {}

  std::vector<Write> plan_writes() {
    // Metadata that the change does not speak of stays as each record has it.
    meta_changes_ = change_.before && change_.after && change_.before->meta != change_.after->meta;
    const std::vector<plan::RecordOp> ops = plan::record_ops(change_, in_place_);
    for (const plan::RecordOp& op : ops) add(op);
    settle_the_rest();
    return std::move(writes_);
  }

 private:
  void add(const plan::RecordOp& op) {
    switch (op.kind) {
      case plan::RecordOp::Kind::create: create(*op.after); break;
      case plan::RecordOp::Kind::update: update(*op.before, *op.after); break;
      case plan::RecordOp::Kind::remove: remove(*op.before); break;
    }
  }

  void create(const dns::Rdata& value) {
    writes_.push_back({Write::Kind::create,
                       {change_.key, change_.after->set.ttl, value, {}, {}, change_.after->meta}});
  }

  void update(const dns::Rdata& before, const dns::Rdata& after) {
    Record record = take(before);
    record.value = after;
    send_update(std::move(record));
    remove_copies(before);
  }

  void remove(const dns::Rdata& value) {
    writes_.push_back({Write::Kind::remove, take(value)});
    remove_copies(value);
  }

  void send_update(Record record) {
    record.ttl = change_.after->set.ttl;
    if (meta_changes_) record.meta = change_.after->meta;
    writes_.push_back({Write::Kind::update, std::move(record)});
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
        send_update(std::move(record));
      } else {
        const dns::Rdata value = record.value;
        writes_.push_back({Write::Kind::remove, std::move(record)});
        create(value);
      }
    }
  }

  Record take(const dns::Rdata& value) {
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [&](const Record& record) { return record.value == value; });
    if (found == records_.end()) {
      const std::string key = change_.key.text();
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
      writes_.push_back({Write::Kind::remove, std::move(*at)});
      records_.erase(at);
    }
  }

  const plan::Change& change_;
  plan::Support in_place_;
  bool meta_changes_ = false;
  std::vector<Record> records_;
  std::vector<Write> writes_;
};

/// The same error with the effect of the whole step instead of the one write's.
base::Error after_some_writes(const base::Error& error) {
  base::Error whole(error.kind(), error.what(), base::Effect::partial);
  whole.about(error.key()).with_hint(error.hint()).with_request_id(error.request_id());
  if (error.retry_after()) whole.with_retry_after(*error.retry_after());
  return whole;
}

class ByRecord final : public Provider {
 public:
  explicit ByRecord(std::unique_ptr<RecordApi> api) : api_(std::move(api)) {}

  [[nodiscard]] std::string fingerprint() const override { return api_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return api_->find(zone); }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return api_->places(zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return api_->list(); }
  AccountCheck check() override {
    auto own = api_->check();
    return own ? std::move(*own) : Provider::check();
  }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return api_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    return group_records(zone, api_->records(zone));
  }
  Pending apply(const plan::LiveZone& live, const Step& step) override;

 private:
  void send(const plan::ZoneRef& zone, const Write& write) {
    switch (write.kind) {
      case Write::Kind::create: api_->create(zone, write.record); break;
      case Write::Kind::update: api_->update(zone, write.record); break;
      case Write::Kind::remove: api_->remove(zone, write.record); break;
    }
  }

  std::unique_ptr<RecordApi> api_;
};

Pending ByRecord::apply(const plan::LiveZone& live, const Step& step) {
  const plan::Support in_place = api_->traits(live.ref()).update_in_place;
  std::vector<Write> writes;
  for (const plan::Change& change : step.changes) {
    std::vector<Write> more = ChangeWrites(live, change, in_place).plan_writes();
    std::move(more.begin(), more.end(), std::back_inserter(writes));
  }
  if (step.atomic && writes.size() > 1) {
    throw base::Error(base::ErrorKind::unsupported,
                      "the step is planned to become visible at once, but takes " +
                          std::to_string(writes.size()) + " writes here");
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    try {
      send(live.ref(), writes[i]);
    } catch (const base::Error& error) {
      if (i == 0) throw;
      throw after_some_writes(error);
    }
  }
  return {};
}

}  // namespace

std::unique_ptr<Provider> by_record(std::unique_ptr<RecordApi> api) {
  return std::make_unique<ByRecord>(std::move(api));
}

}  // namespace mxsmith::provider
