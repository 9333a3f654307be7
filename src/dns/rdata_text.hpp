// Rdata from tokens: what parse_rdata and the zone file reader share.
#pragma once

#include <span>

#include "dns/lexer.hpp"
#include "dns/name_text.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::dns {

struct RdataText {
  Type type{};
  std::span<const Token> tokens;
  const char* start = nullptr;  ///< Faults' offsets count from here.
  const Name& origin;
  NonAscii non_ascii = NonAscii::u_labels;
  NamePool* names = nullptr;  ///< Where names are shared, if anywhere.
};

base::Parsed<Rdata> parse_rdata_tokens(const RdataText& text);

/// A value as the API of a name server gives it: one line, names absolute, octets beyond ASCII as
/// they are. Names are shared in `names`. Its faults have no offset.
base::Parsed<Rdata> parse_api_rdata(Type type, std::string_view text, NamePool& names);

/// A 32-bit time in seconds, or with units: 1h30m, 2W (RFC 1035 does not have them, name servers
/// do).
std::optional<std::uint64_t> parse_seconds(std::string_view text);

}  // namespace mxsmith::dns
