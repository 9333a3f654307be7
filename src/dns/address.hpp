// IPv4 and IPv6 addresses in text, without a system's resolver headers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::dns {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint8_t, 16>;

/// Four decimal numbers without leading zeros.
std::optional<Ipv4> parse_ipv4(std::string_view text);
std::string print_ipv4(const Ipv4& address);

/// RFC 4291 section 2.2, all three forms; no zone index.
std::optional<Ipv6> parse_ipv6(std::string_view text);
/// RFC 5952.
std::string print_ipv6(const Ipv6& address);

}  // namespace mxsmith::dns
