#include "providers/memory/memory.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace mxsmith::providers {

namespace {

using base::Error;
using base::ErrorKind;
using Record = MemoryDns::Record;

std::string describe(std::string_view verb, const Record& record) {
  return std::string(verb) + " " + record.key.text() + " " + dns::print_rdata(record.value);
}

dns::Zone zone_from(const dns::Name& apex, const std::vector<Record>& records) {
  dns::Zone zone(apex);
  for (const Record& record : records) {
    zone.add(record.key.name, record.key.type, record.ttl, record.value);
  }
  return zone;
}

Error refusal(ErrorKind kind, const dns::Key& key, const std::string& message) {
  return Error(kind, key.text() + ": " + message).about(key.text());
}

}  // namespace

plan::Traits MemoryDns::traits() const {
  plan::Traits traits;
  traits.granularity = options_.granularity;
  traits.atomic_step = options_.granularity == plan::Granularity::zone    ? plan::Support::yes
                       : options_.granularity == plan::Granularity::rrset ? options_.atomic_step
                                                                          : plan::Support::no;
  traits.update_in_place = options_.update_in_place;
  traits.apex_ns = plan::Support::yes;
  traits.types = options_.types;
  traits.min_ttl = options_.min_ttl;
  traits.max_ttl = options_.max_ttl;
  traits.meta_keys = options_.meta_keys;
  traits.multiple_writers = plan::Support::yes;
  return traits;
}

plan::ZoneRef MemoryDns::add_zone(const dns::Name& name, plan::ZoneKind kind) {
  const std::lock_guard hold(mutex_);
  zones_.push_back({{name, "zone-" + std::to_string(zones_.size() + 1), kind}, {}, 0});
  return zones_.back().ref;
}

void MemoryDns::set(const dns::RRset& set, const std::string& foreign, const plan::Meta& meta) {
  const std::lock_guard hold(mutex_);
  StoredZone& zone = zone_above(set.name);
  std::erase_if(zone.records, [&](const Record& record) { return record.key == set.key(); });
  for (const dns::Rdata& value : set.values) {
    zone.records.push_back({set.key(), set.ttl, value, next_id(), foreign, meta});
  }
  ++zone.version;
}

void MemoryDns::add_record(Record record) {
  const std::lock_guard hold(mutex_);
  StoredZone& zone = zone_above(record.key.name);
  record.id = next_id();
  zone.records.push_back(std::move(record));
  ++zone.version;
}

std::vector<plan::ZoneRef> MemoryDns::zones() const {
  const std::lock_guard hold(mutex_);
  std::vector<plan::ZoneRef> refs;
  for (const StoredZone& zone : zones_) refs.push_back(zone.ref);
  return refs;
}

dns::Zone MemoryDns::zone(const dns::Name& name) const {
  const std::lock_guard hold(mutex_);
  return zone_from(name, zone_named(name).records);
}

std::vector<Record> MemoryDns::records(const dns::Name& name) const {
  const std::lock_guard hold(mutex_);
  return zone_named(name).records;
}

void MemoryDns::fail_write(std::size_t write, Error error, Moment moment) {
  const std::lock_guard hold(mutex_);
  write_faults_.insert_or_assign(writes_ + write, WriteFault{std::move(error), moment});
}

void MemoryDns::fail_read(std::size_t read, Error error) {
  const std::lock_guard hold(mutex_);
  read_faults_.insert_or_assign(reads_ + read, std::move(error));
}

void MemoryDns::after_read(std::size_t read, std::function<void()> action) {
  const std::lock_guard hold(mutex_);
  after_reads_.insert_or_assign(reads_ + read, std::move(action));
}

void MemoryDns::heal() {
  const std::lock_guard hold(mutex_);
  write_faults_.clear();
  read_faults_.clear();
}

std::size_t MemoryDns::writes() const {
  const std::lock_guard hold(mutex_);
  return writes_;
}

std::size_t MemoryDns::reads() const {
  const std::lock_guard hold(mutex_);
  return reads_;
}

