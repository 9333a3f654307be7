// Names and values as Route 53 spells them.
//
// It escapes octets by three octal digits ("\052" is an asterisk) where zone files have three
// decimal ones: read as such, "\052" would be the digit four.
#pragma once

#include <string>
#include <string_view>

#include "dns/name_text.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::providers::route53 {

/// "\052.example.org." to a name; a final dot may be missing, the name is absolute all the same.
base::Parsed<dns::Name> parse_name(std::string_view text);
/// With final dot; every octet but letters, digits, "-" and "_" in octal, as Route 53 gives names.
std::string print_name(const dns::Name& name);

/// A record's `Value`. Names without final dot are absolute. Names of values that repeat are shared
/// by `names`.
base::Parsed<dns::Rdata> parse_value(dns::Type type, std::string_view text, dns::NamePool& names);
/// The inverse, as it is sent.
std::string print_value(const dns::Rdata& value);

}  // namespace mxsmith::providers::route53
