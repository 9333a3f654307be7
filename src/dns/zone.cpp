#include "dns/zone.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace mxsmith::dns {

std::uint32_t NameIndex::hash_of(const Name& name) {
  const std::uint64_t hash = std::hash<Name>()(name);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

void NameIndex::reserve(std::size_t count) {
  const std::size_t wanted = std::bit_ceil(std::max<std::size_t>(8, count + count / 2));
  if (wanted > slots_.size()) grow(wanted);
}

void NameIndex::clear() {
  slots_.clear();
  mask_ = 0;
  used_ = 0;
}

void NameIndex::grow(std::size_t capacity) {
  std::vector<Slot> old(capacity);
  old.swap(slots_);
  mask_ = capacity - 1;
  for (const Slot& slot : old) {
    if (slot.position == kEmpty) continue;
    std::size_t i = slot.hash & mask_;
    while (slots_[i].position != kEmpty) i = (i + 1) & mask_;
    slots_[i] = slot;
  }
}

void NameIndex::insert(const Name& name, std::uint32_t position) {
  // At most three quarters full.
  if ((used_ + 1) * 4 > slots_.size() * 3) grow(std::max<std::size_t>(8, slots_.size() * 2));
  const std::uint32_t hash = hash_of(name);
  std::size_t i = hash & mask_;
  while (slots_[i].position != kEmpty) i = (i + 1) & mask_;
  slots_[i] = {hash, position};
  ++used_;
}

std::size_t Zone::record_count() const {
  return std::accumulate(sets_.begin(), sets_.end(), std::size_t{0},
                         [](std::size_t sum, const RRset& set) { return sum + set.values.size(); });
}

void Zone::reserve(std::size_t sets) {
  sets_.reserve(sets);
  index_.reserve(sets);
}

std::optional<std::uint32_t> Zone::position_of(const Name& name, Type type) const {
  std::optional<std::uint32_t> found;
  index_.for_each_candidate(name, [&](std::uint32_t position) {
    const RRset& set = sets_[position];
    if (set.type != type || set.name != name) return false;
    found = position;
    return true;
  });
  return found;
}

const RRset* Zone::find(const Name& name, Type type) const {
  const auto position = position_of(name, type);
  return position ? &sets_[*position] : nullptr;
}

std::vector<const RRset*> Zone::at(const Name& name) const {
  std::vector<std::uint32_t> positions;
  index_.for_each_candidate(name, [&](std::uint32_t position) {
    if (sets_[position].name == name) positions.push_back(position);
    return false;
  });
  std::sort(positions.begin(), positions.end());
  std::vector<const RRset*> sets;
  sets.reserve(positions.size());
  for (const auto position : positions) sets.push_back(&sets_[position]);
  return sets;
}

bool Zone::has_name(const Name& name) const {
  return index_.for_each_candidate(
      name, [&](std::uint32_t position) { return sets_[position].name == name; });
}

Zone::Added Zone::add_record(const Name& name, Type type, std::uint32_t ttl, Rdata value) {
  const auto position = position_of(name, type);
  if (!position) {
    const auto next = static_cast<std::uint32_t>(sets_.size());
    RRset& set = sets_.emplace_back();
    set.name = name;
    set.type = type;
    set.ttl = ttl;
    set.values.push_back(std::move(value));
    index_.insert(name, next);
    return {next, 0, true, false};
  }
  RRset& set = sets_[*position];
  const bool differs = set.ttl != ttl;
  set.ttl = std::min(set.ttl, ttl);
  const auto found = std::find(set.values.begin(), set.values.end(), value);
  const auto place = static_cast<std::uint32_t>(found - set.values.begin());
  const bool is_new = found == set.values.end();
  if (is_new) set.values.push_back(std::move(value));
  return {*position, place, is_new, differs};
}

bool Zone::add(const Name& name, Type type, std::uint32_t ttl, Rdata value) {
  return add_record(name, type, ttl, std::move(value)).is_new;
}

void Zone::put(RRset set) {
  if (set.values.empty()) {
    erase(set.key());
    return;
  }
  if (const auto position = position_of(set.name, set.type)) {
    sets_[*position] = std::move(set);
    return;
  }
  index_.insert(set.name, static_cast<std::uint32_t>(sets_.size()));
  sets_.push_back(std::move(set));
}

void Zone::erase(const Key& key) {
  const auto position = position_of(key.name, key.type);
  if (!position) return;
  sets_.erase(sets_.begin() + *position);
  rebuild_index();
}

void Zone::rebuild_index() {
  index_.clear();
  index_.reserve(sets_.size());
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    index_.insert(sets_[i].name, static_cast<std::uint32_t>(i));
  }
}

bool operator==(const Zone& a, const Zone& b) {
  if (a.apex_ != b.apex_ || a.sets_.size() != b.sets_.size()) return false;
  return std::all_of(a.sets_.begin(), a.sets_.end(), [&](const RRset& set) {
    const RRset* other = b.find(set.name, set.type);
    return other != nullptr && *other == set;
  });
}

}  // namespace mxsmith::dns
