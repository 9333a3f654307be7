// What rules about authentication ask of a zone as a whole: is mail sent in its name, is there a
// key to sign it with. Private to src/mail/rules.
#pragma once

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// Whether something says that mail is sent in the zone's name: a declared service or key, an SPF
/// record that lets anybody send, or an MX without a word about SPF.
bool sends_mail(const Judged& judged);

/// Whether an SPF record lets anybody send, or leaves it open: "v=spf1 -all" does not.
bool lets_anybody_send(const SpfRecord& record);

/// Whether a key is published with which mail may be signed: one that is not revoked, an alias to
/// one, or a delegation of the names where keys stand.
bool has_signing_key(const Judged& judged);

/// `apex` with a label in front; `apex` itself where that would be too long for DNS.
dns::Name below(const dns::Name& apex, std::string_view label);

}  // namespace mxsmith::mail
