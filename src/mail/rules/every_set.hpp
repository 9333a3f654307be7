// What is to be said of every set of a zone, found in one walk: the walk is in dns_sets.cpp, these
// judge what belongs to another subject. Private to src/mail/rules.
#pragma once

#include "mail/rule.hpp"

namespace mxsmith::mail {

void judge_tlsa_owner(Judged& judged, const dns::RRset& set);  ///< dane-owner
void judge_caa(Judged& judged, const dns::RRset& set);         ///< caa-syntax
void judge_srv_owner(Judged& judged, const dns::RRset& set);   ///< srv-name

/// The walk.
void judge_every_set(Judged& judged);

}  // namespace mxsmith::mail
