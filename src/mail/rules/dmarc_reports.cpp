// Rules about DMARC reports: whether those who are to get them agree, and can.
#include <algorithm>

#include "base/text.hpp"
#include "mail/dmarc_discovery.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/dmarc_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

bool is_known(const Answer& answer) {
  return answer.status != LookupStatus::failed && answer.status != LookupStatus::not_checked;
}

/// Where a host stands in the text of its record.
Span place_of(std::string_view octets, const dns::Name& host) {
  std::string text = host.text();
  text.pop_back();
  const std::size_t at = base::to_lower(octets).find(text);
  return at == std::string::npos ? Span{} : Span{at, text.size()};
}

/// Whether reports stay within one organization, for which nobody has to agree (RFC 9990 section
/// 4); nothing: not known.
std::optional<bool> same_organization(const Judged& judged, const dns::Name& policy,
                                      const dns::Name& host) {
  const dns::Name& apex = judged.zone.apex();
  const bool related = host.is_at_or_below(policy) || policy.is_at_or_below(host);
  if (!related && !host.is_at_or_below(apex)) return false;
  const auto ours = discover_dmarc(policy, judged.resolver);
  const auto theirs = discover_dmarc(host, judged.resolver);
  if (ours.organization == theirs.organization) return true;
  // Registries publish psd=y if anything (RFC 9989 section 5.2), which changes nothing here.
  const bool known = (ours.complete && theirs.complete) || is_registry(apex.parent());
  return known ? std::optional(false) : std::nullopt;
}

/// What is wrong with the texts by which a host agrees; empty: nothing.
std::string trouble_with(const std::vector<dns::Rdata>& values, const dns::Name& host,
                         const dns::Name& policy) {
  bool agrees = false;
  for (const dns::Rdata& value : values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    const auto record = txt == nullptr ? std::nullopt : parse_dmarc(txt->octets);
    if (!record) continue;
    agrees = true;
    for (const ReportUri& uri : record->rua) {
      const auto other = dns::Name::parse_absolute(uri.host());
      if (!uri.host().empty() && other && *other != host) {
        return host.display() + " sends reports on to " + other->display() +
               ", so receivers send them to neither";
      }
    }
  }
  if (agrees) return {};
  return host.display() + " has not agreed to reports about " + policy.display();
}

void judge_agreement(Judged& judged, const DmarcPlace& place, const dns::Name& host) {
  const Subject subject = Subject::of(place.at, place_of(place.at.octets, host), host.display());
  const auto internal = same_organization(judged, place.domain, host);
  if (internal && *internal) return;
  const auto name = report_authorization_name(place.domain, host);
  if (!name) {
    judged.tell("dmarc-external-name-length", subject,
                "the name at which " + host.display() + " would agree is too long for DNS",
                "have reports sent to a domain of your own");
    return;
  }
  const Answer answer = internal ? judged.resolver.lookup(*name, dns::Type::TXT) : Answer();
  if (!is_known(answer)) {
    judged.not_checked("dmarc-external-auth", subject,
                       "whether " + host.display() + " agrees to reports was not looked up");
    return;
  }
  std::string trouble = trouble_with(answer.values, host, place.domain);
  if (trouble.empty()) return;
  judged.tell("dmarc-external-auth", subject, std::move(trouble),
              "it has to publish \"v=DMARC1\" as TXT at " + name->display());
}

void judge_external(Judged& judged) {
  for (const DmarcPlace& place : judged.zone.dmarc) {
    const DmarcRecord* record = usable(judged.zone, place);
    if (record == nullptr) continue;
    std::vector<dns::Name> asked{place.domain};
    for (const auto* uris : {&record->rua, &record->ruf}) {
      for (const ReportUri& uri : *uris) {
        if (uri.fault()) continue;
        const auto host = dns::Name::parse_absolute(uri.host());
        if (!host || std::find(asked.begin(), asked.end(), *host) != asked.end()) continue;
        asked.push_back(*host);
        judge_agreement(judged, place, *host);
      }
    }
  }
}

