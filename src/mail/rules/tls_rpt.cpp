// Rules about TLS-RPT records.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "mail/rule.hpp"
#include "mail/rules/tls_reports.hpp"
#include "mail/tag_list.hpp"
#include "mail/tlsa.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint16_t kSmtp = 25;

/// Whether another record that asks for reports stands before this one at the same name.
bool is_second(const std::vector<TlsRptPlace>& places, std::size_t i) {
  if (!is_tls_rpt(places[i].at.octets)) return false;
  for (std::size_t before = i; before-- > 0 && places[before].at.set == places[i].at.set;) {
    if (is_tls_rpt(places[before].at.octets)) return true;
  }
  return false;
}

bool writes_to(const ReportUri& uri, const dns::Name& domain) {
  if (uri.scheme() != "mailto") return false;
  const auto host = dns::Name::parse_absolute(uri.host());
  return host && *host == domain;
}

void judge_records(Judged& judged) {
  const auto& places = judged.zone.tls_rpt;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const TlsRptPlace& place = places[i];
    judged.tell(place.at, place.reading.findings);
    if (is_second(places, i)) {
      judged.tell("tlsrpt-multiple", Subject::of(place.at),
                  "a second v=TLSRPTv1 record: senders send no reports at all",
                  "name all addresses in one record, separated by commas");
    }
    const auto& rua = place.reading.value.rua;
    const bool all_own = !rua.empty() && std::all_of(rua.begin(), rua.end(), [&](const auto& uri) {
      return writes_to(uri, place.domain);
    });
    if (!all_own) continue;
    judged.tell("tlsrpt-rua-loop", Subject::of(place.at),
                "reports about failing delivery to " + place.domain.display() +
                    " are sent to that very domain");
  }
}

void judge_missing(Judged& judged) {
  std::unordered_set<dns::Name> secured;
  for (const TlsaPlace& place : judged.zone.tlsa) {
    if (place.port == kSmtp &&
        std::any_of(place.records.begin(), place.records.end(), is_usable_for_smtp)) {
      secured.insert(place.host);
    }
  }
  if (secured.empty()) return;
  for (const MxPlace& place : judged.zone.mx) {
    const bool uses_dane =
        std::any_of(place.records.begin(), place.records.end(),
                    [&](const dns::Mx& mx) { return secured.count(mx.exchange) != 0; });
    const auto& sts = judged.zone.mta_sts;
    // Of a domain with MTA-STS, sts-without-tlsrpt says it.
    const bool announced = std::any_of(sts.begin(), sts.end(), [&](const MtaStsPlace& one) {
      return one.domain == place.domain();
    });
    if (!uses_dane || announced) continue;
    require_tls_reports(judged, "tlsrpt-missing", place.domain(),
                        "nobody tells you when senders find no certificate that DANE allows");
  }
}

constexpr std::array kRules = {
    Rule{"tlsrpt-missing", Severity::warning, RuleNeeds::lookups, "RFC 8460",
         "A domain's hosts have TLSA records, and nobody gets reports about them.",
         "When a certificate changes and its record does not, senders with DANE hold the mail back "
         "and nobody says so. Publish v=TLSRPTv1; rua=mailto:... at _smtp._tls.",
         judge_missing,
         "@ MX 10 mx1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "@ MX 10 mx1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\""},
    Rule{"tlsrpt-multiple", Severity::error, RuleNeeds::nothing, "RFC 8460 section 3",
         "Several v=TLSRPTv1 records stand at one name.",
         "Senders then take the domain for one that wants no reports. Put all addresses into one "
         "record.",
         judge_records,
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.net\"\n"
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:b@example.net\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.net,mailto:b@example.net\""},
    Rule{"tlsrpt-rua", Severity::error, RuleNeeds::nothing, "RFC 8460 section 3",
         "The record's rua= is missing, or an address in it is none.",
         "Senders do not know where to send reports and send none. Addresses are "
         "mailto:tls@example.com or https://...; a comma or \"!\" inside one is percent-encoded.",
         judge_records, "_smtp._tls TXT \"v=TLSRPTv1; rua=tls@example.net\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\""},
    Rule{"tlsrpt-rua-loop", Severity::info, RuleNeeds::nothing, "RFC 8460",
         "Reports go to the domain that they are about.",
         "Senders have to deliver reports whatever TLS does, yet where no mail arrives for another "
         "reason, no report does either. A second address elsewhere makes sure.",
         judge_records, "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.com\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.com,mailto:tls@example.net\""},
    Rule{"tlsrpt-rua-scheme", Severity::error, RuleNeeds::nothing, "RFC 8460 section 3",
         "A report address is neither mailto: nor https:.",
         "Senders know no other way. http: is not allowed either.", judge_records,
         "_smtp._tls TXT \"v=TLSRPTv1; rua=http://example.net/tls\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=https://example.net/tls\""},
    Rule{"tlsrpt-syntax", Severity::error, RuleNeeds::nothing, "RFC 8460 section 3",
         "A field of the record is not NAME=VALUE.",
         "Senders ignore the whole record and send no reports. Fields are separated by semicolons "
         "and have no spaces around \"=\".",
         judge_records, "_smtp._tls TXT \"v=TLSRPTv1; rua = mailto:tls@example.net\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\""},
    Rule{"tlsrpt-version", Severity::error, RuleNeeds::nothing, "RFC 8460 section 3",
         "The record does not begin with v=TLSRPTv1;.",
         "Senders ignore it and send no reports. The version stands first, in exactly these "
         "letters.",
         judge_records, "_smtp._tls TXT \"v=TLSRPTv1, rua=mailto:tls@example.net\"",
         "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\""},
};

}  // namespace

std::span<const Rule> tls_rpt_rules() { return kRules; }

}  // namespace mxsmith::mail
