// The ChangeResourceRecordSets that carries out a step.
#pragma once

#include <string>

#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers::route53 {

/// What one request may hold: ResourceRecord elements, and signs of their values, of which an
/// UPSERT's count twice.
inline constexpr std::size_t kMostRecords = 1000;
inline constexpr std::size_t kMostSigns = 32000;
/// Signs of one value.
inline constexpr std::size_t kLongestValue = 4000;

/// What a step weighs against these limits: a set that changes goes as it is and comes as it should
/// be.
plan::StepCost batch_cost();

/// The body; empty when there is nothing to do. A set that changes is deleted, word for word as it
/// was listed, and created: the server refuses the whole batch where somebody has changed it since.
/// What goes stands before what comes. The NS set of the apex alone is put in one go, since the
/// server never lets it be missing. Throws Error{unsupported} naming the record for what cannot be
/// written.
std::string print_batch(const plan::LiveZone& live, const provider::Step& step);

}  // namespace mxsmith::providers::route53
