// Reading one term exactly by RFC 7208, without the leniency for what people paste. Private to
// src/mail/spf*.cpp and src/mail/rules/spf*.cpp.
#pragma once

#include <string_view>

#include "base/parsed.hpp"
#include "mail/spf.hpp"

namespace mxsmith::mail {

base::Parsed<SpfTerm> read_spf_term(std::string_view text);

}  // namespace mxsmith::mail
