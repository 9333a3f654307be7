// Row 21, and the TTL limits of row 24. An RRset has one TTL (RFC 2181 section 5.2), so in a set
// that holds values of others it is not ours to change unless the block itself says so.
#include <algorithm>
#include <utility>

#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

bool is_shared(Work& work, const Draft& draft) {
  return std::any_of(draft.after.values.begin(), draft.after.values.end(),
                     [&](const dns::Rdata& value) { return !work.is_covered(draft.key, value); });
}

/// The unit whose TTL the set gets: one that asks for it in its own block before one that inherits
/// it, the lower before the higher.
const DesiredUnit* ttl_owner(Work& work, const Draft& draft, bool shared) {
  const DesiredUnit* owner = nullptr;
  for (const DesiredUnit* unit : draft.declared) {
    if (!unit->ttl) continue;
    const bool own = unit->ttl_of_block || unit->ttl_only;
    if (shared && !own) {
      if (draft.live != nullptr && draft.live->set.ttl != *unit->ttl) {
        work.note(21, unit->unit, "the TTL stays: other values share the set", Shown::no);
      }
      continue;
    }
    const bool owner_own = owner != nullptr && (owner->ttl_of_block || owner->ttl_only);
    if (owner == nullptr || (own && !owner_own)) {
      owner = unit;
    } else if (own == owner_own && *unit->ttl != *owner->ttl) {
      work.out.diagnostics.warning("ttl-conflict", unit->pos,
                                   draft.key.text() + ": " + owner->path + " and " + unit->path +
                                       " ask for different TTLs of one set; the lower one is used",
                                   "give both the same ttl");
      if (*unit->ttl < *owner->ttl) owner = unit;
    }
  }
  return owner;
}

void note_limits(Work& work, const DesiredUnit& unit, std::uint32_t stored) {
  if (!unit.ttl || *unit.ttl == stored) return;
  const bool low = *unit.ttl < stored;
  work.note(24, unit.unit,
            "TTL " + std::to_string(*unit.ttl) + " is " + (low ? "below" : "above") +
                " what this provider stores: " + std::to_string(stored) + " is used",
            Shown::yes);
}

/// The reason for a TTL that changes by itself; sets owned whole have theirs already.
void explain(Work& work, Draft& draft, const DesiredUnit& unit, bool shared) {
  if (draft.live == nullptr || draft.live->set.ttl == draft.after.ttl) return;
  if (unit.ttl_only) {
    draft.because(5, "TTL ahead of a stage", unit.pos);
    work.note(5, unit.unit, "TTL ahead of a stage", Shown::no);
    return;
  }
  if (unit.unit.owned == OwnedClass::whole) return;
  if (shared) {
    draft.because(21, "the block asks for this TTL; it holds for the whole set", unit.pos);
    work.note(21, unit.unit, "the block asks for this TTL", Shown::no);
    return;
  }
  const ManifestItem* previous = work.previous_of(unit.unit);
  const int row = previous == nullptr ? 4 : previous->ttl == draft.after.ttl ? 6 : 5;
  draft.because(row, reason_of(row) + " (TTL)", unit.pos);
}

void settle(Work& work, Draft& draft) {
  if (draft.declared.empty() || draft.after.values.empty()) return;
  const bool shared = is_shared(work, draft);
  const DesiredUnit* owner = ttl_owner(work, draft, shared);
  if (owner == nullptr) {
    if (draft.live == nullptr) draft.after.ttl = work.storable_ttl(kDefaultTtl);
    return;
  }
  draft.after.ttl = work.storable_ttl(*owner->ttl);
  note_limits(work, *owner, draft.after.ttl);
  explain(work, draft, *owner, shared);
}

}  // namespace

void settle_ttl(Work& work) {
  for (auto& draft : work.drafts) settle(work, draft);
}

}  // namespace mxsmith::plan::scoping
