#include "plan/plan_format.hpp"

namespace mxsmith::plan {

namespace {

bool is_plain(unsigned char c) { return (c >= 0x20 && c < 0x7f && c != '\\') || c == '\n'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string escape_octets(std::string_view octets) {
  std::string text;
  text.reserve(octets.size());
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    if (is_plain(octet)) {
      text += c;
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += '\\';
      text += static_cast<char>('0' + octet / 100);
      text += static_cast<char>('0' + octet / 10 % 10);
      text += static_cast<char>('0' + octet % 10);
    }
  }
  return text;
}

std::optional<std::string> unescape_octets(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      if (!is_plain(static_cast<unsigned char>(text[i]))) return std::nullopt;
      octets += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '\\') {
      octets += '\\';
      ++i;
      continue;
    }
    if (i + 3 >= text.size() || !is_digit(text[i + 1]) || !is_digit(text[i + 2]) ||
        !is_digit(text[i + 3])) {
      return std::nullopt;
    }
    const int value = (text[i + 1] - '0') * 100 + (text[i + 2] - '0') * 10 + (text[i + 3] - '0');
    if (value > 255) return std::nullopt;
    octets += static_cast<char>(value);
    i += 3;
  }
  return octets;
}

bool is_nested_within(std::string_view json, int limit) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > limit) return false;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return true;
}

}  // namespace mxsmith::plan
