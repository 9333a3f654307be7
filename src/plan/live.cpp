#include "plan/live.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::plan {

const LiveSet* LiveZone::find(const dns::Name& name, dns::Type type) const {
  const LiveSet* found = nullptr;
  index_.for_each_candidate(name, [&](std::uint32_t position) {
    const LiveSet& candidate = sets_[position];
    if (candidate.set.type != type || candidate.set.name != name) return false;
    found = &candidate;
    return true;
  });
  return found;
}

std::vector<const LiveSet*> LiveZone::at(const dns::Name& name) const {
  std::vector<const LiveSet*> found;
  index_.for_each_candidate(name, [&](std::uint32_t position) {
    if (sets_[position].set.name == name) found.push_back(&sets_[position]);
    return false;
  });
  // Pointers into one vector: ascending means in the order of the read.
  std::sort(found.begin(), found.end());
  return found;
}

void LiveZone::reserve(std::size_t sets) {
  sets_.reserve(sets);
  index_.reserve(sets);
}

void LiveZone::add(LiveSet set) {
  if (find(set.set.name, set.set.type) != nullptr) {
    const std::string key = set.set.key().text();
    base::Error error(base::ErrorKind::protocol, "the record set " + key + " was read twice");
    throw error.about(key);
  }
  index_.insert(set.set.name, static_cast<std::uint32_t>(sets_.size()));
  sets_.push_back(std::move(set));
}

std::string_view LiveSet::foreign(const dns::Rdata& value) const {
  if (!extra || !extra->foreign.empty()) return foreign();
  for (std::size_t i = 0; i < extra->foreign_values.size() && i < set.values.size(); ++i) {
    if (set.values[i] == value) return extra->foreign_values[i];
  }
  return {};
}

std::string_view granularity_name(Granularity granularity) {
  switch (granularity) {
    case Granularity::record: return "record";
    case Granularity::rrset: return "rrset";
    case Granularity::zone: break;
  }
  return "zone";
}

bool Traits::stores(dns::Type type) const {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace mxsmith::plan
