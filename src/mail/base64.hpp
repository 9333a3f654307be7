// Base64 as records hold it (RFC 4648 section 4).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::mail {

/// Whole groups, padding only at the end; nothing for any other text, white space and the empty
/// text included. Unused bits before the padding may be anything, as RFC 4648 section 3.5 leaves
/// open.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view octets);

/// Where the first sign stands that base64 has not, white space aside; npos if there is none.
std::size_t first_not_base64(std::string_view text);

/// The text without blanks, tabs and line ends, which fold base64 in records and PEM.
std::string without_space(std::string_view text);

}  // namespace mxsmith::mail
