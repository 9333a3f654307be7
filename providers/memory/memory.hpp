// DNS in memory, for tests: a strict server with fault points, seen through any of the three kinds
// of provider.
//
// It is not in the table of providers, because whoever named it in a spec would be told "applied"
// and have changed nothing. Tests make it, keep the shared handle, and give the engine a row or a
// provider of it; what the engine does to the zone, and every state in between, can then be seen
// from outside.
//
// A write is what the server does in one go: one record in record granularity, one set in rrset
// granularity (the whole step when `atomic_step`), the whole zone in zone granularity. Faults are
// placed at the k-th write, counted from 1 over all zones. Any thread may use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers {

class MemoryDns {
 public:
  using Record = provider::RecordApi::Record;

  struct Options {
    plan::Granularity granularity = plan::Granularity::rrset;
    plan::Support atomic_step = plan::Support::no;  ///< Only for rrset; zone always is atomic.
    plan::Support update_in_place = plan::Support::yes;
    std::vector<std::string> meta_keys;
    std::vector<dns::Type> types;  ///< That can be stored; empty: all.
    std::uint32_t min_ttl = 0;
    std::uint32_t max_ttl = dns::kMaxTtl;
    /// Refuse to write a set that is not as it was when it was read; not for record granularity.
    plan::Support compare_and_swap = plan::Support::no;
  };

  explicit MemoryDns(Options options) : options_(std::move(options)) {}

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] plan::Traits traits() const;

  /// A new empty zone; its id is "zone-N".
  plan::ZoneRef add_zone(const dns::Name& name, plan::ZoneKind kind = plan::ZoneKind::ordinary);
  /// Puts a set in place behind everybody's back: no write is counted and no state noted. An empty
  /// one removes it.
  void set(const dns::RRset& set, const std::string& foreign = {}, const plan::Meta& meta = {});
  /// As `set`, by one more record of whatever TTL and metadata, a second copy included.
  void add_record(Record record);

  [[nodiscard]] std::vector<plan::ZoneRef> zones() const;
  /// The first zone of that name as it is now.
  [[nodiscard]] dns::Zone zone(const dns::Name& name) const;
  [[nodiscard]] std::vector<Record> records(const dns::Name& name) const;

  enum class Moment : std::uint8_t {
    before,   ///< The write does not take place.
    halfway,  ///< Half of its sets do; for writes of several sets.
    after,    ///< It takes place, and the answer is lost.
  };
  /// The `write`-th write from now on (1: the next) ends in this error; its effect is the test's to
  /// choose.
  void fail_write(std::size_t write, base::Error error, Moment moment = Moment::before);
  void fail_read(std::size_t read, base::Error error);
  /// Takes away the faults that have not happened yet.
  void heal();
  /// Runs once the `read`-th read from now on has been answered: somebody else at work between
  /// plan and apply. It may call anything of this handle.
  void after_read(std::size_t read, std::function<void()> action);

  [[nodiscard]] std::size_t writes() const;
  [[nodiscard]] std::size_t reads() const;

  /// What a resolver could have seen: the zone after each write that changed it, oldest first.
  struct Seen {
    std::string write;  ///< "create example.com/MX 10 mx.example.net."
    dns::Zone zone;
  };
  [[nodiscard]] std::vector<Seen> seen() const;
  /// Whether states are kept for seen(), as they are unless told otherwise: each costs a copy of
  /// the zone.
  void keep_seen(plan::Support keep);

  // What the providers call.
  plan::LiveZone answer_read(const plan::ZoneRef& ref);
  std::vector<Record> answer_records(const plan::ZoneRef& ref);
  void create(const plan::ZoneRef& ref, Record record);
  void update(const plan::ZoneRef& ref, const Record& record);
  void remove(const plan::ZoneRef& ref, const std::string& id);
  /// One write of several sets.
  void write_sets(const plan::LiveZone& live, const std::vector<plan::Change>& changes);

 private:
  struct StoredZone {
    plan::ZoneRef ref;
    std::vector<Record> records;
    std::uint64_t version = 0;
  };
  struct WriteFault {
    base::Error error;
    Moment moment;
  };
  using Edit = std::function<void(StoredZone&)>;

  StoredZone& zone_of(const std::string& id);
  StoredZone& zone_above(const dns::Name& name);
  [[nodiscard]] const StoredZone& zone_named(const dns::Name& name) const;
  std::vector<Record> begin_read(const plan::ZoneRef& ref, std::string& version);
  void finish_read();
  void write(const std::string& id, const std::string& what, const std::vector<Edit>& edits);
  void commit(StoredZone& zone, StoredZone changed, const std::string& what);
  void check_unchanged(const plan::LiveZone& live, const std::vector<plan::Change>& changes);
  void put_set(StoredZone& zone, const plan::Change& change);
  void check(const StoredZone& zone) const;
  std::string next_id();

  Options options_;
  mutable std::mutex mutex_;
  std::vector<StoredZone> zones_;
  std::vector<Seen> seen_;
  plan::Support keeps_seen_ = plan::Support::yes;
  std::size_t writes_ = 0;
  std::size_t reads_ = 0;
  std::uint64_t last_id_ = 0;
  std::map<std::size_t, WriteFault> write_faults_;
  std::map<std::size_t, base::Error> read_faults_;
  std::map<std::size_t, std::function<void()>> after_reads_;
};

/// A provider over the handle, of the granularity its options say.
std::unique_ptr<provider::Provider> memory_provider(std::shared_ptr<MemoryDns> dns);

/// A row for a table of providers, of type "memory"; every provider made of it shares the handle.
provider::ProviderInfo memory_info(std::shared_ptr<MemoryDns> dns);

}  // namespace mxsmith::providers
