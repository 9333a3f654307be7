#include "mail/zone_resolver.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mxsmith::mail {
namespace {

/// Chains of a dozen aliases are unheard of; servers give up near here as well.
constexpr std::size_t kMostAliases = 16;

const dns::Name* alias_at(const dns::Zone& zone, const dns::Name& owner) {
  const dns::RRset* set = zone.find(owner, dns::Type::CNAME);
  if (set == nullptr || set->values.empty()) return nullptr;
  const auto* cname = std::get_if<dns::Cname>(&set->values.front());
  return cname == nullptr ? nullptr : &cname->target;
}

void take_ttl(Answer& answer, std::uint32_t ttl) {
  answer.ttl = std::min(answer.ttl.value_or(ttl), ttl);
}

Answer& ended(Answer& answer, LookupStatus status, std::string reason = {}) {
  answer.status = status;
  answer.reason = std::move(reason);
  return answer;
}

}  // namespace

std::string_view lookup_word(LookupStatus status) {
  switch (status) {
    case LookupStatus::found: return "found";
    case LookupStatus::no_data: return "no records";
    case LookupStatus::no_domain: return "no such name";
    case LookupStatus::failed: return "failed";
    case LookupStatus::not_checked: break;
  }
  return "not checked";
}

ZoneResolver::ZoneResolver(const std::vector<const dns::Zone*>& zones) {
  held_.reserve(zones.size());
  for (const dns::Zone* zone : zones) {
    Held held{zone};
    held.names.insert(zone->apex());
    for (const auto& set : zone->sets()) {
      // RFC 4592 section 2.2.2: a name exists also when only names below it own records.
      for (dns::Name name = set.name; held.names.insert(name).second;) name = name.parent();
    }
    held_.push_back(std::move(held));
  }
}

const ZoneResolver::Held* ZoneResolver::holder_of(const dns::Name& name) const {
  const Held* best = nullptr;
  for (const Held& held : held_) {
    if (!name.is_at_or_below(held.zone->apex())) continue;
    if (best == nullptr || held.zone->apex().label_count() > best->zone->apex().label_count()) {
      best = &held;
    }
  }
  return best;
}

ZoneResolver::Place ZoneResolver::place_of(const dns::Name& name) const {
  const Held* held = holder_of(name);
  if (held == nullptr) {
    return {LookupStatus::not_checked, nullptr, {}, "the name lies outside of what is known"};
  }
  const dns::Zone& zone = *held->zone;
  const bool exists = held->names.count(name) != 0;
  dns::Name encloser = name;
  while (held->names.count(encloser) == 0) encloser = encloser.parent();
  for (dns::Name above = encloser;; above = above.parent()) {
    const bool at_apex = above == zone.apex();
    if (!at_apex && !zone.apex().is_root() && zone.find(above, dns::Type::NS) != nullptr) {
      return {LookupStatus::not_checked, nullptr, {}, "the name is delegated to other servers"};
    }
    if (above != name && zone.find(above, dns::Type::DNAME) != nullptr) {
      return {LookupStatus::not_checked, nullptr, {}, "a DNAME stands above the name"};
    }
    if (at_apex) break;
  }
  if (exists) return {LookupStatus::found, held, name, ""};
  // RFC 4592 section 3.3.1: the closest encloser's wildcard is the source of synthesis.
  const auto wildcard = encloser.child("*");
  if (wildcard.ok() && held->names.count(*wildcard) != 0) {
    return {LookupStatus::found, held, *wildcard, ""};
  }
  return {LookupStatus::no_domain, held, {}, ""};
}

Answer ZoneResolver::lookup(const dns::Name& name, dns::Type type) {
  Answer answer;
  dns::Name wanted = name;
  for (std::size_t followed = 0; followed <= kMostAliases; ++followed) {
    const Place place = place_of(wanted);
    if (place.status != LookupStatus::found) return ended(answer, place.status, place.reason);
    const dns::Zone& zone = *place.held->zone;
    if (const dns::RRset* set = zone.find(place.owner, type)) {
      take_ttl(answer, set->ttl);
      answer.values = set->values;
      return ended(answer, set->values.empty() ? LookupStatus::no_data : LookupStatus::found);
    }
    const dns::Name* target = alias_at(zone, place.owner);
    if (target == nullptr || type == dns::Type::CNAME) return ended(answer, LookupStatus::no_data);
    take_ttl(answer, zone.find(place.owner, dns::Type::CNAME)->ttl);
    const bool again = *target == name || std::find(answer.aliases.begin(), answer.aliases.end(),
                                                    *target) != answer.aliases.end();
    if (again) return ended(answer, LookupStatus::failed, "a loop of aliases");
    answer.aliases.push_back(*target);
    wanted = *target;
  }
  return ended(answer, LookupStatus::failed, "too many aliases, one after the other");
}

}  // namespace mxsmith::mail
