// TLS-RPT records (RFC 8460 section 3): where reports about TLS with a domain's hosts go.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/finding.hpp"
#include "mail/mta_sts.hpp"
#include "mail/report_uri.hpp"

namespace mxsmith::mail {

struct TlsRptRecord {
  std::vector<ReportUri> rua;  ///< mailto: and https:; of several rua= all.
  ExtensionFields extensions = {};
  friend bool operator==(const TlsRptRecord&, const TlsRptRecord&) = default;
};
/// Nothing when senders ignore the value: it is faulty.
std::optional<TlsRptRecord> parse_tls_rpt(std::string_view octets);
Reading<TlsRptRecord> read_tls_rpt(std::string_view octets);
std::string print_tls_rpt(const TlsRptRecord& record);

}  // namespace mxsmith::mail
