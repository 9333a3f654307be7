// Zones: RRsets with an index by owner name, made for a million of them.
//
// NameIndex is the shared part: an open-addressing table of positions into a sequence that its
// owner keeps. Zone is a plain collection of RRsets on top of it; plan::LiveZone is another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/rrset.hpp"

namespace mxsmith::dns {

/// Positions by owner name. It stores neither names nor elements: callers pass a function that
/// tells the name at a position. Not safe for concurrent writers.
class NameIndex {
 public:
  void reserve(std::size_t count);
  void clear();
  void insert(const Name& name, std::uint32_t position);

  /// Calls `visit(position)` for every position inserted under a name that hashes like `name`,
  /// until it returns true; whether it did. The caller compares names.
  template <class Visit>
  bool for_each_candidate(const Name& name, Visit visit) const {
    if (slots_.empty()) return false;
    const std::uint32_t hash = hash_of(name);
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.position == kEmpty) return false;
      if (slot.hash == hash && visit(slot.position)) return true;
    }
  }

 private:
  static constexpr std::uint32_t kEmpty = 0xffffffff;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t position = kEmpty;
  };
  static std::uint32_t hash_of(const Name& name);
  void grow(std::size_t capacity);
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
};

/// RRsets under one apex, each key once, in the order in which they were added.
class Zone {
 public:
  Zone() = default;
  explicit Zone(Name apex) : apex_(std::move(apex)) {}

  [[nodiscard]] const Name& apex() const { return apex_; }
  [[nodiscard]] std::size_t size() const { return sets_.size(); }
  [[nodiscard]] std::size_t record_count() const;
  [[nodiscard]] const std::vector<RRset>& sets() const { return sets_; }
  void reserve(std::size_t sets);

  [[nodiscard]] const RRset* find(const Name& name, Type type) const;
  [[nodiscard]] const RRset* find(const Key& key) const { return find(key.name, key.type); }
  /// All sets of one owner.
  [[nodiscard]] std::vector<const RRset*> at(const Name& name) const;
  [[nodiscard]] bool has_name(const Name& name) const;

  /// Adds one record to its set, making the set where needed. A differing TTL does not change the
  /// set's: the lower one wins (RFC 2181 section 5.2 has none differ). Whether the record is new.
  bool add(const Name& name, Type type, std::uint32_t ttl, Rdata value);
  /// What add_record did: where the record is, whether it is new, whether its TTL was another one
  /// than the set's.
  struct Added {
    std::uint32_t set = 0;    ///< Position in sets().
    std::uint32_t value = 0;  ///< Position in that set's values.
    bool is_new = false;
    bool ttl_differs = false;
  };
  /// As add, for those who keep positions.
  Added add_record(const Name& name, Type type, std::uint32_t ttl, Rdata value);
  /// Puts a whole set in place of what is there; an empty one removes it.
  void put(RRset set);
  void erase(const Key& key);

  /// Same apex and same sets, in whatever order.
  friend bool operator==(const Zone& a, const Zone& b);

 private:
  [[nodiscard]] std::optional<std::uint32_t> position_of(const Name& name, Type type) const;
  void rebuild_index();
  Name apex_;
  std::vector<RRset> sets_;
  NameIndex index_;
};

}  // namespace mxsmith::dns