std::vector<MemoryDns::Seen> MemoryDns::seen() const {
  const std::lock_guard hold(mutex_);
  return seen_;
}

void MemoryDns::keep_seen(plan::Support keep) {
  const std::lock_guard hold(mutex_);
  keeps_seen_ = keep;
}

MemoryDns::StoredZone& MemoryDns::zone_of(const std::string& id) {
  const auto found = std::find_if(zones_.begin(), zones_.end(),
                                  [&](const StoredZone& zone) { return zone.ref.id == id; });
  if (found == zones_.end()) throw Error(ErrorKind::not_found, "there is no zone " + id);
  return *found;
}

MemoryDns::StoredZone& MemoryDns::zone_above(const dns::Name& name) {
  StoredZone* best = nullptr;
  for (StoredZone& zone : zones_) {
    if (name.is_at_or_below(zone.ref.name) &&
        (best == nullptr || zone.ref.name.label_count() > best->ref.name.label_count())) {
      best = &zone;
    }
  }
  if (best == nullptr) throw Error(ErrorKind::not_found, "no zone holds " + name.display());
  return *best;
}

const MemoryDns::StoredZone& MemoryDns::zone_named(const dns::Name& name) const {
  const auto found = std::find_if(zones_.begin(), zones_.end(),
                                  [&](const StoredZone& zone) { return zone.ref.name == name; });
  if (found == zones_.end()) throw Error(ErrorKind::not_found, "no zone " + name.display());
  return *found;
}

std::string MemoryDns::next_id() { return "record-" + std::to_string(++last_id_); }

std::vector<Record> MemoryDns::begin_read(const plan::ZoneRef& ref, std::string& version) {
  const std::lock_guard hold(mutex_);
  ++reads_;
  if (const auto fault = read_faults_.find(reads_); fault != read_faults_.end()) {
    const Error error = fault->second;
    read_faults_.erase(fault);
    throw error;
  }
  const StoredZone& zone = zone_of(ref.id);
  version = std::to_string(zone.version);
  return zone.records;
}

void MemoryDns::finish_read() {
  std::function<void()> action;
  {
    const std::lock_guard hold(mutex_);
    const auto found = after_reads_.find(reads_);
    if (found == after_reads_.end()) return;
    action = std::move(found->second);
    after_reads_.erase(found);
  }
  action();
}

std::vector<Record> MemoryDns::answer_records(const plan::ZoneRef& ref) {
  std::string version;
  std::vector<Record> records = begin_read(ref, version);
  finish_read();
  return records;
}

plan::LiveZone MemoryDns::answer_read(const plan::ZoneRef& ref) {
  std::string version;
  const std::vector<Record> records = begin_read(ref, version);
  plan::LiveZone live(ref);
  const dns::Zone zone = zone_from(ref.name, records);
  std::unordered_map<dns::Key, const Record*> firsts;
  for (const Record& record : records) firsts.emplace(record.key, &record);
  for (const dns::RRset& set : zone.sets()) {
    const Record& first = *firsts.at(set.key());
    auto extra = std::make_shared<plan::LiveExtra>();
    extra->foreign = first.foreign;
    extra->meta = first.meta;
    live.add({set, std::move(extra)});
  }
  live.version = std::move(version);
  finish_read();
  return live;
}

/// What a real server would refuse of a zone.
void MemoryDns::check(const StoredZone& zone) const {
  const plan::Traits limits = traits();
  for (const Record& record : zone.records) {
    if (!limits.stores(record.key.type)) {
      throw refusal(ErrorKind::unsupported, record.key, "this type cannot be stored");
    }
    if (record.ttl < options_.min_ttl || record.ttl > options_.max_ttl) {
      throw refusal(ErrorKind::unsupported, record.key,
                    "TTL " + std::to_string(record.ttl) + " cannot be stored");
    }
    if (record.key.type != dns::Type::CNAME) continue;
    const bool alone =
        std::all_of(zone.records.begin(), zone.records.end(), [&](const Record& other) {
          return !(other.key.name == record.key.name) ||
                 (other.key == record.key && other.value == record.value);
        });
    if (!alone) {
      throw refusal(ErrorKind::conflict, record.key, "a CNAME stands alone at its name");
    }
  }
}

