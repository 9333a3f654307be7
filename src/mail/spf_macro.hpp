// Macros in SPF records and explanations (RFC 7208 section 7): read once, expanded often.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "mail/ip_set.hpp"

namespace mxsmith::mail {

/// Which macro letters may stand in a text: c, r and t only in explanations (RFC 7208 section 7.2).
enum class MacroLetters : std::uint8_t { domain, any };

/// One piece of a macro-string: a macro, or text that stands for itself.
struct SpfMacro {
  char letter = 0;              ///< Lower case; 0 for text.
  bool url_escape = false;      ///< The letter was written in upper case.
  bool reverse = false;         ///< "r"
  unsigned keep = 0;            ///< Parts to keep, from the right; 0 keeps all.
  std::string delimiters = {};  ///< Empty: "." alone.
  std::string literal = {};     ///< Of text; "%%", "%_" and "%-" are replaced already.
};
/// Empty for a text without any "%", which then stands for itself.
using SpfMacros = std::vector<SpfMacro>;

/// Reads a macro-string (RFC 7208 section 7.1). Faults with their offset: a lone "%", an unknown
/// letter, one that is only for explanations, malformed transformers.
base::Parsed<SpfMacros> parse_spf_macros(std::string_view text, MacroLetters letters);

/// What the letters stand for (RFC 7208 section 7.2).
struct SpfMacroValues {
  std::string sender;  ///< local-part@domain; the local-part is never empty.
  std::string domain;  ///< <domain> of the check_host() that is under way.
  std::string helo;
  Ip ip;
  std::string receiver = "unknown";  ///< Of the host that checks.
  std::int64_t timestamp = 0;        ///< Seconds since 1970.
  /// The validated domain name of `ip`, "unknown" where there is none; called only for %{p}.
  std::function<std::string()> validated_name = {};
};

/// `text` with its macros replaced; `macros` is what parse_spf_macros made of it.
std::string expand_spf_macros(std::string_view text, const SpfMacros& macros,
                              const SpfMacroValues& values);

/// Labels of %{i}: "192.0.2.1", or the 32 nibbles of an IPv6 address, each with a dot between.
std::string dotted_ip(const Ip& ip);

/// Where PTR records of the address stand (RFC 1035 section 3.5, RFC 3596 section 2.5), without
/// final dot.
std::string reverse_name(const Ip& ip);

}  // namespace mxsmith::mail
