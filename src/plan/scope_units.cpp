// Rows 1 to 7 and 18: declared units against memory and the live zone.
#include <algorithm>
#include <utility>

#include "plan/scope_work.hpp"

namespace mxsmith::plan::scoping {

namespace {

bool same_ttl(std::optional<std::uint32_t> declared, std::optional<std::uint32_t> live) {
  return !declared || declared == live;
}

/// One declared unit and what it is compared with.
struct Case {
  const DesiredUnit& unit;
  std::vector<dns::Rdata> wanted;
  std::vector<dns::Rdata> live;
  std::optional<std::uint32_t> ttl;  ///< Declared, storable; only for units that own the TTL.
  std::optional<std::uint32_t> live_ttl;
  const ManifestItem* previous = nullptr;
};

Case case_of(const Work& work, const Draft& draft, const DesiredUnit& unit) {
  Case one{unit, declared_values(unit),      work.live_values_of(unit.unit), {},
           {},   work.previous_of(unit.unit)};
  if (unit.ttl && unit.unit.owned == OwnedClass::whole) one.ttl = work.storable_ttl(*unit.ttl);
  if (draft.live != nullptr) one.live_ttl = draft.live->set.ttl;
  return one;
}

Standing standing_of(const Case& one) {
  Standing standing;
  standing.previous = one.previous;
  standing.live_is_empty = one.live.empty();
  standing.live_is_wanted =
      dns::same_values(one.wanted, one.live) && same_ttl(one.ttl, one.live_ttl);
  if (one.previous == nullptr) return standing;
  const bool owns_ttl = one.unit.unit.owned == OwnedClass::whole;
  const auto previous_ttl = owns_ttl ? one.previous->ttl : std::nullopt;
  standing.previous_is_live =
      dns::same_values(one.previous->values, one.live) && same_ttl(previous_ttl, one.live_ttl);
  standing.previous_is_wanted =
      dns::same_values(one.previous->values, one.wanted) && previous_ttl == one.ttl;
  return standing;
}

bool is_guarded_against_drift(const Unit& unit) {
  return unit.key.type == dns::Type::MX || unit.key.type == dns::Type::NS ||
         unit.owned == OwnedClass::dmarc;
}

/// Rows 6 and 7: somebody meant something by it, so for mail's sake a person has to look.
void report_drift(Work& work, const Case& one) {
  if (!is_guarded_against_drift(one.unit.unit)) return;
  if (dns::same_values(one.previous->values, one.live)) return;
  GuardFinding finding;
  finding.id = "drift";
  finding.message = one.unit.unit.text() + " was changed outside: it was put as " +
                    words(one.previous->values) + " and is now " + words(one.live);
  finding.keys.push_back(one.unit.unit.key);
  finding.pos = one.unit.pos;
  work.out.guards.push_back(std::move(finding));
}

std::string words_for(int row, const Case& one) {
  std::string text = reason_of(row);
  if (row == 7) {
    text += ": put as " + words(one.previous->values) + ", found as " + words(one.live) +
            ", will be " + words(one.wanted);
  } else if (dns::same_values(one.wanted, one.live)) {
    text += " (TTL)";
  }
  return text;
}

/// Puts the wanted values where the unit's first live value stands; values of others keep their
/// place, and so do ignored ones in an owned set.
void put_values(const Work& work, Draft& draft, const Case& one) {
  std::vector<dns::Rdata> after;
  bool placed = false;
  const auto place = [&] {
    if (std::exchange(placed, true)) return;
    after.insert(after.end(), one.wanted.begin(), one.wanted.end());
  };
  for (const auto& value : draft.after.values) {
    const bool ours = belongs(one.unit.unit, value) && !work.is_ignored(draft.key, value);
    if (ours) {
      place();
    } else if (std::find(one.wanted.begin(), one.wanted.end(), value) == one.wanted.end()) {
      after.push_back(value);
    }
  }
  place();
  draft.after.values = std::move(after);
}

void take_unit(Work& work, Draft& draft, const DesiredUnit& unit) {
  const Case one = case_of(work, draft, unit);
  const bool two_spf = unit.unit.owned == OwnedClass::spf && one.live.size() > 1;
  const int row = two_spf ? 18 : row_of(standing_of(one));
  const std::string text = words_for(row, one);
  // The order of values means nothing, so one that is right stays as it is.
  if (!dns::same_values(one.wanted, one.live)) put_values(work, draft, one);
  if (row != 1) draft.because(row, text, unit.pos);
  if (row == 6 || row == 7) report_drift(work, one);
  std::optional<std::uint32_t> ttl;
  if (unit.ttl) ttl = work.storable_ttl(*unit.ttl);
  work.out.manifest.items.push_back({unit.unit, one.wanted, ttl, {}});
  work.note(row, unit.unit, text, Shown::no);
}

}  // namespace

void take_declared(Work& work) {
  for (const auto& unit : work.desired.units) {
    if (unit.ttl_only) continue;
    Draft& draft = work.draft_of(unit.unit.key);
    if (unit.spf && unit.spf->merges) {
      take_merged_spf(work, draft, unit);
    } else {
      take_unit(work, draft, unit);
    }
  }
}

}  // namespace mxsmith::plan::scoping
