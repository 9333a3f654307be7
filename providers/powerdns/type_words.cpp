#include "providers/powerdns/type_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "dns/rdata_text.hpp"

namespace mxsmith::providers::powerdns {

namespace {

struct OwnType {
  std::string_view word;
  std::uint16_t number;
};

/// PowerDNS's own types: numbers of the range for private use.
constexpr std::array<OwnType, 3> kOwnTypes = {{{"ADDR", 65400}, {"ALIAS", 65401}, {"LUA", 65402}}};

/// Types that PowerDNS 4.7 has a word and a spelling for; newer versions have these as well.
constexpr std::array<std::string_view, 52> kWords = {
    "A",          "NS",    "CNAME",    "SOA",   "MB",   "MG",      "MR",         "PTR",
    "HINFO",      "MINFO", "MX",       "TXT",   "RP",   "AFSDB",   "KEY",        "AAAA",
    "LOC",        "SRV",   "NAPTR",    "KX",    "CERT", "DLV",     "DNAME",      "APL",
    "DS",         "SSHFP", "IPSECKEY", "RRSIG", "NSEC", "DNSKEY",  "DHCID",      "NSEC3",
    "NSEC3PARAM", "TLSA",  "SMIMEA",   "RKEY",  "CDS",  "CDNSKEY", "OPENPGPKEY", "CSYNC",
    "ZONEMD",     "SVCB",  "HTTPS",    "SPF",   "NID",  "L32",     "L64",        "LP",
    "EUI48",      "EUI64", "URI",      "CAA"};

bool has_word(std::string_view name) {
  return std::find(kWords.begin(), kWords.end(), name) != kWords.end();
}

constexpr dns::Type kLoc{29};
constexpr dns::Type kCert{37};

std::uint32_t number_at(std::string_view wire, std::size_t at, std::size_t octets) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < octets; ++i) {
    number = number << 8 | static_cast<unsigned char>(wire[at + i]);
  }
  return number;
}

/// Thousandths of an arc second from the equator or the prime meridian (RFC 1876 section 2).
std::string print_angle(std::uint32_t value, char positive, char negative) {
  constexpr std::uint32_t kMiddle = 0x80000000;
  const bool is_positive = value >= kMiddle;
  const std::uint32_t size = is_positive ? value - kMiddle : kMiddle - value;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%u %u %u.%03u %c", size / 3600000, size / 60000 % 60,
                size / 1000 % 60, size % 1000, is_positive ? positive : negative);
  return text.data();
}

std::string print_centimetres(double centimetres) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.2fm", centimetres / 100);
  return text.data();
}

/// A size or precision: a digit and a power of ten in one octet (RFC 1876 section 2).
std::string print_precision(char octet) {
  const auto number = static_cast<unsigned char>(octet);
  return print_centimetres((number >> 4) * std::pow(10.0, number & 0x0f));
}

/// The full form, which is the only one that PowerDNS takes.
std::optional<std::string> print_loc(std::string_view wire) {
  if (wire.size() != 16 || wire[0] != 0) return std::nullopt;
  constexpr double kReference = 10000000;  // 100,000 m below the spheroid, in centimetres
  return print_angle(number_at(wire, 4, 4), 'N', 'S') + " " +
         print_angle(number_at(wire, 8, 4), 'E', 'W') + " " +
         print_centimetres(number_at(wire, 12, 4) - kReference) + " " + print_precision(wire[1]) +
         " " + print_precision(wire[2]) + " " + print_precision(wire[3]);
}

/// Certificate type and algorithm as numbers, where others print mnemonics (RFC 4398 section 2.2).
std::optional<std::string> print_cert(std::string_view wire, const std::string& text) {
  std::vector<std::string> words = base::split(text, ' ');
  if (wire.size() < 5 || words.size() < 4 || words[0] == "\\#") return std::nullopt;
  words[0] = std::to_string(number_at(wire, 0, 2));
  words[2] = std::to_string(number_at(wire, 4, 1));
  return base::join(words, " ");
}

/// Whether a parameter of SVCB and HTTPS has its value in quotes there: `ech`, and those by number.
bool is_quoted_parameter(std::string_view name) {
  return name == "ech" ||
         (name.starts_with("key") && name.size() > 3 && name[3] >= '0' && name[3] <= '9');
}

/// Where a word ends: at a blank outside quotes.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  bool quoted = false;
  for (; at < text.size() && (quoted || text[at] != ' '); ++at) {
    if (text[at] == '\\') ++at;
    if (at < text.size() && text[at] == '"') quoted = !quoted;
  }
  return std::min(at, text.size());
}

/// Parameters with quotes where PowerDNS has them and ldns has none.
std::string print_svcb(std::string_view text) {
  std::string own;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_word(text, at);
    const std::string_view word = text.substr(at, end - at);
    const std::size_t equals = std::min(word.find('='), word.size());
    const bool bare = equals + 1 < word.size() && word[equals + 1] != '"';
    if (!own.empty()) own += ' ';
    if (bare && is_quoted_parameter(word.substr(0, equals))) {
      own.append(word, 0, equals).append("=\"").append(word.substr(equals + 1)).append("\"");
    } else {
      own += word;
    }
    at = end + 1;
  }
  return own;
}

/// RFC 3597 section 5, for types that PowerDNS has no words for.
std::string print_generic(const std::string& wire) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\\# " + std::to_string(wire.size());
  if (!wire.empty()) text += ' ';
  for (const char octet : wire) {
    text += kDigits[static_cast<unsigned char>(octet) >> 4];
    text += kDigits[static_cast<unsigned char>(octet) & 0x0f];
  }
  return text;
}

/// FNV-1a, so that the number does not depend on the standard library.
std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace

dns::Type type_of_word(std::string_view word) {
  for (const auto& own : kOwnTypes) {
    if (own.word == word) return static_cast<dns::Type>(own.number);
  }
  if (const auto type = dns::parse_type(word)) return *type;
  return static_cast<dns::Type>(65280 + hash_of(word) % 120);
}

std::string word_of_type(dns::Type type) {
  std::string name = dns::type_name(type);
  return has_word(name) ? name : "TYPE" + std::to_string(static_cast<std::uint16_t>(type));
}

bool is_powerdns_only(std::string_view word) {
  return word == "ALIAS" || word == "LUA" || (word != "ADDR" && !dns::parse_type(word).has_value());
}

base::Parsed<dns::Rdata> parse_content(dns::Type type, std::string_view content,
                                       dns::NamePool& names) {
  return dns::parse_api_rdata(type, content, names);
}

std::string print_content(const dns::Rdata& value) {
  const dns::Type type = dns::type_of(value);
  if (!has_word(dns::type_name(type))) return print_generic(dns::to_wire(value));
  std::string text = dns::print_rdata(value);
  if (std::holds_alternative<dns::Svcb>(value)) return print_svcb(text);
  const auto* opaque = std::get_if<dns::Opaque>(&value);
  if (opaque == nullptr) return text;
  std::optional<std::string> own;
  if (type == kLoc) own = print_loc(opaque->wire);
  if (type == kCert) own = print_cert(opaque->wire, text);
  return own ? *own : text;
}

}  // namespace mxsmith::providers::powerdns
