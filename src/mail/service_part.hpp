// The parts of what a mail service brings into a zone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mxsmith::mail {

enum class ServicePart : std::uint8_t {
  mx,
  spf,
  dkim,
  verification,
  discovery,
  bounce,
  policy,
};
inline constexpr std::array kServiceParts = {
    ServicePart::mx,        ServicePart::spf,    ServicePart::dkim,  ServicePart::verification,
    ServicePart::discovery, ServicePart::bounce, ServicePart::policy};

/// "mx", "spf", ...: the keys of a catalogue entry.
constexpr std::string_view service_part_word(ServicePart part) {
  constexpr std::array<std::string_view, kServiceParts.size()> kWords = {
      "mx", "spf", "dkim", "verification", "discovery", "bounce", "policy"};
  return kWords.at(static_cast<std::size_t>(part));
}

constexpr std::optional<ServicePart> parse_service_part(std::string_view word) {
  for (const ServicePart part : kServiceParts) {
    if (service_part_word(part) == word) return part;
  }
  return std::nullopt;
}

}  // namespace mxsmith::mail
