// LOC records (RFC 1876) as Cloudflare has them: degrees, minutes and seconds, lengths in metres.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/json.hpp"

namespace mxsmith::providers::cloudflare {

/// The members of `data`; nothing for wire form that is not of version 0.
std::optional<http::Json> data_of_location(std::string_view wire);

/// Presentation form; nothing where a member is missing or of another kind.
std::optional<std::string> text_of_location(const http::Json& data);

}  // namespace mxsmith::providers::cloudflare
