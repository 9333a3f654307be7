#include "providers/route53/spelling.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include "dns/rdata_text.hpp"

namespace mxsmith::providers::route53 {

namespace {

bool is_digit(char c, char highest) { return c >= '0' && c <= highest; }

/// Three digits of that base behind the backslash at `at`.
bool has_number(std::string_view text, std::size_t at, char highest) {
  if (at + 3 >= text.size()) return false;
  return is_digit(text[at + 1], highest) && is_digit(text[at + 2], highest) &&
         is_digit(text[at + 3], highest);
}

unsigned number(std::string_view text, std::size_t at, unsigned base) {
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(text[at + i] - '0'); };
  return (digit(1) * base + digit(2)) * base + digit(3);
}

std::string escaped(unsigned octet, const char* format) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), format, octet);
  return text.data();
}

/// Escapes by number in another base; others, \" and \\, stay.
std::string with_numbers(std::string_view text, char highest, unsigned base, const char* format) {
  std::string changed;
  changed.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      changed += text[i];
    } else if (has_number(text, i, highest) && number(text, i, base) < 256) {
      changed += escaped(number(text, i, base), format);
      i += 3;
    } else {
      changed += text.substr(i, 2);
      ++i;
    }
  }
  return changed;
}

std::string to_decimal(std::string_view text) { return with_numbers(text, '7', 8, "\\%03u"); }
std::string to_octal(std::string_view text) { return with_numbers(text, '9', 10, "\\%03o"); }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

base::Parsed<dns::Name> parse_name(std::string_view text) {
  return dns::parse_name(to_decimal(text), dns::Name(), dns::NonAscii::octets);
}

std::string print_name(const dns::Name& name) {
  std::string text;
  for (const std::string& label : name.labels()) {
    for (const char c : label) {
      if (is_plain(c)) {
        text += c;
      } else {
        text += escaped(static_cast<unsigned char>(c), "\\%03o");
      }
    }
    text += '.';
  }
  return text.empty() ? "." : text;
}

base::Parsed<dns::Rdata> parse_value(dns::Type type, std::string_view text, dns::NamePool& names) {
  return dns::parse_api_rdata(type, to_decimal(text), names);
}

std::string print_value(const dns::Rdata& value) { return to_octal(dns::print_rdata(value)); }

}  // namespace mxsmith::providers::route53
