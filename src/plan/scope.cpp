#include "plan/scope.hpp"

#include <algorithm>
#include <utility>

#include "plan/scope_work.hpp"

namespace mxsmith::plan {

namespace {

using scoping::Draft;
using scoping::Work;

SetState live_state(const LiveZone& live, const LiveSet& set) {
  SetState state{set.set, set.meta(), {}};
  if (live.native) state.verbatim = live.native->verbatim(set.set.key());
  return state;
}

bool differs(const Draft& draft) {
  if (draft.live == nullptr) return !draft.after.values.empty();
  if (draft.after.values.empty()) return true;
  return !(draft.after == draft.live->set) || draft.meta != draft.live->meta();
}

Change change_of(const LiveZone& live, Draft& draft) {
  Change change;
  change.key = draft.key;
  if (draft.live != nullptr) change.before = live_state(live, *draft.live);
  if (!draft.after.values.empty()) {
    change.after = SetState{std::move(draft.after), std::move(draft.meta), {}};
  }
  change.reasons = std::move(draft.reasons);
  change.pos = draft.pos;
  for (const DesiredUnit* unit : draft.declared) {
    change.parts.insert(change.parts.end(), unit->parts.begin(), unit->parts.end());
  }
  return change;
}

/// What was kept by row 10 and then went by another rule is no longer ours.
void remember_kept(Work& work) {
  for (auto& item : work.kept) {
    const Draft* draft = work.find_draft(item.unit.key);
    if (draft == nullptr || work.values_of(item.unit, draft->after.values).empty()) continue;
    work.out.manifest.items.push_back(std::move(item));
  }
  std::sort(work.out.manifest.items.begin(), work.out.manifest.items.end(),
            [](const ManifestItem& a, const ManifestItem& b) { return a.unit < b.unit; });
}

void check_kind(Work& work) {
  if (work.live.ref().kind == ZoneKind::ordinary || work.out.changes.empty()) return;
  const bool secondary = work.live.ref().kind == ZoneKind::secondary;
  work.out.diagnostics.error(
      "scope-zone-kind", work.desired.pos,
      work.desired.zone.display() +
          (secondary ? " is a secondary zone here"
                     : " is signed before "
                       "it is loaded here") +
          ": its records cannot be changed at this provider",
      secondary ? "change it where it is primary" : "change the unsigned zone");
}

void finish(Work& work) {
  std::size_t touched = 0;
  for (auto& draft : work.drafts) {
    if (draft.live != nullptr) ++touched;
    if (differs(draft)) work.out.changes.push_back(change_of(work.live, draft));
  }
  work.out.left_alone = work.live.sets().size() - touched;
  std::sort(work.out.changes.begin(), work.out.changes.end(),
            [](const Change& a, const Change& b) { return a.key < b.key; });
  std::stable_sort(work.out.notes.begin(), work.out.notes.end(),
                   [](const ScopeNote& a, const ScopeNote& b) { return a.unit < b.unit; });
  check_kind(work);
}

}  // namespace

Scope scope(const Desired& desired, const LiveZone& live, const Manifest& previous,
            HistoryKnown known, const Traits& traits) {
  Work work(desired, live, previous, known, traits);
  scoping::check_declared(work);
  scoping::take_absent(work);
  scoping::take_previous(work);
  scoping::take_declared(work);
  scoping::take_unmanaged(work);
  scoping::settle_ttl(work);
  scoping::settle_meta(work);
  scoping::clear_way_for_cnames(work);
  // Before finish(), which moves the drafts' values into changes.
  remember_kept(work);
  finish(work);
  return std::move(work.out);
}

}  // namespace mxsmith::plan
