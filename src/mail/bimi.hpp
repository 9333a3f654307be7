// BIMI assertion records (draft-brand-indicators-for-message-identification section 4.3; there is
// no RFC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/finding.hpp"

namespace mxsmith::mail {

struct BimiRecord {
  std::string location;                  ///< l=: https URI of the logo; empty when declining.
  std::optional<std::string> authority;  ///< a=: https URI of the mark's certificate.
  std::string avatar;                    ///< avp=: "brand", "personal"; empty when absent.
  std::optional<bool> local_part;        ///< lps=

  /// Refuses to show anything, which is not the same as having no record.
  [[nodiscard]] bool declines() const { return location.empty() && authority.value_or("").empty(); }
  friend bool operator==(const BimiRecord&, const BimiRecord&) = default;
};
/// Nothing when receivers ignore the value: faults are not mended.
std::optional<BimiRecord> parse_bimi(std::string_view octets);
Reading<BimiRecord> read_bimi(std::string_view octets);
std::string print_bimi(const BimiRecord& record);

}  // namespace mxsmith::mail
