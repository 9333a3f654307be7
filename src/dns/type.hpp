// RR types: the numbers of IANA's registry and their mnemonics (RFC 3597 for those without).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::dns {

/// An RR type by its number; any 16-bit value is possible, the named ones are those that code
/// speaks of.
enum class Type : std::uint16_t {
  A = 1,
  NS = 2,
  CNAME = 5,
  SOA = 6,
  PTR = 12,
  MX = 15,
  TXT = 16,
  AAAA = 28,
  SRV = 33,
  DNAME = 39,
  DS = 43,
  RRSIG = 46,
  NSEC = 47,
  DNSKEY = 48,
  TLSA = 52,
  SVCB = 64,
  HTTPS = 65,
  CAA = 257,
};

/// "MX"; "TYPE65280" for numbers without a mnemonic (RFC 3597 section 5).
std::string type_name(Type type);

/// A mnemonic in any case, or TYPEnnn. Nothing for anything else, and for meta types such as ANY
/// and AXFR.
std::optional<Type> parse_type(std::string_view text);

}  // namespace mxsmith::dns
