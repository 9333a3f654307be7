#include "mail/ip_set.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mxsmith::mail {
namespace {

using Intervals = std::vector<IpSet::Interval>;

constexpr Bits128 kZero{};
constexpr Bits128 kOnes{~std::uint64_t{0}, ~std::uint64_t{0}};

Bits128 highest(IpFamily family) { return family == IpFamily::v4 ? Bits128{0, 0xffffffff} : kOnes; }

Bits128 operator&(const Bits128& a, const Bits128& b) { return {a.high & b.high, a.low & b.low}; }
Bits128 operator|(const Bits128& a, const Bits128& b) { return {a.high | b.high, a.low | b.low}; }
Bits128 operator~(const Bits128& a) { return {~a.high, ~a.low}; }

Bits128 next(Bits128 value) {
  if (++value.low == 0) ++value.high;
  return value;
}
Bits128 previous(Bits128 value) {
  if (value.low-- == 0) --value.high;
  return value;
}

/// The lowest `count` bits set, 0 to 128.
Bits128 low_ones(unsigned count) {
  if (count == 0) return kZero;
  if (count <= 64) return {0, ~std::uint64_t{0} >> (64 - count)};
  return {~std::uint64_t{0} >> (128 - count), ~std::uint64_t{0}};
}

Bits128 host_mask(const IpNetwork& network) {
  return low_ones(address_bits(network.family) - network.prefix);
}

double as_double(const Bits128& value) {
  return std::ldexp(static_cast<double>(value.high), 64) + static_cast<double>(value.low);
}

/// Sorted intervals to disjoint ones that do not touch.
Intervals joined(Intervals all) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Intervals result;
  result.reserve(all.size());
  for (const auto& interval : all) {
    const bool touches = !result.empty() && (result.back().last == kOnes ||
                                             interval.first <= next(result.back().last));
    if (touches) {
      result.back().last = std::max(result.back().last, interval.last);
    } else {
      result.push_back(interval);
    }
  }
  return result;
}

Intervals common(const Intervals& a, const Intervals& b) {
  Intervals result;
  result.reserve(a.size() + b.size());
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    const Bits128 first = std::max(left->first, right->first);
    const Bits128 last = std::min(left->last, right->last);
    if (first <= last) result.push_back({first, last});
    if (left->last < right->last) {
      ++left;
    } else {
      ++right;
    }
  }
  return result;
}

/// What of the family's addresses is not in `of`.
Intervals complement(const Intervals& of, IpFamily family) {
  Intervals result;
  result.reserve(of.size() + 1);
  Bits128 from = kZero;
  for (const auto& interval : of) {
    if (from < interval.first) result.push_back({from, previous(interval.first)});
    if (interval.last == highest(family)) return result;
    from = next(interval.last);
  }
  result.push_back({from, highest(family)});
  return result;
}

const Intervals::value_type* interval_at(const Intervals& intervals, const Bits128& bits) {
  const auto after =
      std::upper_bound(intervals.begin(), intervals.end(), bits,
                       [](const Bits128& value, const auto& i) { return value < i.first; });
  if (after == intervals.begin()) return nullptr;
  const auto& before = *std::prev(after);
  return bits <= before.last ? &before : nullptr;
}

/// The largest aligned blocks from the left are the fewest.
void append_networks(std::vector<IpNetwork>& into, IpFamily family,
                     const IpSet::Interval& interval) {
  const unsigned bits = address_bits(family);
  for (Bits128 at = interval.first;;) {
    unsigned host = 0;
    while (host < bits) {
      const Bits128 mask = low_ones(host + 1);
      if ((at & mask) != kZero || (at | mask) > interval.last) break;
      ++host;
    }
    into.push_back({family, at, bits - host});
    const Bits128 last = at | low_ones(host);
    if (last == interval.last) return;
    at = next(last);
  }
}

std::string address_text(IpFamily family, const Bits128& bits) {
  const auto octet = [](std::uint64_t half, unsigned index) {
    return static_cast<std::uint8_t>(half >> (56 - 8 * index));
  };
  if (family == IpFamily::v4) {
    dns::Ipv4 address{};
    for (unsigned i = 0; i < 4; ++i) address[i] = octet(bits.low, i + 4);
    return dns::print_ipv4(address);
  }
  dns::Ipv6 address{};
  for (unsigned i = 0; i < 8; ++i) {
    address[i] = octet(bits.high, i);
    address[i + 8] = octet(bits.low, i);
  }
  return dns::print_ipv6(address);
}

}  // namespace

