// RRsets (RFC 9499 section 5): all records of one owner and type, with one TTL.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::dns {

/// Owner and type: what names an RRset in a zone.
struct Key {
  Name name;
  Type type{};

  /// "example.com/MX": for messages, --only and history.
  [[nodiscard]] std::string text() const;
  /// The inverse of text().
  static base::Parsed<Key> parse(std::string_view text);
  friend bool operator==(const Key&, const Key&) = default;
  friend std::strong_ordering operator<=>(const Key&, const Key&) = default;
};

/// TTLs are seconds from 0 to 2^31-1 (RFC 2181 section 8).
inline constexpr std::uint32_t kMaxTtl = 0x7fffffff;

struct RRset {
  Name name;
  Type type{};
  std::uint32_t ttl = 0;
  std::vector<Rdata> values;  ///< Without duplicates; order as read.

  [[nodiscard]] Key key() const { return {name, type}; }
  [[nodiscard]] bool has(const Rdata& value) const;
  /// Drops the value if it is there; whether it was.
  bool remove(const Rdata& value);
  /// Adds the value unless it is there; whether it was added.
  bool add(const Rdata& value);
};

/// Same key, TTL and set of values, in whatever order.
bool operator==(const RRset& a, const RRset& b);
/// The same set of values, TTL aside.
bool same_values(const RRset& a, const RRset& b);
bool same_values(const std::vector<Rdata>& a, const std::vector<Rdata>& b);

/// Values in canonical order (of their variants and fields): how sets are shown and digested.
std::vector<Rdata> sorted_values(const RRset& set);

/// SHA-256 over key, TTL and the sorted values in presentation form: equal exactly for equal sets.
std::string digest(const RRset& set);

}  // namespace mxsmith::dns

template <>
struct std::hash<mxsmith::dns::Key> {
  std::size_t operator()(const mxsmith::dns::Key& key) const noexcept {
    return std::hash<mxsmith::dns::Name>()(key.name) * 31 + static_cast<std::size_t>(key.type);
  }
};
