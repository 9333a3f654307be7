// The change that carries out a step: what goes, letter for letter as it is stored, and what comes.
#pragma once

#include <string>
#include <vector>

#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers::gcloud {

/// What a change adds to the size that Google limits.
plan::StepCost change_cost();

struct ChangeBody {
  std::string text;  ///< Empty: there is nothing to do.
  /// Of which set each element of the two lists speaks.
  std::vector<dns::Key> additions;
  std::vector<dns::Key> deletions;
};

/// Deletions repeat the set as it was listed, name, TTL and spelling: Google takes them only while
/// they are what it has, so that no change of somebody else is lost. Values that stay are sent as
/// they are spelled there; a set that comes back is spelled as history remembers it. Throws
/// Error{unsupported} naming the record for what cannot be written.
ChangeBody print_change(const plan::LiveZone& live, const provider::Step& step);

}  // namespace mxsmith::providers::gcloud
