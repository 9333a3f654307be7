// DMARC policy records: RFC 9989, and what RFC 7489 had beside it.
//
// A DmarcRecord is what a record says, tag by tag. What receivers do because of it is another
// question, which effective_policy answers; which record holds for a domain is a third, see
// mail/dmarc_discovery.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "mail/difference.hpp"
#include "mail/finding.hpp"
#include "mail/report_uri.hpp"

namespace mxsmith::mail {

/// What is asked for mail that fails; ordered from weak to strict.
enum class DmarcAction : std::uint8_t { none, quarantine, reject };
std::string_view action_word(DmarcAction action);
/// Without regard to letter case (RFC 9989 section 4.8); nothing for other words.
std::optional<DmarcAction> parse_action(std::string_view word);

/// How near the authenticated domain must be: the same organization, or the very same domain.
enum class DmarcAlignment : std::uint8_t { relaxed, strict };
/// psd=: "u", "n", "y".
enum class PublicSuffix : std::uint8_t { unknown, no, yes };
std::string_view public_suffix_letter(PublicSuffix suffix);
std::optional<PublicSuffix> parse_public_suffix(std::string_view letter);

/// Tags that are absent, or that receivers ignore because of their value, are nothing.
struct DmarcRecord {
  std::optional<DmarcAction> policy;              ///< p=
  std::optional<DmarcAction> subdomain_policy;    ///< sp=
  std::optional<DmarcAction> nonexistent_policy;  ///< np=
  /// p=, sp= or np= is there and says no action: then all three count as p=none (RFC 9989
  /// section 4.10.1). Its spelling, "sp=all", or empty.
  std::string bad_policy;
  std::optional<DmarcAlignment> dkim_alignment;  ///< adkim=
  std::optional<DmarcAlignment> spf_alignment;   ///< aspf=
  std::string failure_options;                   ///< fo=: "0", "1:d:s"; empty when absent.
  std::vector<ReportUri> rua;
  std::vector<ReportUri> ruf;
  std::optional<bool> testing;                ///< t=
  std::optional<PublicSuffix> public_suffix;  ///< psd=
  std::optional<unsigned> percent;            ///< pct= of RFC 7489: 0 to 100.
  std::string report_format;                  ///< rf= of RFC 7489.
  std::optional<std::uint32_t> interval;      ///< ri= of RFC 7489, seconds.

  friend bool operator==(const DmarcRecord&, const DmarcRecord&) = default;
};

/// Values of fo=: "0", "1:d:s"; each once, not "0" and "1" together (RFC 9989 section 4.7).
bool is_failure_options(std::string_view text);

/// Nothing when receivers ignore the value: it does not begin with v=DMARC1, or a tag stands twice.
std::optional<DmarcRecord> parse_dmarc(std::string_view octets);
std::string print_dmarc(const DmarcRecord& record);
/// All that is to be said of a record by itself; rules "dmarc-..." and "txt-...". What is not a
/// DMARC record at all has one finding, dmarc-version, and an empty value.
Reading<DmarcRecord> read_dmarc(std::string_view octets);

/// Whether receivers that follow RFC 7489 sections 6.3 to 6.6.3 alone use the record: p= stands
/// directly behind v=, among other things.
bool is_rfc7489_record(std::string_view octets);

/// What receivers do with mail that fails, by whose it is.
struct DmarcPolicy {
  DmarcAction domain = DmarcAction::none;
  DmarcAction subdomains = DmarcAction::none;   ///< Those that exist and have no record.
  DmarcAction nonexistent = DmarcAction::none;  ///< Names that do not exist.
  friend bool operator==(const DmarcPolicy&, const DmarcPolicy&) = default;
};
/// By RFC 9989 sections 4.7 and 4.10.1: sp= stands in for np=, p= for sp=; t=y takes one level off;
/// without a good p= or with a bad sp= or np= all are none if reports can be sent. Nothing: DMARC
/// is not applied at all.
std::optional<DmarcPolicy> effective_policy(const DmarcRecord& record);

/// The alignment rule of RFC 9989 section 4.4: the organizational domains come from discovery.
bool is_aligned(DmarcAlignment mode, const dns::Name& author, const dns::Name& author_organization,
                const dns::Name& identifier, const dns::Name& identifier_organization);

/// What changes for senders and spoofers when `after` takes the place of `before`; nothing stands
/// for a domain without a usable record. Policies come first, one Difference for each group of
/// names that feels it.
Differences compare_dmarc(const std::optional<DmarcRecord>& before,
                          const std::optional<DmarcRecord>& after);

/// The name at which a foreign report receiver has to agree (RFC 9990 section 4):
/// "example.com._report._dmarc.reports.example.net". A fault when it is too long for DNS.
base::Parsed<dns::Name> report_authorization_name(const dns::Name& policy_domain,
                                                  const dns::Name& destination);

/// A destination outside the policy's domain, and where it must agree.
struct ExternalReport {
  dns::Name destination;
  std::optional<dns::Name> authorization;  ///< Nothing: the name would be too long, never agreed.
};
/// Destinations of rua= and ruf= that are neither the domain, nor below it, nor above it, each
/// once. One that is above or below may still be of another organization, which only discovery can
/// tell.
std::vector<ExternalReport> external_reports(const DmarcRecord& record,
                                             const dns::Name& policy_domain);

}  // namespace mxsmith::mail
