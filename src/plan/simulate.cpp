#include "plan/simulate.hpp"

#include <algorithm>
#include <utility>

#include "plan/dnssec_types.hpp"
#include "plan/schedule.hpp"

namespace mxsmith::plan {

namespace {

void write_set(TouchedNames& state, const Change& change) {
  NameSets& sets = state[change.key.name];
  if (change.after) {
    sets.insert_or_assign(change.key.type, change.after->set);
  } else {
    sets.erase(change.key.type);
  }
}

/// One record write. A set has one TTL (RFC 2181 section 5.2): the first write brings the new one
/// to all of it.
void write_record(TouchedNames& state, const Change& change, const RecordOp& op) {
  NameSets& sets = state[change.key.name];
  dns::RRset& set = sets[change.key.type];
  set.name = change.key.name;
  set.type = change.key.type;
  if (change.after) set.ttl = change.after->set.ttl;
  const auto old =
      op.before ? std::find(set.values.begin(), set.values.end(), *op.before) : set.values.end();
  if (op.after && old != set.values.end()) {
    *old = *op.after;
  } else if (op.after) {
    set.add(*op.after);
  } else if (old != set.values.end()) {
    set.values.erase(old);
  }
  if (set.values.empty()) sets.erase(change.key.type);
}

void play_visibly(const Change& change, std::size_t step, const Traits& traits, TouchedNames& state,
                  const Seen& seen) {
  const std::vector<dns::Name> written{change.key.name};
  if (traits.granularity != Granularity::record) {
    write_set(state, change);
    seen(step, state, written);
    return;
  }
  for (const auto& op : record_ops(change, traits.update_in_place)) {
    write_record(state, change, op);
    seen(step, state, written);
  }
}

}  // namespace

TouchedNames touched_names(const std::vector<Change>& changes, const LiveZone& live) {
  TouchedNames state;
  for (const auto& change : changes) {
    const auto [at_name, is_new] = state.try_emplace(change.key.name);
    if (!is_new) continue;
    for (const LiveSet* set : live.at(change.key.name)) {
      at_name->second.emplace(set->set.type, set->set);
    }
  }
  return state;
}

void play(const std::vector<Change>& changes, const std::vector<Step>& steps, const Traits& traits,
          TouchedNames& state, const Seen& seen) {
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (!steps[k].atomic) {
      for (const std::size_t i : steps[k].changes) {
        play_visibly(changes[i], k, traits, state, seen);
      }
      continue;
    }
    std::vector<dns::Name> written;
    for (const std::size_t i : steps[k].changes) {
      write_set(state, changes[i]);
      written.push_back(changes[i].key.name);
    }
    std::sort(written.begin(), written.end());
    written.erase(std::unique(written.begin(), written.end()), written.end());
    seen(k, state, written);
  }
}

std::vector<dns::Zone> visible_states(const std::vector<Change>& changes,
                                      const std::vector<Step>& steps, const LiveZone& live,
                                      const Traits& traits) {
  std::vector<dns::Zone> states;
  TouchedNames state = touched_names(changes, live);
  play(changes, steps, traits, state,
       [&](std::size_t, const TouchedNames& now, const std::vector<dns::Name>&) {
         dns::Zone zone(live.apex());
         for (const auto& [name, sets] : now) {
           for (const auto& [type, set] : sets) zone.put(set);
         }
         states.push_back(std::move(zone));
       });
  return states;
}

std::vector<std::string> illegalities(const dns::Zone& zone) {
  std::vector<std::string> found;
  for (const auto& set : zone.sets()) {
    if (set.values.empty()) found.push_back("empty set " + set.key().text());
    if (set.type != dns::Type::CNAME) continue;
    if (set.values.size() > 1) {
      found.push_back("several CNAME records at " + set.name.display());
    }
    // At the apex it is a provider's own kind of record, which it answers with addresses.
    if (set.name == zone.apex()) continue;
    for (const dns::RRset* other : zone.at(set.name)) {
      if (other->type == dns::Type::CNAME || stands_beside_cname(other->type)) continue;
      found.push_back("CNAME and " + dns::type_name(other->type) + " at " + set.name.display());
    }
  }
  return found;
}

}  // namespace mxsmith::plan
