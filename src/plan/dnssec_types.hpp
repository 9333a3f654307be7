// Types that a signer keeps, not a person: no declaration speaks of them and none of them is in the
// way of anything.
#pragma once

#include <cstdint>

#include "dns/type.hpp"

namespace mxsmith::plan {

/// RRSIG, NSEC, DNSKEY (RFC 4034), NSEC3, NSEC3PARAM (RFC 5155), CDS, CDNSKEY (RFC 7344), ZONEMD
/// (RFC 8976).
inline bool is_signing_data(dns::Type type) {
  switch (static_cast<std::uint16_t>(type)) {
    case 46:
    case 47:
    case 48:
    case 50:
    case 51:
    case 59:
    case 60:
    case 63: return true;
    default: return false;
  }
}

/// What may stand beside a CNAME: RRSIG and NSEC (RFC 4035 section 2.5).
inline bool stands_beside_cname(dns::Type type) {
  return type == dns::Type::RRSIG || type == dns::Type::NSEC;
}

}  // namespace mxsmith::plan
