// Zone files of any size for the benchmarks: always the same for the same size.
//
// The mixture is that of a large company's or a hosting company's zone: hosts with addresses,
// aliases, some mail below the apex, tokens; and at the apex the mail records that plans are about.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mxsmith::bench {

inline constexpr std::string_view kApex = "example.com";

/// A zone file for kApex with exactly `records` records, SOA included. At least 20.
std::string zone_text(std::size_t records);

/// The same zone with one set in every `stride` changed.
std::string zone_text_with_changes(std::size_t records, std::size_t stride);

}  // namespace mxsmith::bench
