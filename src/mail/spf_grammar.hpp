// The grammar below a term of an SPF record (RFC 7208 section 12): networks, prefix lengths,
// macros. Private to src/mail/spf*.cpp and src/mail/rules/spf*.cpp. Offsets in faults count from
// the start of the given text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/parsed.hpp"
#include "mail/ip_set.hpp"
#include "mail/spf_macro.hpp"

namespace mxsmith::mail {

/// What is wrong with a part of a term; nothing when it is right.
using Complaint = std::optional<base::Fault>;

/// "192.0.2.0/24": no leading zeros, octets to 255, prefix 0 to 32. Host bits as written.
base::Parsed<IpNetwork> parse_ip4_network(std::string_view text);
/// "2001:db8::/32": prefix 0 to 128.
base::Parsed<IpNetwork> parse_ip6_network(std::string_view text);

/// A text that may end in "/24", "//64" or "/24//64" (dual-cidr-length).
struct DualCidr {
  std::string_view head;  ///< What stands before it.
  unsigned ip4 = 32;
  unsigned ip6 = 128;
};
base::Parsed<DualCidr> split_dual_cidr(std::string_view text);

/// Reads a macro-string that ends in a macro or in "." and a top label.
base::Parsed<SpfMacros> parse_domain_spec(std::string_view text);

/// Whether `text` is four decimal numbers with dots, whatever their range: a host name can never
/// look so.
bool looks_like_ip4(std::string_view text);

}  // namespace mxsmith::mail
