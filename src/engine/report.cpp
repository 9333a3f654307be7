// What a report comes to: names and the exit code.
#include <algorithm>

#include "engine/engine.hpp"

namespace mxsmith::engine {

std::string_view zone_status_name(ZoneStatus status) {
  switch (status) {
    case ZoneStatus::nothing: return "nothing";
    case ZoneStatus::planned: return "planned";
    case ZoneStatus::refused: return "refused";
    case ZoneStatus::stale: return "stale";
    case ZoneStatus::applied: return "applied";
    case ZoneStatus::partly: return "partly";
    case ZoneStatus::unknown: return "unknown";
    case ZoneStatus::failed: return "failed";
    case ZoneStatus::skipped: break;
  }
  return "skipped";
}

bool has_errors(const Report& report) {
  return report.diagnostics.has_errors() ||
         std::any_of(report.zones.begin(), report.zones.end(), [](const ZoneReport& zone) {
           return std::any_of(zone.findings.begin(), zone.findings.end(), [](const auto& finding) {
             return finding.severity == base::Severity::error;
           });
         });
}

ExitCode exit_code(const Report& report, Detailed detailed) {
  const auto any = [&](auto... statuses) {
    return std::any_of(report.zones.begin(), report.zones.end(),
                       [&](const ZoneReport& zone) { return ((zone.status == statuses) || ...); });
  };
  const bool written = any(ZoneStatus::applied, ZoneStatus::partly, ZoneStatus::unknown);
  const bool undone = any(ZoneStatus::partly, ZoneStatus::unknown, ZoneStatus::failed,
                          ZoneStatus::stale, ZoneStatus::refused, ZoneStatus::skipped);
  if (report.interrupted) return ExitCode::interrupted;
  if (written && undone) return ExitCode::partly;
  // Done, but not told to others who share the history.
  const bool unsent =
      std::any_of(report.zones.begin(), report.zones.end(), [](const ZoneReport& zone) {
        const bool done = zone.status == ZoneStatus::applied || zone.status == ZoneStatus::nothing;
        return done && zone.error.has_value();
      });
  if (report.diagnostics.has_errors() || unsent || any(ZoneStatus::failed)) return ExitCode::error;
  if (any(ZoneStatus::stale)) return ExitCode::stale;
  if (any(ZoneStatus::refused)) return ExitCode::refused;
  if (any(ZoneStatus::skipped)) return ExitCode::error;
  if (detailed == Detailed::yes && any(ZoneStatus::planned)) return ExitCode::changes;
  return ExitCode::ok;
}

}  // namespace mxsmith::engine
