// Saved plans: schemas/plan-v1, the JSON that `plan --out` writes, `apply FILE` reads and history
// keeps.
//
// Values are presentation strings, so that octets that are not UTF-8 survive.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/parsed.hpp"
#include "plan/plan.hpp"

namespace mxsmith::plan {

/// What a plan file holds.
struct PlanFile {
  std::string tool;  ///< "mxsmith 0.1.0"
  base::Instant made_at{};
  std::vector<ZonePlan> zones;
};

/// Indented JSON with a final newline; names as in schemas/plan-v1.json.
std::string print_plan_file(const PlanFile& file);
base::Parsed<PlanFile> parse_plan_file(std::string_view json);

/// One zone's plan as one line of JSON, for the journal.
std::string print_zone_plan(const ZonePlan& plan);
base::Parsed<ZonePlan> parse_zone_plan(std::string_view json);

/// A manifest as one line of JSON.
std::string print_manifest(const Manifest& manifest);
base::Parsed<Manifest> parse_manifest(std::string_view json);

/// How each change of a saved plan stands to the zone now (design: compare-and-apply).
struct Freshness {
  std::vector<std::size_t> to_do;  ///< Positions of changes whose set is as `before`.
  std::vector<std::size_t> done;   ///< Already as `after`.
  struct Moved {
    std::size_t change;
    std::string message;  ///< "example.com/MX was 10 mx1..., is now 10 mx9..."
  };
  std::vector<Moved> moved;  ///< Neither: the plan is stale.
};
Freshness compare_with_live(const ZonePlan& plan, const LiveZone& live);

/// The plan without the changes that are already done; steps renumbered.
ZonePlan without_done(const ZonePlan& plan, const Freshness& freshness);

}  // namespace mxsmith::plan