unsigned address_bits(IpFamily family) { return family == IpFamily::v4 ? 32 : 128; }

Ip Ip::of(const dns::Ipv4& address) {
  Ip ip;
  for (const std::uint8_t octet : address) ip.bits.low = ip.bits.low << 8U | octet;
  return ip;
}

Bits128 bits_of(const dns::Ipv6& address) {
  Bits128 bits;
  for (std::size_t i = 0; i < 8; ++i) {
    bits.high = bits.high << 8U | address[i];
    bits.low = bits.low << 8U | address[i + 8];
  }
  return bits;
}

Ip Ip::of(const dns::Ipv6& address) {
  const Bits128 bits = bits_of(address);
  const bool mapped = bits.high == 0 && bits.low >> 32U == 0xffff;
  return mapped ? Ip{IpFamily::v4, {0, bits.low & 0xffffffff}} : Ip{IpFamily::v6, bits};
}

std::optional<Ip> Ip::parse(std::string_view text) {
  if (const auto v4 = dns::parse_ipv4(text)) return of(*v4);
  if (const auto v6 = dns::parse_ipv6(text)) return of(*v6);
  return {};
}

std::string Ip::text() const { return address_text(family, bits); }

bool IpNetwork::contains(const Ip& ip) const {
  return ip.family == family && first() <= ip.bits && ip.bits <= last();
}

Bits128 IpNetwork::first() const { return bits & ~host_mask(*this); }
Bits128 IpNetwork::last() const { return bits | host_mask(*this); }

std::string IpNetwork::text() const {
  std::string text = address_text(family, first());
  if (prefix != address_bits(family)) text += "/" + std::to_string(prefix);
  return text;
}

IpSet::IpSet(const IpNetwork& network) { add(network); }

IpSet::IpSet(const std::vector<IpNetwork>& networks) {
  for (const auto& network : networks)
    of(network.family).push_back({network.first(), network.last()});
  v4_ = joined(std::move(v4_));
  v6_ = joined(std::move(v6_));
}

IpSet IpSet::everything() {
  IpSet all;
  all.add(IpNetwork{IpFamily::v4, {}, 0});
  all.add(IpNetwork{IpFamily::v6, {}, 0});
  return all;
}

bool IpSet::contains(const Ip& ip) const {
  return interval_at(intervals(ip.family), ip.bits) != nullptr;
}

bool IpSet::contains(const IpSet& other) const { return common_with(other) == other; }

std::vector<IpNetwork> IpSet::networks() const {
  std::vector<IpNetwork> result;
  for (const auto family : {IpFamily::v4, IpFamily::v6}) {
    for (const auto& interval : intervals(family)) append_networks(result, family, interval);
  }
  return result;
}

std::vector<std::string> IpSet::texts() const {
  std::vector<std::string> result;
  const auto all = networks();
  result.reserve(all.size());
  for (const auto& network : all) result.push_back(network.text());
  return result;
}

double IpSet::count(IpFamily family) const {
  double total = 0;
  for (const auto& interval : intervals(family)) {
    total += as_double(interval.last) - as_double(interval.first) + 1;
  }
  return total;
}

void IpSet::add(const IpNetwork& network) {
  auto& into = of(network.family);
  into.push_back({network.first(), network.last()});
  into = joined(std::move(into));
}

void IpSet::add(const IpSet& other) {
  for (const auto family : {IpFamily::v4, IpFamily::v6}) {
    auto& into = of(family);
    const auto& more = other.intervals(family);
    into.insert(into.end(), more.begin(), more.end());
    into = joined(std::move(into));
  }
}

void IpSet::remove(const IpSet& other) {
  for (const auto family : {IpFamily::v4, IpFamily::v6}) {
    of(family) = common(intervals(family), complement(other.intervals(family), family));
  }
}

IpSet IpSet::common_with(const IpSet& other) const {
  IpSet result;
  result.v4_ = common(v4_, other.v4_);
  result.v6_ = common(v6_, other.v6_);
  return result;
}

}  // namespace mxsmith::mail
