// The parts of Impact and the words for them. Private to src/plan/impact*.cpp and guards*.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/impact_case.hpp"
#include "plan/plan.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {

Impact::Inbound inbound_of(const ImpactCase& seen);
Impact::Sending sending_of(const ImpactCase& seen);
std::vector<Impact::Key> keys_of(const ImpactCase& seen);
std::vector<Impact::Policy> policies_of(const ImpactCase& seen);
/// What changes part by part: weaker, stricter, neither, each in the order MX, SPF, DKIM, DMARC,
/// MTA-STS, TLS-RPT, DANE.
std::vector<Impact::Line> lines_of(const ImpactCase& seen);

/// " of sub.example.com" for what is not about the apex itself.
std::string of_domain(const dns::Name& domain, const dns::Name& apex);
/// "203.0.113.25", "_spf.example.net", "mx", "a:host.example": a sender as a person would say it.
std::string sender_words(const mail::SpfTerm& term);
/// Hosts in the order of senders; "nobody (null MX)"; the domain's own addresses without any MX.
std::vector<std::string> receivers_of(const ZoneView& zone, const dns::Name& name);
/// "-", "~", "?", "+", "" without `all`, "none" without a record.
std::string all_sign(const SpfView& spf);

/// What changes by DMARC for the mail of the domain of a _dmarc name, whichever record holds for
/// it. Nothing is said of an alias whose target nobody looked up.
mail::Differences dmarc_differences(const ImpactCase& seen, const dns::Name& name);

/// What announces a policy (RFC 8461 section 3.1), and the policy where it is known.
struct MtaStsTurn {
  std::optional<std::string> before;  ///< The record, or "CNAME to ...".
  std::optional<std::string> after;
  std::optional<mail::MtaStsPolicy> policy_before;
  std::optional<mail::MtaStsPolicy> policy_after;
};
/// At a name _mta-sts.
MtaStsTurn mta_sts_turn(const ImpactCase& seen, const dns::Name& name);
mail::Differences mta_sts_differences(const MtaStsTurn& turn);

/// The first value of that kind at the name; a CNAME speaks for it: "CNAME to ...".
std::optional<std::string> record_at(const ZoneView& zone, const dns::Name& name, TxtKind kind);
bool is_mta_sts_name(const dns::Key& key);
bool is_tls_rpt_name(const dns::Key& key);
/// TLSA of a host that receives mail: below _25._tcp.
bool is_dane_name(const dns::Key& key);
/// mx1.example.com of _25._tcp.mx1.example.com.
dns::Name dane_host(const dns::Name& name);
std::vector<dns::Tlsa> tlsa_at(const ZoneView& zone, const dns::Name& name);

}  // namespace mxsmith::plan
