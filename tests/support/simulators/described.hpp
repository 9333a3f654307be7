// Exchanges with a simulator, held against the vendor's published description of the API.
//
// The descriptions are not part of the repository: they are read where they lie, in the folder
// "data" of MXSMITH_SHARED, by default ../shared beside the repository. Where one is missing the
// test cannot run, which is said aloud; MXSMITH_DEMAND_SHARED=1 makes that a failure.
#pragma once

#include <string>
#include <vector>

#include "support/simulators/simulator.hpp"

namespace mxsmith::tests {

/// Checks, inside a test case, that every request and every answer is as `file` describes it:
/// "digitalocean-openapi-domains.json", or an absolute path for a description of our own. `options`
/// are those of support/check_exchanges.py: {"--forgotten", "last_check"}.
void check_described(const std::string& file, const std::vector<Simulator::Exchange>& exchanges,
                     const std::vector<std::string>& options = {});

}  // namespace mxsmith::tests
