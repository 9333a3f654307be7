#include "mail/zone_resolver.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mxsmith::mail {
namespace {

/// Chains of a dozen aliases are unheard of; servers give up near here as well.
constexpr std::size_t kMostAliases = 16;

const dns::Name* alias_at(const ZoneSets& zone, const dns::Name& owner) {
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
  owned_.reserve(zones.size());
  held_.reserve(zones.size());
  for (const dns::Zone* zone : zones) {
    owned_.push_back(std::make_unique<SetsOfZone>(*zone));
    held_.push_back({owned_.back().get()});
  }
}

ZoneResolver::ZoneResolver(const ZoneSets& sets, Coverage coverage) : held_{{&sets, coverage}} {}

ZoneResolver::Held* ZoneResolver::holder_of(const dns::Name& name, dns::Type type) {
  Held* best = nullptr;
  for (Held& held : held_) {
    const dns::Name& apex = held.sets->apex();
    if (!name.is_at_or_below(apex)) continue;
    // RFC 4035 section 3.1.4.1: a zone's DS stands on the other side of the cut, in its parent.
    if (type == dns::Type::DS && name == apex && !apex.is_root()) continue;
    if (best == nullptr || apex.label_count() > best->sets->apex().label_count()) best = &held;
  }
  return best;
}

void ZoneResolver::gather_names(Held& held) {
  if (!held.names.empty()) return;
  held.names.insert(held.sets->apex());
  held.sets->visit([&](const dns::RRset& set) {
    // RFC 4592 section 2.2.2: a name exists also when only names below it own records.
    for (dns::Name name = set.name; held.names.insert(name).second;) name = name.parent();
  });
}

ZoneResolver::Place ZoneResolver::place_of(const dns::Name& name, dns::Type type) {
  Held* held = holder_of(name, type);
  if (held == nullptr) {
    return {LookupStatus::not_checked, nullptr, {}, "the name lies outside of what is known"};
  }
  const ZoneSets& sets = *held->sets;
  const dns::Name& apex = sets.apex();
  for (dns::Name above = name; above != apex; above = above.parent()) {
    if (above == name && type == dns::Type::DS) continue;
    if (!apex.is_root() && sets.find(above, dns::Type::NS) != nullptr) {
      return {LookupStatus::not_checked, nullptr, {}, "the name is delegated to other servers"};
    }
    if (above.is_root()) break;
  }
  for (dns::Name above = name; above != apex;) {
    above = above.parent();
    if (sets.find(above, dns::Type::DNAME) != nullptr) {
      return {LookupStatus::not_checked, nullptr, {}, "a DNAME stands above the name"};
    }
  }
  if (name == apex || !sets.at(name).empty()) return {LookupStatus::found, held, name, ""};
  gather_names(*held);
  if (held->names.count(name) != 0) return {LookupStatus::found, held, name, ""};
  if (held->coverage == Coverage::declared) {
    return {LookupStatus::not_checked, nullptr, {}, "the spec does not declare that name"};
  }
  dns::Name encloser = name;
  while (held->names.count(encloser) == 0) encloser = encloser.parent();
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
    const Place place = place_of(wanted, type);
    if (place.status != LookupStatus::found) return ended(answer, place.status, place.reason);
    const ZoneSets& zone = *place.held->sets;
    if (const dns::RRset* set = zone.find(place.owner, type)) {
      take_ttl(answer, set->ttl);
      answer.values = set->values;
      return ended(answer, set->values.empty() ? LookupStatus::no_data : LookupStatus::found);
    }
    const dns::Name* target = alias_at(zone, place.owner);
    if (target == nullptr || type == dns::Type::CNAME) {
      if (place.held->coverage == Coverage::whole) return ended(answer, LookupStatus::no_data);
      return ended(answer, LookupStatus::not_checked, "the spec does not declare that set");
    }
    take_ttl(answer, zone.find(place.owner, dns::Type::CNAME)->ttl);
    const bool again = *target == name || std::find(answer.aliases.begin(), answer.aliases.end(),
                                                    *target) != answer.aliases.end();
    if (again) return ended(answer, LookupStatus::failed, "a loop of aliases");
    answer.aliases.push_back(*target);
    wanted = *target;
  }
  return ended(answer, LookupStatus::failed, "too many aliases, one after the other");
}

Answer ChainedResolver::lookup(const dns::Name& name, dns::Type type) {
  Answer answer = first_.lookup(name, type);
  if (answer.status != LookupStatus::not_checked) return answer;
  // The first followed aliases as far as it knows; the second goes on from there.
  if (answer.aliases.empty()) return second_.lookup(name, type);
  Answer rest = second_.lookup(answer.aliases.back(), type);
  rest.aliases.insert(rest.aliases.begin(), answer.aliases.begin(), answer.aliases.end());
  if (answer.ttl && rest.ttl) rest.ttl = std::min(*answer.ttl, *rest.ttl);
  return rest;
}

}  // namespace mxsmith::mail
