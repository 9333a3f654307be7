// A DMARC record as the keys of [mail.dmarc].
#pragma once

#include <optional>
#include <string>

#include "mail/dmarc.hpp"

namespace mxsmith::spec {

/// The record from which exactly this text is printed again and which [mail.dmarc] can say; nothing
/// when there is none.
std::optional<mail::DmarcRecord> dmarc_keys_of(const std::string& text);

}  // namespace mxsmith::spec
