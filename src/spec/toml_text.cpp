#include "spec/toml_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "spec/placeholders.hpp"

namespace mxsmith::spec {

namespace {

/// The code point at the start of well-formed UTF-8, and its length.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (octet(i) & 0x3fU);
  return {value, length};
}

/// Controls, and signs that hide or turn what stands around them.
bool is_unreadable(std::uint32_t point) {
  constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 10> kRanges = {{{0x00, 0x1f},
                                                                                {0x7f, 0x9f},
                                                                                {0xad, 0xad},
                                                                                {0x61c, 0x61c},
                                                                                {0x200b, 0x200f},
                                                                                {0x2028, 0x202e},
                                                                                {0x2060, 0x206f},
                                                                                {0xfe00, 0xfe0f},
                                                                                {0xfeff, 0xfeff},
                                                                                {0xfff0, 0xffff}}};
  if (point >= 0xe0000) return true;
  return std::any_of(kRanges.begin(), kRanges.end(), [&](const auto& range) {
    return point >= range.first && point <= range.second;
  });
}

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

bool is_readable_text(std::string_view octets) {
  if (!base::is_utf8(octets)) return false;
  while (!octets.empty()) {
    const auto [point, length] = code_point(octets);
    if (is_unreadable(point)) return false;
    octets.remove_prefix(length);
  }
  return true;
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : escape_placeholders(text)) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += "\\u00" + base::hex(std::string_view(&c, 1));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string toml_key(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), is_bare);
  return bare ? std::string(text) : toml_string(text);
}

std::string toml_list(const std::vector<std::string>& elements) {
  constexpr std::size_t kWidth = 88;
  std::string line = "[" + base::join(elements, ", ") + "]";
  if (elements.size() < 2 || line.size() <= kWidth) return line;
  std::string lines = "[\n";
  for (const std::string& element : elements) lines += "  " + element + ",\n";
  return lines + "]";
}

}  // namespace mxsmith::spec
