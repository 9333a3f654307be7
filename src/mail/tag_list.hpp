// Tag lists, "v=DMARC1; p=none": the form that DKIM (RFC 6376 section 3.2), DMARC (RFC 9989
// section 4.8), MTA-STS (RFC 8461 section 3.1), TLS-RPT (RFC 8460 section 3) and BIMI records
// share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::mail {

struct Tag {
  std::string name;   ///< As spelled.
  std::string value;  ///< White space around it dropped.
  bool bare = false;  ///< Written without "=".
};

/// The tags in order; pieces without "=" have an empty value. Never fails: what is not understood
/// is kept as spelled.
struct TagList {
  std::vector<Tag> tags;

  /// Value of the first tag of that name, without regard to case.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  [[nodiscard]] std::string text() const;  ///< "v=DMARC1; p=none"
};
TagList parse_tag_list(std::string_view octets);

/// Which kind of mail record a TXT value is by its first tag. The version's letter case matters,
/// and nothing but white space may stand between it and the ";" or the end; DMARC and BIMI allow
/// white space around "=" as well, MTA-STS and TLS-RPT do not.
bool is_dmarc(std::string_view octets);    ///< v=DMARC1
bool is_mta_sts(std::string_view octets);  ///< v=STSv1
bool is_tls_rpt(std::string_view octets);  ///< v=TLSRPTv1
bool is_bimi(std::string_view octets);     ///< v=BIMI1

}  // namespace mxsmith::mail
