// Cut-overs: TTLs that go down ahead of a stage and up again after it.
//
// A stage that changes a set has old answers live on in caches for the set's TTL. So from `at -
// lead` until `at + settle` the set's TTL is the cut-over's. Which sets a stage changes follows
// from what is declared just before and just after it; single TXT values (verification tokens) are
// left out, since nobody caches the need for them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "plan/desired.hpp"
#include "spec/node.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

/// The [cutover] table, with what holds where it is silent.
struct CutOver {
  std::optional<base::Seconds> lead;  ///< Nothing: auto.
  std::uint32_t ttl = 300;
  base::Seconds settle{24 * 3600};
};
/// `tree` has its placeholders filled.
CutOver cutover_of(const Node& tree);

/// One set whose TTL goes down around one stage.
struct Lowering {
  plan::Unit unit;
  std::optional<base::Instant> begin;  ///< Nothing: not ahead of the stage.
  base::Instant at{};
  std::optional<base::Instant> end;  ///< Nothing: not after the stage.
  plan::DesiredUnit declared;        ///< As it is after the stage, else as before it.
};

/// The sets that differ between what is declared before and after a stage.
std::vector<Lowering> lowerings(const plan::Desired& before, const plan::Desired& after,
                                base::Instant at, const CutOver& cutover);

/// Puts the TTLs that hold at `now` into `desired`. A set that has gone through a cut-over and
/// declares no TTL gets plan::kDefaultTtl once it has settled, since its old TTL is not known any
/// more.
void apply_cutover(plan::Desired& desired, const std::vector<Lowering>& all, base::Instant now,
                   const CutOver& cutover);

}  // namespace mxsmith::spec
