#include "plan/live.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

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

std::string_view txt_octets_name(TxtOctets octets) {
  switch (octets) {
    case TxtOctets::any: return "any";
    case TxtOctets::utf8: return "utf8";
    case TxtOctets::printable_ascii: break;
  }
  return "printable-ascii";
}

bool Traits::stores(dns::Type type) const {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<char> Traits::unstorable_octet(std::string_view text) const {
  const auto is_refused = [&](char octet) {
    const bool printable = octet >= ' ' && octet <= '~';
    return (txt_octets == TxtOctets::printable_ascii && !printable) ||
           txt_without.find(octet) != std::string::npos;
  };
  const auto refused = std::find_if(text.begin(), text.end(), is_refused);
  if (refused != text.end()) return *refused;
  if (txt_octets != TxtOctets::utf8) return std::nullopt;
  const auto ill_formed = base::first_ill_formed_utf8(text);
  return ill_formed ? std::optional(text[*ill_formed]) : std::nullopt;
}

}  // namespace mxsmith::plan
