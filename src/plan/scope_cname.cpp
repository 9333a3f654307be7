// Row 19: a CNAME suffers no other data beside it (RFC 1034 section 3.6.2). Whatever stands in the
// way of a declaration goes with the same plan, if it may.
#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "plan/dnssec_types.hpp"
#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

using DraftsByName = std::unordered_map<dns::Name, std::vector<const Draft*>>;

DraftsByName drafts_by_name(const Work& work) {
  DraftsByName by_name;
  for (const auto& draft : work.drafts) by_name[draft.key.name].push_back(&draft);
  return by_name;
}

/// Types that will stand at the name as things are now.
std::set<dns::Type> standing_types(const Work& work, const DraftsByName& drafts,
                                   const dns::Name& name) {
  std::set<dns::Type> types;
  for (const LiveSet* set : work.live.at(name)) types.insert(set->set.type);
  const auto found = drafts.find(name);
  if (found == drafts.end()) return types;
  for (const Draft* draft : found->second) {
    if (draft->after.values.empty()) {
      types.erase(draft->key.type);
    } else {
      types.insert(draft->key.type);
    }
  }
  return types;
}

/// Whether the values themselves are declared, not the TTL alone.
bool is_declared(const Draft* draft) {
  return draft != nullptr && std::any_of(draft->declared.begin(), draft->declared.end(),
                                         [](const DesiredUnit* unit) { return !unit->ttl_only; });
}

/// Why the set must stay, or nothing.
std::string must_stay(const Work& work, const dns::Key& key) {
  const LiveSet* live = work.live.find(key);
  if (live == nullptr) return {};
  if (!live->foreign().empty()) return "it belongs to " + std::string(live->foreign());
  const auto& values = live->set.values;
  const bool ignored = work.is_ignored(key) ||
                       std::any_of(values.begin(), values.end(),
                                   [&](const auto& value) { return work.is_ignored(key, value); });
  return ignored ? "an [[ignore]] entry keeps it" : "";
}

void take_over(Work& work, const DesiredUnit& unit, const dns::Key& obstacle) {
  Draft& draft = work.draft_of(obstacle);
  const std::string what = unit.unit.text() + " cannot stand beside " + obstacle.text();
  if (is_declared(&draft)) {
    base::Diagnostic both{base::Severity::error,
                          "scope-cname",
                          what + ", and both are declared",
                          "a CNAME is the only record at its name",
                          unit.pos,
                          {}};
    both.notes.push_back({"declared here", draft.declared.front()->pos});
    work.out.diagnostics.add(std::move(both));
    return;
  }
  if (const std::string reason = must_stay(work, obstacle); !reason.empty()) {
    work.out.diagnostics.error("scope-blocked", unit.pos, what + ": " + reason,
                               "use another name, or remove what is there");
    return;
  }
  GuardFinding finding;
  finding.id = "name-taken-over";
  finding.message = what + ", which would be deleted: " + words(draft.after.values);
  finding.keys = {obstacle, unit.unit.key};
  finding.pos = unit.pos;
  work.out.guards.push_back(std::move(finding));
  draft.after.values.clear();
  draft.because(19, "in the way of " + unit.unit.key.text(), unit.pos);
  work.note(19, {obstacle, OwnedClass::whole, {}}, "in the way of " + unit.unit.key.text(),
            Shown::no);
}

}  // namespace

void clear_way_for_cnames(Work& work) {
  std::optional<DraftsByName> drafts;
  std::unordered_set<dns::Name> seen;
  for (const auto& unit : work.desired.units) {
    const dns::Name& name = unit.unit.key.name;
    // A live CNAME at the apex is a provider's own flattening: it answers with addresses.
    if (unit.ttl_only || name == work.desired.zone || !seen.insert(name).second) continue;
    const dns::Key cname_key{name, dns::Type::CNAME};
    if (work.find_draft(cname_key) == nullptr && work.live.find(cname_key) == nullptr) continue;
    if (!drafts) drafts = drafts_by_name(work);
    const auto types = standing_types(work, *drafts, name);
    if (types.count(dns::Type::CNAME) == 0 || types.size() < 2) continue;
    const Draft* cname = work.find_draft(cname_key);
    const bool cname_declared = is_declared(cname);
    const DesiredUnit& asking = cname_declared ? *cname->declared.front() : unit;
    for (const dns::Type type : types) {
      if (stands_beside_cname(type)) continue;
      if ((type == dns::Type::CNAME) != cname_declared) {
        take_over(work, asking, {name, type});
      }
    }
  }
}

}  // namespace mxsmith::plan::scoping
