// SHA-256, as used for the hash chain of history, digests of sets and specs, and MTA-STS ids.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mxsmith::base {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view octets);
/// The same of the parts joined, without joining them.
std::string sha256_hex(std::span<const std::string_view> parts);

/// Hexadecimal, lower case.
std::string hex(std::string_view octets);

}  // namespace mxsmith::base
