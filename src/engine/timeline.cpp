#include "engine/timeline.hpp"

#include <algorithm>
#include <utility>

namespace mxsmith::engine {

namespace {

/// One for each instant from `now` on; where a stage begins just then, it gives the name.
std::vector<spec::Moment> instants_after(base::Instant now, const std::vector<spec::Moment>& all) {
  std::vector<spec::Moment> result;
  for (const spec::Moment& moment : all) {
    if (moment.at <= now) continue;
    const bool same = !result.empty() && result.back().at == moment.at;
    if (!same) {
      result.push_back(moment);
    } else if (moment.kind == spec::Moment::Kind::stage) {
      result.back() = moment;
    }
  }
  return result;
}

}  // namespace

Timeline timeline_of(const spec::ZoneSpec& zone, const plan::Traits& traits,
                     const plan::Target& target, base::Instant now,
                     base::Diagnostics& diagnostics) {
  Timeline line;
  line.spec = zone;
  const auto moments = spec::moments(zone, diagnostics);
  plan::Desired before = spec::evaluate(zone, now, diagnostics);
  line.in_force = before.stages.active;
  line.now = before.mail;
  if (diagnostics.has_errors()) return line;
  for (const spec::Moment& moment : instants_after(now, moments)) {
    plan::Desired after = spec::evaluate(zone, moment.at, diagnostics);
    const plan::LiveZone live = plan::live_from(before);
    const plan::Manifest owned = plan::manifest_of(before);
    auto result = plan::make_plan({after,
                                   live,
                                   owned,
                                   plan::HistoryKnown::yes,
                                   traits,
                                   target,
                                   zone.file.string(),
                                   moment.at,
                                   {},
                                   {},
                                   {}});
    diagnostics.append(result.diagnostics);
    if (!result.plan) break;
    result.plan->for_looking = true;
    line.points.push_back({moment, std::move(*result.plan), before.mail, after.mail});
    before = std::move(after);
  }
  return line;
}

}  // namespace mxsmith::engine
