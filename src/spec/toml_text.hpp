// Values as TOML text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::spec {

/// Whether octets can stand in a file as text that people see as it is: UTF-8 without control
/// signs, invisible signs and signs that change the direction of writing.
bool is_readable_text(std::string_view octets);

/// A basic string in quotes; `text` is UTF-8. Placeholders are escaped, so that it comes back as it
/// is.
std::string toml_string(std::string_view text);

/// A key, bare where TOML allows it. Placeholders are escaped.
std::string toml_key(std::string_view text);

/// ["a", "b"], over several lines when long. The elements are TOML text.
std::string toml_list(const std::vector<std::string>& elements);

}  // namespace mxsmith::spec
