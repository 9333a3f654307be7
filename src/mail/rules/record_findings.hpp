// What a finding about a record that is no TXT names as its subject. Private to src/mail/rules.
#pragma once

#include <cstddef>

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// One value of a set, in presentation form.
Subject subject_of(const dns::RRset& set, std::size_t value);

/// Findings whose places count records of `set` (check_mx, check_tlsa, check_client_srv). One that
/// is about several records names the set.
void tell_records(Judged& judged, const dns::RRset& set, const Findings& findings);

}  // namespace mxsmith::mail
