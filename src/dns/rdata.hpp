// Rdata: typed where mxsmith has to understand it, opaque wire form for every other type, so that
// nothing is ever lost.
//
// Comparison is by value: names without regard to case, TXT without regard to how it is cut into
// character-strings. Parsing checks ranges (a preference of 70000 is a fault, never 4464).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/parsed.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"

namespace mxsmith::dns {

/// RFC 1035 section 3.4.1.
struct A {
  std::array<std::uint8_t, 4> address{};
  friend auto operator<=>(const A&, const A&) = default;
};
/// RFC 3596.
struct Aaaa {
  std::array<std::uint8_t, 16> address{};
  friend auto operator<=>(const Aaaa&, const Aaaa&) = default;
};
/// RFC 1035 section 3.3.1.
struct Cname {
  Name target;
  friend auto operator<=>(const Cname&, const Cname&) = default;
};
/// RFC 1035 section 3.3.11.
struct Ns {
  Name target;
  friend auto operator<=>(const Ns&, const Ns&) = default;
};
/// RFC 1035 section 3.3.12.
struct Ptr {
  Name target;
  friend auto operator<=>(const Ptr&, const Ptr&) = default;
};
/// RFC 1035 section 3.3.9; preference 0 with exchange "." is the null MX of RFC 7505.
struct Mx {
  std::uint16_t preference = 0;
  Name exchange;
  [[nodiscard]] bool is_null() const { return exchange.is_root(); }
  friend auto operator<=>(const Mx&, const Mx&) = default;
};
/// RFC 1035 section 3.3.14: the character-strings joined, up to 65,279 octets. Cutting into
/// 255 is printing.
struct Txt {
  std::string octets;
  friend auto operator<=>(const Txt&, const Txt&) = default;
};
/// RFC 2782.
struct Srv {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  Name target;
  friend auto operator<=>(const Srv&, const Srv&) = default;
};
/// RFC 6698 section 2.1.
struct Tlsa {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  std::string association;  ///< Raw octets.
  friend auto operator<=>(const Tlsa&, const Tlsa&) = default;
};
/// RFC 8659 section 4.1; the tag is kept in lower case.
struct Caa {
  std::uint8_t flags = 0;
  SharedOctets tag;  ///< Letters and digits; a std::string_view to its readers.
  std::string value;
  friend auto operator<=>(const Caa&, const Caa&) = default;
};
/// RFC 1035 section 3.3.13.
struct Soa {
  Name mname;
  Name rname;
  std::uint32_t serial = 0;
  std::uint32_t refresh = 0;
  std::uint32_t retry = 0;
  std::uint32_t expire = 0;
  std::uint32_t minimum = 0;
  friend auto operator<=>(const Soa&, const Soa&) = default;
};
/// RFC 9460 section 2.2, types SVCB and HTTPS; the parameters in wire form.
struct Svcb {
  Type type = Type::SVCB;  ///< SVCB or HTTPS.
  std::uint16_t priority = 0;
  Name target;
  std::string params;
  friend auto operator<=>(const Svcb&, const Svcb&) = default;
};
/// Any other type: wire form, names in it uncompressed and as they came.
struct Opaque {
  Type type{};
  std::string wire;
  friend auto operator<=>(const Opaque&, const Opaque&) = default;
};

using Rdata = std::variant<A, Aaaa, Cname, Ns, Ptr, Mx, Txt, Srv, Tlsa, Caa, Soa, Svcb, Opaque>;
static_assert(sizeof(Rdata) <= 56, "a million of them are held at once");

Type type_of(const Rdata& rdata);

/// Presentation form to a value. Relative names are completed by `origin`; the generic form "\# n
/// hex" of RFC 3597 is read for every type. The fault's offset counts from the start of `text`.
base::Parsed<Rdata> parse_rdata(Type type, std::string_view text, const Name& origin);

/// Presentation form in one line, absolute names, no comment; parse_rdata gives the same value
/// back. TXT is quoted, cut at 255 octets, and everything but printable ASCII is \DDD: the text is
/// safe to show.
std::string print_rdata(const Rdata& rdata);

/// Wire form without compression (RFC 1035 section 3.2.1, RDATA only).
std::string to_wire(const Rdata& rdata);
base::Parsed<Rdata> from_wire(Type type, std::string_view wire);

}  // namespace mxsmith::dns
