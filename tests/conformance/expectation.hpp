// What a state means for a zone, reckoned without the planner: the judge must not be the judged.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/story.hpp"
#include "plan/live.hpp"

namespace mxsmith::conformance {

/// A record that these traits rule out, and the words with which the plan has to refuse it.
struct Refusal {
  dns::Key key;
  std::string words;
};
std::vector<Refusal> refusals(const State& state, const dns::Name& zone,
                              const plan::Traits& traits);

/// What others have in the zone; nobody can have records there of a type that cannot be stored.
std::vector<std::string> neighbours_of(const Group& group, const plan::Traits& traits);

/// Whether a TTL of the state is outside what can be stored, so that the plan has to say so.
bool has_ttl_out_of_range(const State& state, const plan::Traits& traits);

/// The zone as it should be: what the state and its group say, with SOA and apex NS as in `before`.
/// A line without TTL keeps the live one; new sets get 3600.
dns::Zone expected_zone(const Group& group, const State& state, const dns::Zone& before,
                        const plan::Traits& traits);

/// The sets that the state itself speaks of.
std::set<dns::Key> spoken_of(const State& state, const dns::Name& zone);

/// How two zones differ, in a few lines; the serial of the SOA aside. Empty: they do not.
std::string difference(const dns::Zone& expected, const dns::Zone& actual);

/// A zone at one moment, as the provider reads it and as it lies there.
struct Look {
  plan::LiveZone read;
  std::map<dns::Key, std::string> texts;
};

/// How sets that nobody spoke of differ between two looks: values, TTL, owner, metadata, and every
/// letter that is kept with them. The keys are those that may differ.
std::string touched(const Look& before, const Look& after, const dns::Zone& expected,
                    const std::set<dns::Key>& may_differ);

}  // namespace mxsmith::conformance