/// Why mail to a domain cannot be delivered, a phrase; empty: it can, nothing: not known.
std::optional<std::string> why_no_mail(const dns::Name& domain, Resolver& resolver) {
  const Answer mx = resolver.lookup(domain, dns::Type::MX);
  if (!is_known(mx)) return {};
  if (mx.status == LookupStatus::no_domain) return domain.display() + " does not exist";
  if (mx.status == LookupStatus::found) {
    const bool refuses =
        std::all_of(mx.values.begin(), mx.values.end(), [](const dns::Rdata& value) {
          const auto* one = std::get_if<dns::Mx>(&value);
          return one != nullptr && one->is_null();
        });
    return refuses ? domain.display() + " takes no mail (null MX)" : std::string();
  }
  // RFC 5321 section 5.1: without MX the domain's own address takes its mail.
  for (const dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
    const Answer address = resolver.lookup(domain, type);
    if (!is_known(address)) return {};
    if (address.status == LookupStatus::found) return std::string();
  }
  return domain.display() + " has neither MX nor address";
}

void judge_destination(Judged& judged, const DmarcPlace& place, const dns::Name& host) {
  const Subject subject = Subject::of(place.at, place_of(place.at.octets, host), host.display());
  const auto reason = why_no_mail(host, judged.resolver);
  if (!reason) {
    judged.not_checked("dmarc-rua-mx", subject,
                       "whether " + host.display() + " takes mail was not looked up");
  } else if (!reason->empty()) {
    judged.tell("dmarc-rua-mx", subject, "no report arrives: " + *reason,
                "send them to an address that takes mail");
  }
}

void judge_destinations(Judged& judged) {
  std::vector<dns::Name> asked;
  for (const DmarcPlace& place : judged.zone.dmarc) {
    const DmarcRecord* record = usable(judged.zone, place);
    if (record == nullptr) continue;
    for (const auto* uris : {&record->rua, &record->ruf}) {
      for (const ReportUri& uri : *uris) {
        if (uri.scheme() != "mailto" || uri.fault()) continue;
        const auto host = dns::Name::parse_absolute(uri.host());
        if (!host || std::find(asked.begin(), asked.end(), *host) != asked.end()) continue;
        asked.push_back(*host);
        judge_destination(judged, place, *host);
      }
    }
  }
}

constexpr std::string_view kOwn =
    "@ MX 10 mx1\nmx1 A 192.0.2.1\n"
    "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"";

constexpr Rule kRows[] = {
    {"dmarc-external-auth", Severity::error, RuleNeeds::lookups, "RFC 9990 section 4",
     "Reports are to go to another organization, which has not agreed.",
     "Receivers send no reports there, silently. The other side has to publish a TXT record; a "
     "report service does so when it sets up your account: ask it, or send reports to your own "
     "domain.",
     judge_external,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@reports.example.net\"\n"
     "reports.example.net. MX 10 mx.example.net.",
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@reports.example.net\"\n"
     "example.com._report._dmarc.reports.example.net. TXT \"v=DMARC1\""},
    {"dmarc-external-name-length", Severity::error, RuleNeeds::nothing, "RFC 9990 section 4",
     "The name at which a report receiver would agree is too long for DNS.",
     "Nobody can publish such a name, so no reports are ever sent there. Have them sent to a "
     "domain of your own, which may pass them on.",
     judge_external,
     "_dmarc.a23456789012345678901234567890.b23456789012345678901234567890."
     "c23456789012345678901234567890.d23456789012345678901234567890 TXT "
     "\"v=DMARC1; p=reject; rua=mailto:d@e23456789012345678901234567890."
     "f23456789012345678901234567890.g23456789012345678901234567890.example.net\"",
     kOwn},
    {"dmarc-rua-mx", Severity::warning, RuleNeeds::lookups, "RFC 5321 section 5.1",
     "The domain that is to get DMARC reports takes no mail.",
     "Reports bounce or are never sent, and nobody notices. Name an address whose domain has MX "
     "records.",
     judge_destinations,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@reports.example.com\"\n"
     "reports MX 0 .",
     kOwn},
};

}  // namespace

std::span<const Rule> dmarc_report_rules() { return kRows; }

}  // namespace mxsmith::mail
