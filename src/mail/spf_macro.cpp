#include "mail/spf_macro.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace mxsmith::mail {
namespace {

/// More parts than this no name has, so larger numbers keep all as well.
constexpr unsigned kMostParts = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

base::Fault fault(std::string message, std::size_t offset = 0, std::string hint = {}) {
  return {std::move(message), std::move(hint), offset};
}

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// What "%%", "%_" and "%-" stand for (RFC 7208 section 7.1).
std::optional<std::string_view> escape_of(char sign) {
  switch (sign) {
    case '%': return "%";
    case '_': return " ";
    case '-': return "%20";
    default: return {};
  }
}

std::optional<base::Fault> check_letter(char letter, const std::string& shown,
                                        MacroLetters letters) {
  if (std::string_view("slodiphv").find(letter) != std::string_view::npos) return {};
  if (std::string_view("crt").find(letter) == std::string_view::npos) {
    return fault("unknown macro letter in " + shown);
  }
  if (letters == MacroLetters::any) return {};
  return fault("macro " + shown + " is allowed only in explanations");
}

/// The macro that `text`, which begins with "%{", starts with; `shown` is all of it.
base::Parsed<SpfMacro> read_macro(std::string_view shown, MacroLetters letters) {
  const std::string_view body = shown.substr(2, shown.size() - 3);
  const std::string text(shown);
  if (body.empty()) return fault("empty macro " + text);
  SpfMacro macro;
  macro.letter = lowered(body.front());
  macro.url_escape = macro.letter != body.front();
  if (auto complaint = check_letter(macro.letter, text, letters)) return *complaint;
  std::size_t at = 1;
  for (; at < body.size() && is_digit(body[at]); ++at) {
    macro.keep = std::min(macro.keep * 10 + static_cast<unsigned>(body[at] - '0'), kMostParts);
  }
  if (at > 1 && macro.keep == 0) return fault("macro " + text + " keeps zero labels");
  if (at < body.size() && lowered(body[at]) == 'r') {
    macro.reverse = true;
    ++at;
  }
  const std::size_t odd = body.find_first_not_of(".-+,/_=", at);
  if (odd != std::string_view::npos) return fault("macro " + text + " is malformed", odd + 2);
  macro.delimiters = body.substr(at);
  return macro;
}

void append_literal(SpfMacros& into, std::string_view text) {
  if (into.empty() || into.back().letter != 0) into.emplace_back();
  into.back().literal += text;
}

/// RFC 3986 section 2.3: what URL escaping leaves as it is.
bool is_unreserved(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string url_escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size() * 3);
  for (const char c : text) {
    if (is_unreserved(c)) {
      result += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    result += '%';
    result += kDigits[octet >> 4U];
    result += kDigits[octet & 15U];
  }
  return result;
}

/// RFC 7208 section 7.3: split at delimiters, reversed, the right-hand parts, joined by dots.
std::string transformed(const std::string& value, const SpfMacro& macro) {
  if (macro.keep == 0 && !macro.reverse && macro.delimiters.empty()) return value;
  std::string_view delimiters = ".";
  if (!macro.delimiters.empty()) delimiters = macro.delimiters;
  std::vector<std::string> parts(1);
  for (const char c : value) {
    if (delimiters.find(c) == std::string_view::npos) {
      parts.back() += c;
    } else {
      parts.emplace_back();
    }
  }
  if (macro.reverse) std::reverse(parts.begin(), parts.end());
  if (macro.keep > 0 && macro.keep < parts.size()) {
    parts.erase(parts.begin(), parts.end() - static_cast<std::ptrdiff_t>(macro.keep));
  }
  return base::join(parts, ".");
}

std::string value_of(char letter, const SpfMacroValues& values) {
  const std::size_t at = values.sender.rfind('@');
  switch (letter) {
    case 's': return values.sender;
    case 'l': return values.sender.substr(0, at);
    case 'o': return at == std::string::npos ? values.sender : values.sender.substr(at + 1);
    case 'd': return values.domain;
    case 'i': return dotted_ip(values.ip);
    case 'p': return values.validated_name ? values.validated_name() : "unknown";
    case 'v': return values.ip.family == IpFamily::v4 ? "in-addr" : "ip6";
    case 'h': return values.helo;
    case 'c': return values.ip.text();
    case 'r': return values.receiver;
    default: return std::to_string(values.timestamp);
  }
}

}  // namespace

base::Parsed<SpfMacros> parse_spf_macros(std::string_view text, MacroLetters letters) {
  SpfMacros macros;
  if (text.find('%') == std::string_view::npos) return macros;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t percent = std::min(text.find('%', at), text.size());
    if (percent > at) append_literal(macros, text.substr(at, percent - at));
    if (percent == text.size()) break;
    if (percent + 1 == text.size()) {
      return fault("a lone \"%\"", percent, "write %% for a percent sign");
    }
    if (const auto escape = escape_of(text[percent + 1])) {
      append_literal(macros, *escape);
      at = percent + 2;
      continue;
    }
    if (text[percent + 1] != '{') {
      return fault("\"%\" is not followed by \"{\", \"%\", \"_\" or \"-\"", percent,
                   "write %% for a percent sign");
    }
    const std::size_t close = text.find('}', percent);
    if (close == std::string_view::npos) return fault("macro without \"}\"", percent);
    auto macro = read_macro(text.substr(percent, close + 1 - percent), letters);
    if (!macro) {
      base::Fault inner = macro.fault();
      inner.offset += percent;
      return inner;
    }
    macros.push_back(*std::move(macro));
    at = close + 1;
  }
  return macros;
}

std::string expand_spf_macros(std::string_view text, const SpfMacros& macros,
                              const SpfMacroValues& values) {
  if (macros.empty()) return std::string(text);
  std::string result;
  for (const SpfMacro& macro : macros) {
    if (macro.letter == 0) {
      result += macro.literal;
      continue;
    }
    const std::string value = transformed(value_of(macro.letter, values), macro);
    result += macro.url_escape ? url_escaped(value) : value;
  }
  return result;
}

std::string dotted_ip(const Ip& ip) {
  if (ip.family == IpFamily::v4) return ip.text();
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  result.reserve(63);
  for (const std::uint64_t half : {ip.bits.high, ip.bits.low}) {
    for (unsigned shift = 64; shift > 0; shift -= 4) {
      if (!result.empty()) result += '.';
      result += kDigits[half >> (shift - 4) & 15U];
    }
  }
  return result;
}

std::string reverse_name(const Ip& ip) {
  auto labels = base::split(dotted_ip(ip), '.');
  std::reverse(labels.begin(), labels.end());
  return base::join(labels, ".") + (ip.family == IpFamily::v4 ? ".in-addr.arpa" : ".ip6.arpa");
}

}  // namespace mxsmith::mail
