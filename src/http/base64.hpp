// Base64 (RFC 4648 section 4), with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::http {

std::string print_base64(std::string_view octets);
/// Nothing for what is not base64: other signs, missing or misplaced padding.
std::optional<std::string> parse_base64(std::string_view text);

}  // namespace mxsmith::http
