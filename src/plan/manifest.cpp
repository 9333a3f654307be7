#include <algorithm>
#include <map>
#include <utility>

#include "plan/desired.hpp"

namespace mxsmith::plan {

namespace {

/// A merging SPF declaration as a record of its own, as if nothing were live.
std::optional<dns::Rdata> spf_alone(const SpfDeclaration& spf) {
  const auto merged = mail::merge_spf({}, spf.merge);
  if (!merged) return std::nullopt;
  return dns::Txt{merged->text()};
}

std::vector<dns::Rdata> values_alone(const DesiredUnit& unit) {
  std::vector<dns::Rdata> values;
  for (const auto& declared : unit.values) values.push_back(declared.value);
  if (unit.spf && unit.spf->merges) {
    if (auto value = spf_alone(*unit.spf)) values.push_back(std::move(*value));
  }
  return values;
}

/// The TTL of a set that several blocks share: one that a block asks for itself goes before the
/// file's, the lowest before the others.
void lower_ttl(std::map<dns::Key, std::pair<bool, std::uint32_t>>& ttls, const DesiredUnit& unit) {
  if (!unit.ttl) return;
  const auto [found, is_new] = ttls.try_emplace(unit.unit.key, unit.ttl_of_block, *unit.ttl);
  if (is_new) return;
  auto& [of_block, ttl] = found->second;
  if (of_block && !unit.ttl_of_block) return;
  ttl = of_block == unit.ttl_of_block ? std::min(ttl, *unit.ttl) : *unit.ttl;
  of_block = unit.ttl_of_block;
}

}  // namespace

Manifest manifest_of(const Desired& desired) {
  Manifest manifest;
  manifest.spec_digest = desired.digest;
  for (const auto& unit : desired.units) {
    if (unit.ttl_only) continue;
    ManifestItem item{unit.unit, values_alone(unit), unit.ttl, {}};
    if (unit.spf && unit.spf->merges) {
      for (const auto& term : unit.spf->merge.add) item.spf_terms.push_back(term.canonical());
    }
    manifest.items.push_back(std::move(item));
  }
  std::sort(manifest.items.begin(), manifest.items.end(),
            [](const ManifestItem& a, const ManifestItem& b) { return a.unit < b.unit; });
  return manifest;
}

LiveZone live_from(const Desired& desired) {
  std::map<dns::Key, LiveSet> sets;
  std::map<dns::Key, std::pair<bool, std::uint32_t>> ttls;
  for (const auto& unit : desired.units) {
    if (unit.ttl_only) continue;
    LiveSet& live = sets[unit.unit.key];
    live.set.name = unit.unit.key.name;
    live.set.type = unit.unit.key.type;
    for (auto& value : values_alone(unit)) live.set.add(value);
    if (unit.meta) {
      auto extra = live.extra ? *live.extra : LiveExtra();
      for (const auto& [name, value] : *unit.meta) extra.meta[name] = value;
      live.extra = std::make_shared<const LiveExtra>(std::move(extra));
    }
    lower_ttl(ttls, unit);
  }
  LiveZone zone(ZoneRef{desired.zone, desired.zone.text(), ZoneKind::ordinary});
  zone.read_at = desired.at;
  if (desired.manage != ManageMode::zone) zone.coverage = mail::Coverage::declared;
  for (auto& [key, live] : sets) {
    if (live.set.values.empty()) continue;
    const auto ttl = ttls.find(key);
    live.set.ttl = ttl == ttls.end() ? kDefaultTtl : ttl->second.second;
    zone.add(std::move(live));
  }
  return zone;
}

}  // namespace mxsmith::plan
