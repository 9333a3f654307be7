// Where reports are sent: the lists of URIs in rua= and ruf= of DMARC (RFC 9989 section 4.6) and in
// rua= of TLS-RPT (RFC 8460 section 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {

struct ReportUri {
  std::string text;        ///< The URI as spelled.
  std::string size_limit;  ///< "10m" of "mailto:a@example.com!10m"; obsolete, and ignored.

  /// Lower case: "mailto", "https"; empty when there is none.
  [[nodiscard]] std::string scheme() const;
  /// Whom a mailto: writes to, without its header fields; empty for other schemes.
  [[nodiscard]] std::string address() const;
  /// The host that gets the report, lower case; empty when there is none.
  [[nodiscard]] std::string host() const;
  /// What RFC 3986 and, of mailto:, RFC 6068 section 2 find wrong with it; nothing if it is right.
  [[nodiscard]] std::optional<base::Fault> fault() const;
  [[nodiscard]] std::string spelled() const;  ///< With the size limit.

  friend bool operator==(const ReportUri&, const ReportUri&) = default;
};

/// "mailto:a@example.com" to a value; never fails, see fault().
ReportUri parse_report_uri(std::string_view text);

/// The URIs of a comma-separated list that are not empty, as spelled, each with its offset.
struct PlacedUri {
  ReportUri uri;
  Span at;
};
std::vector<PlacedUri> parse_report_uris(const Tag& tag);
std::vector<ReportUri> without_places(const std::vector<PlacedUri>& uris);
std::string print_report_uris(const std::vector<ReportUri>& uris);

}  // namespace mxsmith::mail
