// What a TXT value means to be by its beginning, slips and all. Private to src/mail/rules.
#pragma once

#include <cstdint>
#include <string_view>

#include "dns/name.hpp"

namespace mxsmith::mail {

enum class TxtKind : std::uint8_t { other, spf, dkim, dmarc, mta_sts, tls_rpt, bimi };
/// "an SPF record", "a DKIM key", ...; "" for others.
std::string_view txt_kind_phrase(TxtKind kind);

/// By the version at the beginning; quotes, blanks, backslashes and signs outside ASCII before it
/// are passed over.
TxtKind txt_kind_of(std::string_view octets);

/// Which kind alone is looked for at a name: `_dmarc.example.com`, `s1._domainkey.example.com`.
/// `other` where any TXT may stand. Wildcards are taken by what is below them.
TxtKind txt_kind_at(const dns::Name& name);

}  // namespace mxsmith::mail
