#include "spec/dmarc_keys.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "spec/toml_text.hpp"

namespace mxsmith::spec {

namespace {

bool is_declarable(const mail::ReportUri& uri) {
  return uri.spelled().substr(0, 7) == "mailto:" &&
         uri.spelled().find_first_of(",; \t") == std::string::npos &&
         is_readable_text(uri.spelled());
}

/// Whether the keys of [mail.dmarc] take these values without an error.
bool is_declarable(const mail::DmarcRecord& record) {
  const auto uris = [](const std::vector<mail::ReportUri>& list) {
    return std::all_of(list.begin(), list.end(),
                       [](const mail::ReportUri& uri) { return is_declarable(uri); });
  };
  const bool has_dropped = record.percent || record.interval || !record.report_format.empty();
  return record.policy && record.bad_policy.empty() && !has_dropped && uris(record.rua) &&
         uris(record.ruf);
}

}  // namespace

std::optional<mail::DmarcRecord> dmarc_keys_of(const std::string& text) {
  auto record = mail::parse_dmarc(text);
  if (!record || !is_declarable(*record) || mail::print_dmarc(*record) != text) return std::nullopt;
  return record;
}

}  // namespace mxsmith::spec
