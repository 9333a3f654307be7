// RR types and rdata as PowerDNS spells them.
//
// It names some types that no registry has (ALIAS, LUA), does not know some that the registry has,
// and refuses a value whose spelling is not its own; so a few differ from dns::print_rdata.
#pragma once

#include <string>
#include <string_view>

#include "dns/name_text.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::providers::powerdns {

/// The type of a word that the server used. A word that nobody knows gets a number of the range for
/// private use (RFC 6895 section 3.1), always the same, so that the set is seen and left alone.
dns::Type type_of_word(std::string_view word);

/// "MX"; TYPEnnn for what PowerDNS has no word for.
std::string word_of_type(dns::Type type);

/// What PowerDNS computes by itself, where others have data; never written.
bool is_powerdns_only(std::string_view word);

/// A record's `content`. Names of values that repeat are shared by `names`.
base::Parsed<dns::Rdata> parse_content(dns::Type type, std::string_view content,
                                       dns::NamePool& names);

/// The inverse of parse_content, spelled so that the server takes it.
std::string print_content(const dns::Rdata& value);

}  // namespace mxsmith::providers::powerdns
