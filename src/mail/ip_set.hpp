// Addresses, networks, and sets of addresses: what SPF records come down to.
//
// An Ip is IPv4 or IPv6, never both: an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) becomes
// the IPv4 address it maps, as RFC 7208 section 5 asks for. An IpSet holds disjoint intervals of
// each family, so that union, difference and equality are those of sets, whatever blocks they were
// made of; it is printed as the fewest prefixes.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/address.hpp"

namespace mxsmith::mail {

/// A number of 128 bits, high half first, so that the order is that of numbers.
struct Bits128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const Bits128&, const Bits128&) = default;
};

/// The 128 bits of an IPv6 address, mapped ones as they are.
Bits128 bits_of(const dns::Ipv6& address);

enum class IpFamily : std::uint8_t { v4, v6 };
/// 32 or 128.
unsigned address_bits(IpFamily family);

struct Ip {
  IpFamily family = IpFamily::v4;
  Bits128 bits = {};  ///< Of IPv4 in the lowest 32.

  static Ip of(const dns::Ipv4& address);
  /// An IPv4-mapped address becomes IPv4.
  static Ip of(const dns::Ipv6& address);
  /// Either family; nothing when the text is no address.
  static std::optional<Ip> parse(std::string_view text);

  /// "192.0.2.1", "2001:db8::1".
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const Ip&, const Ip&) = default;
};

/// A block of addresses that have the first `prefix` bits in common.
struct IpNetwork {
  IpFamily family = IpFamily::v4;
  Bits128 bits = {};    ///< Any address in it: what stands below the prefix does not matter.
  unsigned prefix = 0;  ///< 0 to 32 or 128.

  [[nodiscard]] bool contains(const Ip& ip) const;
  [[nodiscard]] Bits128 first() const;
  [[nodiscard]] Bits128 last() const;
  /// "192.0.2.0/24", "2001:db8::/32"; a single address without prefix.
  [[nodiscard]] std::string text() const;
};

class IpSet {
 public:
  struct Interval {
    Bits128 first;
    Bits128 last;
    friend bool operator==(const Interval&, const Interval&) = default;
  };

  IpSet() = default;
  explicit IpSet(const IpNetwork& network);
  /// The union of all.
  explicit IpSet(const std::vector<IpNetwork>& networks);
  /// Every address of both families.
  static IpSet everything();

  [[nodiscard]] bool empty() const { return v4_.empty() && v6_.empty(); }
  [[nodiscard]] bool contains(const Ip& ip) const;
  [[nodiscard]] bool contains(const IpSet& other) const;
  /// Ascending, disjoint, not even touching.
  [[nodiscard]] const std::vector<Interval>& intervals(IpFamily family) const {
    return family == IpFamily::v4 ? v4_ : v6_;
  }
  /// The fewest networks that make it up: IPv4 before IPv6, ascending.
  [[nodiscard]] std::vector<IpNetwork> networks() const;
  /// Texts of networks().
  [[nodiscard]] std::vector<std::string> texts() const;
  /// How many addresses of the family; as a floating-point number, since IPv6 has 2^128.
  [[nodiscard]] double count(IpFamily family) const;

  void add(const IpNetwork& network);
  void add(const IpSet& other);
  void remove(const IpSet& other);
  [[nodiscard]] IpSet common_with(const IpSet& other) const;

  friend bool operator==(const IpSet&, const IpSet&) = default;

 private:
  [[nodiscard]] std::vector<Interval>& of(IpFamily family) {
    return family == IpFamily::v4 ? v4_ : v6_;
  }
  std::vector<Interval> v4_;
  std::vector<Interval> v6_;
};

}  // namespace mxsmith::mail
