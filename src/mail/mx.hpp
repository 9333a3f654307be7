// MX sets (RFC 5321 section 5.1) and the null MX of domains that take no mail (RFC 7505).
#pragma once

#include <vector>

#include "dns/rdata.hpp"
#include "mail/finding.hpp"

namespace mxsmith::mail {

/// The record by which a domain says that it takes no mail: preference 0, exchange "."
/// (RFC 7505 section 3).
dns::Mx null_mx();

/// Whether the set says so: one record, the null MX, whatever its preference.
bool refuses_mail(const std::vector<dns::Mx>& set);

/// What is to be said of a set by itself. Places count records of `set`: offset is the first one
/// meant, length how many from there. Rules mx-null, mx-null-mixed, mx-null-pref, mx-target-ip,
/// mx-target-syntax, mx-target-unqualified, mx-duplicate, mx-pref-zero, mx-pref-equal, mx-single.
Findings check_mx(const std::vector<dns::Mx>& set);

/// Whether a name can be the name of a host: labels of letters, digits and hyphens (RFC 1123
/// section 2.1).
bool is_host_name(const dns::Name& name);
/// Whether a name is an address written where a name belongs: "192.0.2.1", "[192.0.2.1]",
/// "2001:db8::1".
bool is_address_literal(const dns::Name& name);

}  // namespace mxsmith::mail
