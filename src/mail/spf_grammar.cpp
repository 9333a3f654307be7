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
  const auto shown = [&] { return what + " \"" + std::string(digits) + "\""; };
  if (!all_digits(digits)) return fault(shown() + " is not a number");
  if (digits.size() > 1 && digits.front() == '0') {
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return fault(shown() + " has a leading zero", 0, "write " + std::string(digits.substr(first)));
  }
  unsigned value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc() || value > limit) {
    return fault(what + " " + std::string(digits) + " is over " + std::to_string(limit));
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

/// "%%", "%_" and "%-" are macro-expands as well (RFC 7208 section 7.1). Of a text whose macros
/// have been read.
bool ends_in_macro(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', end)) {
    end = text[at + 1] == '{' ? text.find('}', at) + 1 : at + 2;
  }
  return end == text.size();
}

/// RFC 7208 section 12: letters, digits and inner hyphens, not digits alone.
bool is_toplabel(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  const auto allowed = [](char c) { return is_alpha(c) || is_digit(c) || c == '-'; };
  return std::all_of(label.begin(), label.end(), allowed) && !all_digits(label);
}

}  // namespace

bool looks_like_ip4(std::string_view text) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '.') {
      if (!is_digit(text[at])) return false;
      continue;
    }
    const bool between = at > 0 && at + 1 < text.size() && text[at - 1] != '.';
    if (!between || ++dots > 3) return false;
  }
  return dots == 3;
}

base::Parsed<IpNetwork> parse_ip4_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  if (std::count(address.begin(), address.end(), '.') != 3) {
    const bool v6 = address.find(':') != std::string_view::npos;
    return fault("\"" + std::string(address) + "\" is not an IPv4 address", 0,
                 v6 ? "IPv6 networks are written with ip6:" : "");
  }
  IpNetwork network{IpFamily::v4, {}, 32};
  for (std::size_t at = 0; at <= address.size();) {
    const std::size_t dot = std::min(address.find('.', at), address.size());
    const auto octet = parse_number(address.substr(at, dot - at), 255, "octet");
    if (!octet) return moved(octet.fault(), at);
    network.bits.low = network.bits.low << 8U | *octet;
    at = dot + 1;
  }
  if (slash == std::string_view::npos) return network;
  const auto prefix = parse_prefix(text.substr(slash + 1), slash + 1, 32);
  if (!prefix) return prefix.fault();
  network.prefix = *prefix;
  return network;
}

base::Parsed<IpNetwork> parse_ip6_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto octets = dns::parse_ipv6(address);
  if (!octets) {
    return fault("\"" + std::string(address) + "\" is not an IPv6 address", 0,
                 looks_like_ip4(address) ? "IPv4 networks are written with ip4:" : "");
  }
  IpNetwork network{IpFamily::v6, bits_of(*octets), 128};
  if (slash == std::string_view::npos) return network;
  const auto prefix = parse_prefix(text.substr(slash + 1), slash + 1, 128);
  if (!prefix) return prefix.fault();
  network.prefix = *prefix;
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

base::Parsed<SpfMacros> parse_domain_spec(std::string_view text) {
  if (text.empty()) return fault("no domain name");
  auto macros = parse_spf_macros(text, MacroLetters::domain);
  if (!macros || ends_in_macro(text)) return macros;
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
  return macros;
}

}  // namespace mxsmith::mail
