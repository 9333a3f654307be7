// Names from presentation form without a Name being made: the zone file reader's fast path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/parsed.hpp"
#include "dns/name.hpp"

namespace mxsmith::dns {

inline constexpr std::size_t kMaxName = 255;  ///< RFC 1035 section 2.3.4
inline constexpr std::size_t kMaxLabel = 63;

/// What octets above 127 mean: U-labels to people who write configuration, bare octets to a name
/// server that reads a zone file.
enum class NonAscii : std::uint8_t { u_labels, octets };

/// Wire form in the making.
struct NameBuffer {
  std::array<char, kMaxName + 1> octets;
  std::size_t size = 0;
  bool non_ascii = false;  ///< Has octets above 127 that were written bare.
  [[nodiscard]] std::string_view view() const { return {octets.data(), size}; }
};

/// As Name::parse, into `buffer`; the fault, if there is one.
std::optional<base::Fault> encode_name(std::string_view text, const Name& origin, NonAscii mode,
                                       NameBuffer& buffer);

/// Names that came before, a few hundred of them, so that the exchange of a million MX records is
/// held once.
class NamePool {
 public:
  Name share(std::string_view wire) {
    Name& slot = slots_[std::hash<std::string_view>()(wire) % slots_.size()];
    if (slot.wire() != wire) slot = Name::from_checked_wire(wire);
    return slot;
  }

 private:
  std::array<Name, 256> slots_;
};

/// As Name::parse.
base::Parsed<Name> parse_name(std::string_view text, const Name& origin, NonAscii mode);

}  // namespace mxsmith::dns
