// What pipelines tell the programs they run.
#pragma once

#include <string>

namespace mxsmith::cli {

/// The commit that the branch was at before the push this pipeline runs for; empty where the
/// pipeline does not say.
std::string commit_before();

}  // namespace mxsmith::cli
