// The corpora of the fuzzed readers, run as ordinary tests.
#include "fuzz/mail_targets.hpp"
#include "fuzz/run_corpus.hpp"

using namespace mxsmith;

TEST_CASE("corpora of the fuzzed readers of mail records") {
  for (const auto& [name, target] : fuzz::kMailTargets) fuzz::run_corpus(name, target);
}
