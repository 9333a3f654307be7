// Base64 as records hold it (RFC 4648 section 4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::mail {

/// As base::parse_base64, and nothing for the empty text either: a record without octets holds no
/// key.
std::optional<std::string> decode_base64(std::string_view text);

/// Where the first sign stands that base64 has not, white space aside; npos if there is none.
std::size_t first_not_base64(std::string_view text);

/// The text without blanks, tabs and line ends, which fold base64 in records and PEM.
std::string without_space(std::string_view text);

}  // namespace mxsmith::mail
