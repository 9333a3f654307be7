// A DMARC record as the keys of [mail.dmarc].
#pragma once

#include <optional>
#include <string>

#include "mail/records.hpp"

namespace mxsmith::spec {

/// The policy from which exactly this text is printed again and which [mail.dmarc] can say; nothing
/// when there is none.
std::optional<mail::DmarcPolicy> dmarc_keys_of(const std::string& text);

}  // namespace mxsmith::spec