void MemoryDns::commit(StoredZone& zone, StoredZone changed, const std::string& what) {
  check(changed);
  changed.version = zone.version + 1;
  zone = std::move(changed);
  if (keeps_seen_ == plan::Support::no) return;
  seen_.push_back({what, zone_from(zone.ref.name, zone.records)});
}

void MemoryDns::write(const std::string& id, const std::string& what,
                      const std::vector<Edit>& edits) {
  ++writes_;
  std::optional<WriteFault> fault;
  if (const auto found = write_faults_.find(writes_); found != write_faults_.end()) {
    fault = std::move(found->second);
    write_faults_.erase(found);
  }
  std::size_t count = edits.size();
  if (fault && fault->moment == Moment::before) count = 0;
  if (fault && fault->moment == Moment::halfway) count /= 2;
  StoredZone& zone = zone_of(id);
  StoredZone changed = zone;
  for (std::size_t i = 0; i < count; ++i) edits[i](changed);
  if (count != 0) commit(zone, std::move(changed), what);
  if (fault) throw fault->error;
}

void MemoryDns::create(const plan::ZoneRef& ref, Record record) {
  const std::lock_guard hold(mutex_);
  record.id = next_id();
  const std::string what = describe("create", record);
  write(ref.id, what, {[&](StoredZone& zone) {
          const bool known =
              std::any_of(zone.records.begin(), zone.records.end(), [&](const Record& other) {
                return other.key == record.key && other.value == record.value;
              });
          if (known) throw refusal(ErrorKind::conflict, record.key, "the record exists already");
          zone.records.push_back(record);
        }});
}

void MemoryDns::update(const plan::ZoneRef& ref, const Record& record) {
  const std::lock_guard hold(mutex_);
  write(ref.id, describe("update", record), {[&](StoredZone& zone) {
          for (Record& known : zone.records) {
            if (known.id != record.id) continue;
            known.ttl = record.ttl;
            known.value = record.value;
            known.meta = record.meta;
            return;
          }
          throw refusal(ErrorKind::not_found, record.key, "there is no record " + record.id);
        }});
}

void MemoryDns::remove(const plan::ZoneRef& ref, const std::string& id) {
  const std::lock_guard hold(mutex_);
  write(
      ref.id, "remove " + id, {[&](StoredZone& zone) {
        if (std::erase_if(zone.records, [&](const Record& known) { return known.id == id; }) == 0) {
          throw Error(ErrorKind::not_found, "there is no record " + id);
        }
      }});
}

void MemoryDns::put_set(StoredZone& zone, const plan::Change& change) {
  std::erase_if(zone.records, [&](const Record& record) { return record.key == change.key; });
  if (!change.after) return;
  for (const dns::Rdata& value : change.after->set.values) {
    zone.records.push_back(
        {change.key, change.after->set.ttl, value, next_id(), {}, change.after->meta});
  }
}

void MemoryDns::check_unchanged(const plan::LiveZone& live,
                                const std::vector<plan::Change>& changes) {
  const dns::Zone now = zone_from(live.apex(), zone_of(live.ref().id).records);
  for (const plan::Change& change : changes) {
    const plan::LiveSet* read = live.find(change.key);
    const dns::RRset* stored = now.find(change.key);
    const bool same = read == nullptr || stored == nullptr
                          ? (read == nullptr) == (stored == nullptr)
                          : read->set == *stored;
    if (!same) throw refusal(ErrorKind::conflict, change.key, "the set is not as it was read");
  }
}

void MemoryDns::write_sets(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
  const std::lock_guard hold(mutex_);
  if (options_.compare_and_swap == plan::Support::yes) check_unchanged(live, changes);
  std::string what;
  std::vector<Edit> edits;
  for (const plan::Change& change : changes) {
    what += (what.empty() ? "write " : ", ") + change.key.text();
    edits.push_back([&](StoredZone& zone) { put_set(zone, change); });
  }
  write(live.ref().id, what, edits);
}

}  // namespace mxsmith::providers
