// Internationalized labels (RFC 5891, UTS 46 without transitional processing) through libidn2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace mxsmith::dns {

/// A label with non-ASCII UTF-8 in it to its A-label. Ideographic full stops come back as dots.
base::Parsed<std::string> label_to_ascii(std::string_view label);

/// An A-label ("xn--...") to its U-label; nothing when it is none or does not lead back to itself.
std::optional<std::string> label_to_unicode(std::string_view label);

}  // namespace mxsmith::dns
