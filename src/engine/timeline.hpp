// A zone's future states one after the other, each as a plan from the state before, as the specs
// say: no provider is asked.
#pragma once

#include "base/diagnostic.hpp"
#include "engine/engine.hpp"

namespace mxsmith::engine {

/// `traits` and `target` are those of the zone's first provider. After an error in `diagnostics`
/// the result is of no use.
Timeline timeline_of(const spec::ZoneSpec& zone, const plan::Traits& traits,
                     const plan::Target& target, base::Instant now, base::Diagnostics& diagnostics);

}  // namespace mxsmith::engine
