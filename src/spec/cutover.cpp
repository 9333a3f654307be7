#include "spec/cutover.hpp"

#include <algorithm>
#include <utility>

#include "spec/keys.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;

constexpr base::Seconds kUnknownLead{24 * 3600};

/// Units are sorted.
const DesiredUnit* find(const plan::Desired& desired, const plan::Unit& unit) {
  const auto found = std::lower_bound(
      desired.units.begin(), desired.units.end(), unit,
      [](const DesiredUnit& a, const plan::Unit& wanted) { return a.unit < wanted; });
  return found != desired.units.end() && found->unit == unit ? &*found : nullptr;
}

bool same_merge(const DesiredUnit& a, const DesiredUnit& b) {
  const auto terms = [](const DesiredUnit& unit) {
    std::vector<std::string> result;
    if (!unit.spf) return result;
    for (const mail::SpfTerm& term : unit.spf->merge.add) result.push_back(term.canonical());
    return result;
  };
  if (a.spf.has_value() != b.spf.has_value()) return false;
  return !a.spf || (terms(a) == terms(b) && a.spf->merge.all == b.spf->merge.all);
}

bool same_values(const DesiredUnit& a, const DesiredUnit& b) {
  const auto plain = [](const DesiredUnit& unit) {
    std::vector<dns::Rdata> values;
    for (const plan::DesiredValue& value : unit.values) values.push_back(value.value);
    return values;
  };
  return dns::same_values(plain(a), plain(b)) && same_merge(a, b);
}

std::optional<Lowering> lowering(const DesiredUnit* before, const DesiredUnit* after,
                                 base::Instant at, const CutOver& cutover) {
  const auto over = [&](const DesiredUnit* unit) { return !unit->ttl || *unit->ttl > cutover.ttl; };
  Lowering result;
  result.declared = after != nullptr ? *after : *before;
  result.unit = result.declared.unit;
  result.at = at;
  const bool known = before != nullptr && before->ttl;
  const base::Seconds lead =
      cutover.lead.value_or(known ? base::Seconds(*before->ttl) : kUnknownLead);
  if (lead.count() > 0 && (before == nullptr || over(before))) result.begin = at - lead;
  if (cutover.settle.count() > 0 && after != nullptr && over(after)) {
    result.end = at + cutover.settle;
  }
  if (!result.begin && !result.end) return std::nullopt;
  return result;
}

void lower(DesiredUnit& unit, std::uint32_t ttl) {
  unit.ttl = std::min(unit.ttl.value_or(ttl), ttl);
  // The set may be shared with values that are not ours, and its TTL is one.
  unit.ttl_of_block = true;
}

void settle(plan::Desired& desired, const Lowering& lowering) {
  for (DesiredUnit& unit : desired.units) {
    if (unit.unit != lowering.unit) continue;
    unit.ttl = unit.ttl.value_or(plan::kDefaultTtl);
    unit.ttl_of_block = true;
  }
}

void lower(plan::Desired& desired, const Lowering& lowering, std::uint32_t ttl) {
  for (DesiredUnit& unit : desired.units) {
    if (unit.unit == lowering.unit) return lower(unit, ttl);
  }
  if (lowering.begin == std::nullopt) return;
  DesiredUnit only;
  only.unit = lowering.unit;
  only.ttl = ttl;
  only.ttl_of_block = true;
  only.ttl_only = true;
  only.pos = lowering.declared.pos;
  only.path = lowering.declared.path;
  desired.units.push_back(std::move(only));
}

}  // namespace

CutOver cutover_of(const Node& tree) {
  CutOver result;
  const auto span = [&](std::string_view key) {
    const Node* node = find_path(tree, {"cutover", key});
    return node == nullptr ? std::nullopt : span_of(*node);
  };
  result.lead = span("lead");  // "auto" is no span.
  if (const auto ttl = span("ttl")) result.ttl = static_cast<std::uint32_t>(ttl->count());
  if (const auto time = span("settle")) result.settle = *time;
  return result;
}

std::vector<Lowering> lowerings(const plan::Desired& before, const plan::Desired& after,
                                base::Instant at, const CutOver& cutover) {
  std::vector<Lowering> result;
  const auto consider = [&](const DesiredUnit* old_unit, const DesiredUnit* new_unit) {
    const DesiredUnit& any = new_unit != nullptr ? *new_unit : *old_unit;
    if (any.unit.owned == plan::OwnedClass::value) return;
    if (auto found = lowering(old_unit, new_unit, at, cutover)) result.push_back(*found);
  };
  for (const DesiredUnit& unit : after.units) {
    const DesiredUnit* old_unit = find(before, unit.unit);
    if (old_unit == nullptr || !same_values(*old_unit, unit)) consider(old_unit, &unit);
  }
  for (const DesiredUnit& unit : before.units) {
    if (find(after, unit.unit) == nullptr) consider(&unit, nullptr);
  }
  return result;
}

void apply_cutover(plan::Desired& desired, const std::vector<Lowering>& all, base::Instant now,
                   const CutOver& cutover) {
  // First what is long over, so that a cut-over under way has the last word.
  for (const Lowering& lowering : all) {
    if (now >= lowering.end.value_or(lowering.at) && now >= lowering.at) settle(desired, lowering);
  }
  for (const Lowering& lowering : all) {
    const bool ahead = lowering.begin && now >= *lowering.begin && now < lowering.at;
    const bool after = lowering.end && now >= lowering.at && now < *lowering.end;
    if (ahead || after) lower(desired, lowering, cutover.ttl);
  }
  std::stable_sort(desired.units.begin(), desired.units.end(),
                   [](const auto& a, const auto& b) { return a.unit < b.unit; });
}

}  // namespace mxsmith::spec
