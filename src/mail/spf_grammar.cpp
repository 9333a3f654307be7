#include "mail/spf_grammar.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.hpp"
#include "dns/address.hpp"

namespace mxsmith::mail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

base::Fault fault(std::string message, std::size_t offset = 0, std::string hint = {}) {
  return {std::move(message), std::move(hint), offset};
}

/// A decimal number without leading zero, at most `limit`; `what` names it in the fault.
base::Parsed<unsigned> parse_number(std::string_view digits, unsigned limit,
                                    const std::string& what) {
  const std::string shown(digits);
  if (!all_digits(digits)) return fault(what + " \"" + shown + "\" is not a number");
  if (digits.size() > 1 && digits.front() == '0') {
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return fault(what + " \"" + shown + "\" has a leading zero", 0,
                 "write " + std::string(digits.substr(first)));
  }
  unsigned value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc() || value > limit) {
    return fault(what + " " + shown + " is over " + std::to_string(limit));
  }
  return value;
}

base::Fault moved(base::Fault inner, std::size_t by) {
  inner.offset += by;
  return inner;
}

base::Parsed<unsigned> parse_prefix(std::string_view text, std::size_t offset, unsigned limit) {
  auto prefix = parse_number(text, limit, "prefix length");
  if (!prefix) return moved(prefix.fault(), offset);
  return prefix;
}

/// Length of the macro-expand that `text` starts with, a '%' (RFC 7208 section 7.1).
base::Parsed<std::size_t> macro_length(std::string_view text, MacroLetters letters) {
  if (text.size() < 2) return fault("a lone \"%\"", 0, "write %% for a percent sign");
  if (text[1] == '%' || text[1] == '_' || text[1] == '-') return std::size_t{2};
  if (text[1] != '{') {
    return fault("\"%\" is not followed by \"{\", \"%\", \"_\" or \"-\"", 0,
                 "write %% for a percent sign");
  }
  const std::size_t close = text.find('}');
  if (close == std::string_view::npos) return fault("macro without \"}\"");
  const std::string_view body = text.substr(2, close - 2);
  const std::string shown(text.substr(0, close + 1));
  if (body.empty()) return fault("empty macro " + shown);
  const std::string letter = base::to_lower(body.substr(0, 1));
  if (std::string_view("slodiphv").find(letter) == std::string_view::npos) {
    if (std::string_view("crt").find(letter) == std::string_view::npos) {
      return fault("unknown macro letter in " + shown);
    }
    if (letters == MacroLetters::domain) {
      return fault("macro " + shown + " is allowed only in explanations");
    }
  }
  std::size_t at = 1;
  while (at < body.size() && is_digit(body[at])) ++at;
  const std::string_view digits = body.substr(1, at - 1);
  if (!digits.empty() && digits.find_first_not_of('0') == std::string_view::npos) {
    return fault("macro " + shown + " keeps zero labels");
  }
  if (at < body.size() && (body[at] == 'r' || body[at] == 'R')) ++at;
  const std::size_t odd = body.find_first_not_of(".-+,/_=", at);
  if (odd != std::string_view::npos) return fault("macro " + shown + " is malformed", odd + 2);
  return close + 1;
}

/// RFC 7208 section 12: letters, digits and inner hyphens, not digits alone.
bool is_toplabel(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  const auto allowed = [](char c) { return is_alpha(c) || is_digit(c) || c == '-'; };
  return std::all_of(label.begin(), label.end(), allowed) && !all_digits(label);
}

}  // namespace

bool looks_like_ip4(std::string_view text) {
  const auto parts = base::split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), all_digits);
}

