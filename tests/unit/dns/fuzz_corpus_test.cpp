// The corpus of the fuzzed reader of zone files, run as an ordinary test.
#include "fuzz/run_corpus.hpp"
#include "fuzz/zone_targets.hpp"

using namespace mxsmith;

TEST_CASE("corpus of the fuzzed reader of zone files") {
  for (const auto& [name, target] : fuzz::kZoneTargets) fuzz::run_corpus(name, target);
}
