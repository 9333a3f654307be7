// The SOA serial of a zone file after an edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace mxsmith::providers::zonefile {

enum class SerialRule : std::uint8_t {
  date,       ///< YYYYMMDDnn in UTC, as in RFC 1912 section 2.2; one more where that is no raise.
  increment,  ///< One more.
};

std::optional<SerialRule> parse_serial_rule(std::string_view text);

/// Whether secondaries take `a` for newer than `b` (RFC 1982 section 3.2).
bool is_newer_serial(std::uint32_t a, std::uint32_t b);

/// Always newer than `old`, and never 0, which some servers take for "not set".
std::uint32_t next_serial(std::uint32_t old, SerialRule rule, base::Instant now);

}  // namespace mxsmith::providers::zonefile
