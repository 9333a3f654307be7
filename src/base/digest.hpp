// SHA-256, as used for the hash chain of history, digests of sets and specs, and MTA-STS ids.
#pragma once

#include <string>
#include <string_view>

namespace mxsmith::base {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view octets);

/// Hexadecimal, lower case.
std::string hex(std::string_view octets);

}  // namespace mxsmith::base
