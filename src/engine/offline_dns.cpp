#include "engine/offline_dns.hpp"

#include <utility>

#include "spec/spec.hpp"

namespace mxsmith::engine {

namespace {

/// Knows nothing: what is asked of it was not looked up.
class Nobody final : public mail::Resolver {
 public:
  mail::Answer lookup(const dns::Name&, dns::Type) override {
    mail::Answer answer;
    answer.reason = "neither the spec nor the records hold that name";
    return answer;
  }
};

}  // namespace

OfflineDns::OfflineDns(const OfflineSources& sources, base::Instant at, Unlisted unlisted,
                       base::Diagnostics& diagnostics)
    : records_(sources.records, dns::Name(), diagnostics) {
  if (!sources.specs.empty()) add_specs(sources, at, diagnostics);
  if (!records_.empty() && unlisted == Unlisted::not_checked) add(records_.resolver());
  if (!records_.empty() && unlisted == Unlisted::absent) {
    world_ = records_.zone(dns::Name());
    add(std::make_unique<mail::ZoneResolver>(world_));
  }
  add(std::make_unique<Nobody>());
}

void OfflineDns::add_specs(const OfflineSources& sources, base::Instant at,
                           base::Diagnostics& diagnostics) {
  const spec::Project project =
      spec::load(sources.specs, *spec::disk_files(), sources.provider_types);
  diagnostics.append(project.diagnostics);
  if (diagnostics.has_errors()) return;
  for (const spec::ZoneSpec& zone : project.zones) {
    const plan::Desired desired = spec::evaluate(zone, at, diagnostics);
    const auto coverage =
        desired.manage == plan::ManageMode::zone ? mail::Coverage::whole : mail::Coverage::declared;
    zones_.push_back(plan::live_from(desired));
    sets_.emplace_back(zones_.back());
    add(std::make_unique<mail::ZoneResolver>(sets_.back(), coverage));
  }
}

std::optional<dns::Name> OfflineDns::zone_of(const dns::Name& name) const {
  std::optional<dns::Name> best;
  for (const plan::LiveZone& zone : zones_) {
    const bool deeper = !best || zone.apex().label_count() > best->label_count();
    if (name.is_at_or_below(zone.apex()) && deeper) best = zone.apex();
  }
  return best;
}

void OfflineDns::add(std::unique_ptr<mail::Resolver> resolver) {
  parts_.push_back(std::move(resolver));
  if (last_ == nullptr) {
    last_ = parts_.back().get();
    return;
  }
  chains_.push_back(std::make_unique<mail::ChainedResolver>(*last_, *parts_.back()));
  last_ = chains_.back().get();
}

}  // namespace mxsmith::engine
