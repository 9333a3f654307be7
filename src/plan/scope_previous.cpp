// Rows 8, 9, 10, 15, 17 and 20: what memory says we put and the spec no longer declares. Only what
// is exactly as we put it is ours to delete.
#include <algorithm>
#include <utility>

#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

/// A removal; its row is known once all removals of the set are: 8 if nothing is left, else 20.
struct Removal {
  Draft* draft = nullptr;
  Unit unit;
};

bool is_declared(Work& work, const Unit& unit) {
  const Draft* draft = work.find_draft(unit.key);
  return draft != nullptr && std::any_of(draft->declared.begin(), draft->declared.end(),
                                         [&](const DesiredUnit* declared) {
                                           return !declared->ttl_only && declared->unit == unit;
                                         });
}

/// Whether a declaration of another shape took over what the item speaks of.
bool is_declared_otherwise(const Draft& draft, const ManifestItem& item) {
  return std::any_of(draft.declared.begin(), draft.declared.end(), [&](const DesiredUnit* unit) {
    if (unit->unit.owned == OwnedClass::whole) return true;
    return !item.values.empty() &&
           std::all_of(item.values.begin(), item.values.end(),
                       [&](const dns::Rdata& value) { return belongs(unit->unit, value); });
  });
}

void report_kept(Work& work, const ManifestItem& item, const std::vector<dns::Rdata>& live) {
  work.kept.push_back(item);
  work.note(10, item.unit,
            "kept: no longer declared, but changed outside: put as " + words(item.values) +
                ", now " + words(live) + "; say what is meant with [[absent]] or [[ignore]]",
            Shown::yes);
}

/// Rows 15 and 17; whether one of them holds.
bool is_given_up(Work& work, const ManifestItem& item) {
  const dns::Key& key = item.unit.key;
  const bool ignored = work.is_ignored(key) || std::any_of(item.values.begin(), item.values.end(),
                                                           [&](const dns::Rdata& value) {
                                                             return work.is_ignored(key, value);
                                                           });
  if (ignored) {
    work.note(15, item.unit, "kept: ignored, and no longer counted as ours", Shown::yes);
    return true;
  }
  const LiveSet* live = work.live.find(key);
  if (live == nullptr || live->foreign().empty()) return false;
  work.note(17, item.unit, "kept: belongs to " + std::string(live->foreign()), Shown::yes);
  return true;
}

/// Rows 8, 9, 10 and 20 for one item.
void take_item(Work& work, const ManifestItem& item, std::vector<Removal>& removals) {
  Draft& draft = work.draft_of(item.unit.key);
  if (is_declared_otherwise(draft, item)) {
    // A TTL lowered ahead of a stage leaves the set ours as it was.
    if (draft.declared.front()->ttl_only) work.kept.push_back(item);
    return;
  }
  const auto live = work.values_of(item.unit, draft.after.values);
  if (live.empty()) {
    work.note(9, item.unit, reason_of(9), Shown::no);
    return;
  }
  if (!dns::same_values(live, item.values)) {
    report_kept(work, item, live);
    return;
  }
  for (const auto& value : live) {
    if (!work.is_covered(item.unit.key, value)) draft.after.remove(value);
  }
  removals.push_back({&draft, item.unit});
}

}  // namespace

void take_previous(Work& work) {
  std::vector<Removal> removals;
  for (const auto& item : work.previous.items) {
    if (is_declared(work, item.unit) || is_given_up(work, item)) continue;
    const bool merged = item.unit.owned == OwnedClass::spf && !item.spf_terms.empty();
    const Draft* draft = work.find_draft(item.unit.key);
    if (merged && (draft == nullptr || !is_declared_otherwise(*draft, item))) {
      take_out_spf_terms(work, item);
    } else {
      take_item(work, item, removals);
    }
  }
  for (const auto& [draft, unit] : removals) {
    const bool alone = draft->after.values.empty() && draft->declared.empty();
    const int row = alone || unit.key.type != dns::Type::TXT ? 8 : 20;
    draft->because(row, reason_of(row));
    work.note(row, unit, reason_of(row), Shown::no);
  }
}

}  // namespace mxsmith::plan::scoping
