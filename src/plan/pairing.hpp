// Pairing the parts of two values by identity, so that a difference reads as what was changed.
// Private to src/plan/describe*.cpp.
#pragma once

#include <string>
#include <vector>

#include "plan/change.hpp"

namespace mxsmith::plan {

struct Part {
  std::string identity;
  std::string text;
};

/// For parts whose order matters: the longest common sequence of identities stays in place; a part
/// that moved is removed at its old place and added at its new one.
std::vector<Delta> pair_in_order(const std::vector<Part>& before, const std::vector<Part>& after);

/// For parts without an order: what went first, then what is there afterwards, in its order. Where
/// an identity stands several times, equal texts are paired first.
std::vector<Delta> pair_unordered(const std::vector<Part>& before, const std::vector<Part>& after);

Delta added(const Part& part);
Delta removed(const Part& part);
/// changed, or kept where the texts are equal.
Delta paired(const Part& before, const Part& after);

/// Whether no delta tells of a difference.
bool all_kept(const std::vector<Delta>& deltas);

}  // namespace mxsmith::plan
