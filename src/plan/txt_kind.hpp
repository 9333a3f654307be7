// What a TXT value is at its name, finer than ownership needs: DKIM keys are owned as whole sets,
// but for ordering and simulation they are one kind among the others.
#pragma once

#include <cstdint>
#include <string_view>

#include "dns/name.hpp"

namespace mxsmith::plan {

enum class TxtKind : std::uint8_t { other, spf, dkim, dmarc, mta_sts, tls_rpt, bimi };

TxtKind txt_kind(const dns::Name& name, std::string_view octets);

/// Whether a second value of this kind at one name breaks it (RFC 7208 section 3.2, RFC 6376
/// section 3.6.2.2, RFC 8461 section 3.1, RFC 8460 section 3).
bool is_single_txt(TxtKind kind);

/// "SPF record", "DKIM key", for messages.
std::string_view txt_kind_name(TxtKind kind);

/// Whether the name is that of a DKIM selector: below a label "_domainkey".
bool is_selector_name(const dns::Name& name);

}  // namespace mxsmith::plan
