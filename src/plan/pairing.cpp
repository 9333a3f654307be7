#include "plan/pairing.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace mxsmith::plan {
namespace {

/// Beyond this many comparisons the order is given up: such values are hostile, not mail records.
constexpr std::size_t kMostComparisons = 250000;

/// lengths[i][j]: longest common sequence of before[i..] and after[j..].
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<Part>& before,
                                                     const std::vector<Part>& after) {
  std::vector lengths(before.size() + 1, std::vector<std::size_t>(after.size() + 1, 0));
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      lengths[i][j] = before[i].identity == after[j].identity
                          ? lengths[i + 1][j + 1] + 1
                          : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

/// For each part of `after` the part of `before` it belongs to.
std::vector<std::optional<std::size_t>> partners(const std::vector<Part>& before,
                                                 const std::vector<Part>& after) {
  std::vector<std::optional<std::size_t>> partner(after.size());
  std::vector<bool> taken(before.size(), false);
  const auto take = [&](bool same_text) {
    for (std::size_t j = 0; j < after.size(); ++j) {
      for (std::size_t i = 0; i < before.size() && !partner[j]; ++i) {
        if (taken[i] || before[i].identity != after[j].identity) continue;
        if (same_text && before[i].text != after[j].text) continue;
        partner[j] = i;
        taken[i] = true;
      }
    }
  };
  take(true);
  take(false);
  return partner;
}

}  // namespace

Delta added(const Part& part) { return {Delta::Kind::added, part.identity, "", part.text}; }
Delta removed(const Part& part) { return {Delta::Kind::removed, part.identity, part.text, ""}; }
Delta paired(const Part& before, const Part& after) {
  const auto kind = before.text == after.text ? Delta::Kind::kept : Delta::Kind::changed;
  return {kind, after.identity, before.text, after.text};
}

std::vector<Delta> pair_in_order(const std::vector<Part>& before, const std::vector<Part>& after) {
  if (before.size() * after.size() > kMostComparisons) return pair_unordered(before, after);
  const auto lengths = common_lengths(before, after);
  std::vector<Delta> deltas;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i].identity == after[j].identity) {
      deltas.push_back(paired(before[i++], after[j++]));
    } else if (j == after.size() || (i < before.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
      deltas.push_back(removed(before[i++]));
    } else {
      deltas.push_back(added(after[j++]));
    }
  }
  return deltas;
}

std::vector<Delta> pair_unordered(const std::vector<Part>& before, const std::vector<Part>& after) {
  const auto partner = partners(before, after);
  std::vector<Delta> deltas;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool stays = std::find(partner.begin(), partner.end(), std::optional(i)) != partner.end();
    if (!stays) deltas.push_back(removed(before[i]));
  }
  for (std::size_t j = 0; j < after.size(); ++j) {
    deltas.push_back(partner[j] ? paired(before[*partner[j]], after[j]) : added(after[j]));
  }
  return deltas;
}

bool all_kept(const std::vector<Delta>& deltas) {
  return std::all_of(deltas.begin(), deltas.end(),
                     [](const Delta& delta) { return delta.kind == Delta::Kind::kept; });
}

}  // namespace mxsmith::plan
