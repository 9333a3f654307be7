#include <algorithm>
#include <cstddef>
#include <utility>

#include "plan/change.hpp"

namespace mxsmith::plan {

namespace {

bool same_key(const dns::RRset& a, const dns::RRset& b) {
  return a.type == b.type && a.name == b.name;
}

/// Finds sets of one zone in another that is mostly in the same order: where the last one was
/// found, the next one is expected just behind, and only a miss costs a look into the index.
class Follower {
 public:
  explicit Follower(const dns::Zone& zone) : zone_(zone) {}

  const dns::RRset* find(const dns::RRset& set) {
    const auto& sets = zone_.sets();
    if (next_ < sets.size() && same_key(sets[next_], set)) return &sets[next_++];
    const dns::RRset* found = zone_.find(set.name, set.type);
    if (found != nullptr) next_ = static_cast<std::size_t>(found - sets.data()) + 1;
    return found;
  }

 private:
  const dns::Zone& zone_;
  std::size_t next_ = 0;
};

std::optional<SetState> state(const dns::RRset& set) { return SetState{set, {}, {}}; }

}  // namespace

std::vector<Change> diff(const dns::Zone& before, const dns::Zone& after) {
  std::vector<Change> changes;
  std::vector<bool> seen(before.size(), false);
  std::size_t found_again = 0;
  Follower follower(before);
  for (const auto& set : after.sets()) {
    const dns::RRset* old = follower.find(set);
    if (old == nullptr) {
      changes.push_back({set.key(), std::nullopt, state(set), {}, {}, {}});
      continue;
    }
    seen[static_cast<std::size_t>(old - before.sets().data())] = true;
    ++found_again;
    if (!(*old == set)) changes.push_back({set.key(), state(*old), state(set), {}, {}, {}});
  }
  if (found_again < before.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      const auto& set = before.sets()[i];
      if (!seen[i]) changes.push_back({set.key(), state(set), std::nullopt, {}, {}, {}});
    }
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.key < b.key; });
  return changes;
}

void apply_to(dns::Zone& zone, const Change& change) {
  if (change.after) {
    zone.put(change.after->set);
  } else {
    zone.erase(change.key);
  }
}

}  // namespace mxsmith::plan
