#include "providers/rfc2136/step_update.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/rfc2136/zone_records.hpp"

namespace mxsmith::providers::rfc2136 {

namespace {

using dns::Type;
using resolve::Record;
using Wires = std::vector<std::string>;

Wires plain_wires(const dns::RRset& set) {
  Wires wires;
  wires.reserve(set.values.size());
  for (const auto& value : set.values) wires.push_back(dns::to_wire(value));
  return wires;
}

bool holds(const Wires& wires, const std::string& wire) {
  return std::find(wires.begin(), wires.end(), wire) != wires.end();
}

/// Whether two of the values do. PowerDNS takes such for one another and never finds the condition
/// met that names both, so theirs can only be that the set is there.
bool differ_in_case_only(const Wires& wires) {
  std::set<std::string> lower;
  return std::any_of(wires.begin(), wires.end(), [&](const std::string& wire) {
    return !lower.insert(base::to_lower(wire)).second;
  });
}

class StepUpdate {
 public:
  StepUpdate(const plan::LiveZone& live, const ZoneMemory& memory) : live_(live), memory_(memory) {}

  void add(const plan::Change& change) {
    const plan::LiveSet* now = live_.find(change.key);
    check(change, now);
    const bool done =
        change.after ? now != nullptr && now->set == change.after->set : now == nullptr;
    if (done) return;
    const Wires before = now == nullptr ? Wires() : wires_of(*now);
    require(change, now, before);
    const Wires after = change.after ? wires_after(change, before) : Wires();
    if (change.key.type == Type::NS && change.key.name == live_.apex()) {
      return change_apex_ns(change, now, before, after);
    }
    if (now != nullptr) going_.push_back(resolve::removed_set(change.key.name, change.key.type));
    auto& coming = change.key.type == Type::NS ? coming_first_ : coming_;
    for (const auto& wire : after) coming.push_back(added(change, wire));
  }

  [[nodiscard]] resolve::Update take() {
    resolve::Update update{live_.apex(), std::move(conditions_), std::move(going_)};
    for (auto* part : {&coming_first_, &coming_, &apex_}) {
      for (Record& record : *part) update.updates.push_back(std::move(record));
    }
    return update;
  }

 private:
  static Record added(const plan::Change& change, const std::string& wire) {
    return resolve::added(change.key.name, change.key.type, change.after->set.ttl, wire);
  }

  void check(const plan::Change& change, const plan::LiveSet* now) const {
    std::string why;
    if (is_kept_by_server(change.key.type)) why = "the server keeps these records itself";
    if (now != nullptr && !now->foreign().empty()) {
      why = "the set belongs to " + std::string(now->foreign());
    }
    if (change.key.type == Type::NS && !change.after && change.key.name == live_.apex()) {
      why = "a zone has name servers";
    }
    if (why.empty()) return;
    base::Error error(base::ErrorKind::unsupported, change.key.text() + ": " + why);
    throw error.about(change.key.text());
  }

  [[nodiscard]] Wires wires_of(const plan::LiveSet& now) const {
    const Wires* kept = memory_.find(now.set.key());
    return kept != nullptr ? *kept : plain_wires(now.set);
  }

  /// What stays is written as it stands there, what comes back as it stood.
  [[nodiscard]] static Wires wires_after(const plan::Change& change, const Wires& before) {
    const Wires remembered = parse_verbatim(change.after->verbatim);
    Wires after;
    for (const auto& value : change.after->set.values) {
      const std::size_t size = after.size();
      for (const Wires* known : {&before, &remembered}) {
        for (const auto& wire : *known) {
          const auto same = dns::from_wire(change.key.type, wire);
          if (same.ok() && *same == value) after.push_back(wire);
        }
        if (after.size() > size) break;
      }
      if (after.size() == size) after.push_back(dns::to_wire(value));
    }
    return after;
  }

  void require(const plan::Change& change, const plan::LiveSet* now, const Wires& before) {
    const dns::Name& name = change.key.name;
    const Type type = change.key.type;
    const bool alone = now == nullptr && type == Type::CNAME && live_.at(name).empty();
    if (alone) {
      conditions_.push_back(resolve::name_not_in_use(name));
    } else if (now == nullptr) {
      conditions_.push_back(resolve::no_set(name, type));
    }
    if (differ_in_case_only(before)) {
      conditions_.push_back(resolve::set_exists(name, type));
    } else {
      for (const auto& wire : before) {
        conditions_.push_back(resolve::set_holds(name, type, wire));
      }
    }
    // Beside a CNAME that came meanwhile our records would be dropped without a word.
    const bool endangered = now == nullptr && change.after && type != Type::CNAME &&
                            name != live_.apex() && live_.find(name, Type::CNAME) == nullptr;
    if (endangered && without_cname_.insert(name.text()).second) {
      conditions_.push_back(resolve::no_set(name, Type::CNAME));
    }
  }

  /// The set cannot be deleted, nor its last value (RFC 2136 section 3.4.2.4).
  void change_apex_ns(const plan::Change& change, const plan::LiveSet* now, const Wires& before,
                      const Wires& after) {
    bool fresh = false;
    for (const auto& wire : after) {
      fresh = fresh || !holds(before, wire);
      apex_.push_back(added(change, wire));
    }
    for (const auto& wire : before) {
      if (holds(after, wire)) continue;
      apex_.push_back(resolve::removed(change.key.name, Type::NS, wire));
    }
    // Knot takes a new TTL only with a value that it does not have.
    if (fresh || now == nullptr || now->set.ttl == change.after->set.ttl || after.size() < 2)
      return;
    apex_.push_back(resolve::removed(change.key.name, Type::NS, after.front()));
    apex_.push_back(added(change, after.front()));
  }

  const plan::LiveZone& live_;
  const ZoneMemory& memory_;
  std::vector<Record> conditions_;
  std::vector<Record> going_;
  std::vector<Record> coming_first_;
  std::vector<Record> coming_;
  std::vector<Record> apex_;
  std::set<std::string> without_cname_;
};

}  // namespace

plan::StepCost update_cost() {
  // Each record has ten octets beside owner and rdata, each owner two more than its text. A change
  // has one to delete the set and up to two conditions of its own; no rdata is more than 16 octets
  // longer than its text.
  return {.per_change = 36,
          .per_value = 26,
          .per_octet = 1,
          .names_per_change = 3,
          .names_per_value = 1,
          .before = plan::Support::yes};
}

resolve::Update step_update(const plan::LiveZone& live, const provider::Step& step) {
  const auto& memory = dynamic_cast<const ZoneMemory&>(*live.native);
  StepUpdate update(live, memory);
  for (const auto& change : step.changes) update.add(change);
  return update.take();
}

}  // namespace mxsmith::providers::rfc2136
