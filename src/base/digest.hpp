// SHA-256, as used for the hash chain of history, digests of sets and specs, and MTA-STS ids; and
// HMAC by it, for signed requests.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mxsmith::base {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view octets);
/// The same of the parts joined, without joining them.
std::string sha256_hex(std::span<const std::string_view> parts);

/// HMAC-SHA-256 (RFC 2104, RFC 4231): 32 octets, not printed.
std::string hmac_sha256(std::string_view key, std::string_view octets);

/// Hexadecimal, lower case.
std::string hex(std::string_view octets);

}  // namespace mxsmith::base
