// Domain names: absolute, canonical, compared octet by octet.
//
// A Name holds the wire form of RFC 1035 section 3.1 (length octet, label, ..., 0) with ASCII
// letters lowered (RFC 4034 section 6.2), so that equality and hashing are those of its octets.
// U-labels are turned into A-labels on the way in (RFC 5891) and back only for display. A Name is
// never relative; text that is relative is completed by an origin. It is one pointer to octets that
// all its copies share.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "dns/shared_octets.hpp"

namespace mxsmith::dns {

class Name {
 public:
  /// The root.
  Name() = default;

  /// Presentation form (RFC 1035 section 5.1: \. and \DDD escapes) to a Name. "@" is the origin, a
  /// name without final dot is completed by `origin`. Non-ASCII text is taken as U-labels. Faults:
  /// empty label, label over 63 octets, name over 255 octets, bad escape, a U-label that IDNA 2008
  /// forbids.
  static base::Parsed<Name> parse(std::string_view text, const Name& origin);
  /// As parse with the root as origin: "example.com" and "example.com." are the same. For
  /// configuration, where nobody writes relative names.
  static base::Parsed<Name> parse_absolute(std::string_view text);
  /// parse_absolute of a literal that is known to be right; throws Error{invalid} otherwise. For
  /// tests and constants.
  static Name of(std::string_view text);
  /// From lower-cased or not yet lowered wire form without compression, as a whole; faults as
  /// parse.
  static base::Parsed<Name> from_wire(std::string_view wire);
  /// The same without checks, for readers that have just checked; letters must already be low.
  static Name from_checked_wire(std::string_view wire) { return Name(wire); }

  /// Presentation form with final dot; "." for the root. A-labels, escapes where needed: always
  /// parses back.
  [[nodiscard]] std::string text() const;
  /// Relative to `origin` where it is below it: "@", "www", else as text().
  [[nodiscard]] std::string text_relative_to(const Name& origin) const;
  /// For people: without final dot, and with U-labels in front where there are any:
  /// "bücher.example (xn--bcher-kva.example)".
  [[nodiscard]] std::string display() const;

  [[nodiscard]] bool is_root() const { return wire_.empty(); }
  [[nodiscard]] bool is_wildcard() const {
    return wire().substr(0, 2) == std::string_view("\1*", 2);
  }
  [[nodiscard]] std::size_t label_count() const;
  /// Labels from the left, raw octets.
  [[nodiscard]] std::vector<std::string> labels() const;
  /// Equal to `ancestor` or below it.
  [[nodiscard]] bool is_at_or_below(const Name& ancestor) const;
  /// Without the leftmost label; the root's parent is the root.
  [[nodiscard]] Name parent() const;
  /// `label` put in front; a fault when the result is too long.
  [[nodiscard]] base::Parsed<Name> child(std::string_view label) const;
  /// Valid as long as a copy of this name lives.
  [[nodiscard]] std::string_view wire() const {
    return wire_.empty() ? std::string_view("", 1) : wire_.view();
  }

  friend bool operator==(const Name&, const Name&) = default;
  /// Canonical order of RFC 4034 section 6.1.
  friend std::strong_ordering operator<=>(const Name& a, const Name& b);

 private:
  explicit Name(std::string_view wire) : wire_(wire.size() > 1 ? wire : std::string_view()) {}
  SharedOctets wire_;  ///< Empty for the root.
};

}  // namespace mxsmith::dns

template <>
struct std::hash<mxsmith::dns::Name> {
  std::size_t operator()(const mxsmith::dns::Name& name) const noexcept {
    return std::hash<std::string_view>()(name.wire());
  }
};