base::Parsed<Ip4Network> parse_ip4_network(std::string_view text) {
  Ip4Network network;
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto parts = base::split(address, '.');
  if (parts.size() != 4) {
    const bool v6 = address.find(':') != std::string_view::npos;
    return fault("\"" + std::string(address) + "\" is not an IPv4 address", 0,
                 v6 ? "IPv6 networks are written with ip6:" : "");
  }
  std::size_t offset = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto octet = parse_number(parts[i], 255, "octet");
    if (!octet) return moved(octet.fault(), offset);
    network.address[i] = static_cast<std::uint8_t>(*octet);
    offset += parts[i].size() + 1;
  }
  if (slash != std::string_view::npos) {
    const auto prefix = parse_prefix(text.substr(slash + 1), slash + 1, 32);
    if (!prefix) return prefix.fault();
    network.prefix = *prefix;
  }
  return network;
}

base::Parsed<Ip6Network> parse_ip6_network(std::string_view text) {
  Ip6Network network;
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto octets = dns::parse_ipv6(address);
  if (!octets) {
    return fault("\"" + std::string(address) + "\" is not an IPv6 address", 0,
                 looks_like_ip4(address) ? "IPv4 networks are written with ip4:" : "");
  }
  network.address = *octets;
  if (slash != std::string_view::npos) {
    const auto prefix = parse_prefix(text.substr(slash + 1), slash + 1, 128);
    if (!prefix) return prefix.fault();
    network.prefix = *prefix;
  }
  return network;
}

base::Parsed<DualCidr> split_dual_cidr(std::string_view text) {
  DualCidr split{text};
  const std::size_t twice = split.head.rfind("//");
  if (twice != std::string_view::npos && all_digits(split.head.substr(twice + 2))) {
    const auto prefix = parse_prefix(split.head.substr(twice + 2), twice + 2, 128);
    if (!prefix) return prefix.fault();
    split.ip6 = *prefix;
    split.head = split.head.substr(0, twice);
  }
  const std::size_t once = split.head.rfind('/');
  if (once != std::string_view::npos && all_digits(split.head.substr(once + 1))) {
    const auto prefix = parse_prefix(split.head.substr(once + 1), once + 1, 32);
    if (!prefix) return prefix.fault();
    split.ip4 = *prefix;
    split.head = split.head.substr(0, once);
  }
  if (!split.head.empty() && split.head.back() == '/') {
    return fault("no prefix length after \"/\"", split.head.size() - 1);
  }
  return split;
}

Complaint check_macro_string(std::string_view text, MacroLetters letters) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      ++at;
      continue;
    }
    const auto length = macro_length(text.substr(at), letters);
    if (!length) return moved(length.fault(), at);
    at += *length;
  }
  return {};
}

Complaint check_domain_spec(std::string_view text) {
  if (text.empty()) return fault("no domain name");
  bool ends_in_macro = false;
  for (std::size_t at = 0; at < text.size();) {
    ends_in_macro = text[at] == '%';
    const auto length = ends_in_macro ? macro_length(text.substr(at), MacroLetters::domain)
                                      : base::Parsed<std::size_t>(std::size_t{1});
    if (!length) return moved(length.fault(), at);
    at += *length;
  }
  if (ends_in_macro) return {};
  if (looks_like_ip4(text)) {
    return fault("\"" + std::string(text) + "\" is an address, not a domain name", 0,
                 "write ip4:" + std::string(text));
  }
  const std::string_view absolute = text.back() == '.' ? text.substr(0, text.size() - 1) : text;
  const std::size_t dot = absolute.rfind('.');
  if (dot == std::string_view::npos) {
    return fault("\"" + std::string(text) + "\" is not a full domain name", 0,
                 "write it with its parent domains, as in mail.example.com");
  }
  const std::string_view toplabel = absolute.substr(dot + 1);
  if (!is_toplabel(toplabel)) {
    return fault("\"" + std::string(text) + "\" does not end in a top-level domain", dot + 1,
                 !toplabel.empty() && toplabel.back() == ','
                     ? "terms are separated by spaces, not by commas"
                     : "");
  }
  return {};
}

}  // namespace mxsmith::mail
