#include "dns/address.hpp"

#include <algorithm>
#include <charconv>

namespace mxsmith::dns {

namespace {

/// Groups of 16 bits as they are read, with the place of "::".
struct Groups {
  std::array<std::uint16_t, 8> value{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;

  bool add(unsigned group) {
    if (count == 8) return false;
    value[count++] = static_cast<std::uint16_t>(group);
    return true;
  }
};

bool add_group(Groups& groups, std::string_view text) {
  unsigned group = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, group, 16);
  return !text.empty() && text.size() <= 4 && error == std::errc() && rest == end &&
         groups.add(group);
}

bool add_ipv4(Groups& groups, std::string_view text) {
  const auto address = parse_ipv4(text);
  return address && groups.add((*address)[0] * 256U + (*address)[1]) &&
         groups.add((*address)[2] * 256U + (*address)[3]);
}

bool read_groups(Groups& groups, std::string_view text) {
  if (text.substr(0, 2) == "::") {
    groups.gap = 0;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (colon == std::string_view::npos) {
      return part.find('.') != std::string_view::npos ? add_ipv4(groups, part)
                                                      : add_group(groups, part);
    }
    if (!add_group(groups, part)) return false;
    text.remove_prefix(colon + 1);
    if (text.substr(0, 1) != ":") continue;
    if (groups.gap) return false;
    groups.gap = groups.count;
    text.remove_prefix(1);
    if (text.empty()) return true;
  }
}

/// The first longest run of zero groups that is worth "::", as [begin, end).
std::pair<std::size_t, std::size_t> longest_zeros(const std::array<unsigned, 8>& groups) {
  std::size_t best_begin = 8;
  std::size_t best_end = 8;
  for (std::size_t begin = 0; begin < 8; ++begin) {
    std::size_t end = begin;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - begin >= 2 && end - begin > best_end - best_begin) {
      best_begin = begin;
      best_end = end;
    }
    if (end != begin) begin = end;
  }
  return {best_begin, best_end};
}

}  // namespace

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address{};
  for (std::size_t i = 0; i < 4; ++i) {
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 4) {
      value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    }
    if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) return std::nullopt;
    address[i] = static_cast<std::uint8_t>(value);
    text.remove_prefix(digits);
    if (i == 3) break;
    if (text.empty() || text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  if (!text.empty()) return std::nullopt;
  return address;
}

std::string print_ipv4(const Ipv4& address) {
  std::string out;
  for (const auto octet : address) {
    if (!out.empty()) out += '.';
    out += std::to_string(octet);
  }
  return out;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  Groups groups;
  if (!read_groups(groups, text)) return std::nullopt;
  if (groups.gap ? groups.count > 7 : groups.count != 8) return std::nullopt;
  Ipv6 address{};
  for (std::size_t i = 0; i < groups.count; ++i) {
    const std::size_t place = groups.gap && i >= *groups.gap ? 8 - groups.count + i : i;
    address[2 * place] = static_cast<std::uint8_t>(groups.value[i] >> 8);
    address[2 * place + 1] = static_cast<std::uint8_t>(groups.value[i] & 0xff);
  }
  return address;
}

std::string print_ipv6(const Ipv6& address) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = address[2 * i] * 256U + address[2 * i + 1];
  const bool mapped =
      std::all_of(groups.begin(), groups.begin() + 5, [](auto g) { return g == 0; }) &&
      groups[5] == 0xffff;
  if (mapped) {
    return "::ffff:" + print_ipv4({address[12], address[13], address[14], address[15]});
  }
  const auto [begin, end] = longest_zeros(groups);
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == begin) {
      out += "::";
      i = end - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    out.append(digits.data(), result.ptr);
  }
  return out;
}

}  // namespace mxsmith::dns
