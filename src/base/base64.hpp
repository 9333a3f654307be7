// Base64 (RFC 4648 section 4), with padding; and base64url (section 5) as RFC 7515 has it, without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::base {

std::string print_base64(std::string_view octets);
/// Nothing for what is not base64: other signs, white space included, and missing or misplaced
/// padding. Unused bits before the padding may be anything, as RFC 4648 section 3.5 leaves open;
/// who allows only one spelling compares with print_base64.
std::optional<std::string> parse_base64(std::string_view text);

/// With `-` and `_`, and no padding (RFC 7515 section 2).
std::string print_base64url(std::string_view octets);
/// The same rules as for parse_base64; padding is no part of this form.
std::optional<std::string> parse_base64url(std::string_view text);

}  // namespace mxsmith::base
