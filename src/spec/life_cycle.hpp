// What has to hold between one stage of a spec and the next: the life of DKIM keys, and DMARC that
// gets stricter step by step.
//
// Each state is right by itself when these are asked. Findings stand at the later stage and note
// the earlier one; they name no zone, so that a fault in a base file is told once.
#pragma once

#include <span>

#include "base/diagnostic.hpp"
#include "plan/desired.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

/// What is declared from a stage on.
struct SpecState {
  const plan::Desired& desired;
  const Stage* stage = nullptr;  ///< Null: before all stages.
};

/// Rules spec-dkim-key-changed, spec-dkim-revived, spec-dkim-not-revoked, spec-dkim-no-active,
/// spec-dkim-not-ahead, spec-dkim-grace. Selectors that are an alias belong to the service that
/// changes their keys: they count as signing, and nothing else is asked of them.
void check_dkim_life(std::span<const SpecState> states, base::Diagnostics& diagnostics);

/// Rules spec-dmarc-step, spec-dmarc-soon, spec-dmarc-no-reports; all of them warnings.
void check_dmarc_ramp(std::span<const SpecState> states, base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
