// Networks in SPF terms: whether one lies within another.
#pragma once

#include "mail/spf.hpp"

namespace mxsmith::mail {

/// Whether every address that the ip4 or ip6 term `inner` matches is matched by `outer` as well.
/// False for all other terms. Qualifiers do not matter.
bool network_contains(const SpfTerm& outer, const SpfTerm& inner);

}  // namespace mxsmith::mail
