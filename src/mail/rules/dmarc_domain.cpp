// Rules about DMARC beside SPF and DKIM.
#include "base/text.hpp"
#include "mail/rules/dmarc_rows.hpp"
#include "mail/rules/mail_use.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

const DmarcPlace* rejecting(const MailZone& zone) {
  for (const DmarcPlace& place : zone.dmarc) {
    if (place.domain != zone.apex()) continue;
    const DmarcRecord* record = usable(zone, place);
    if (record == nullptr) return nullptr;
    const auto policy = effective_policy(*record);
    const bool rejects = policy && (policy->domain == DmarcAction::reject ||
                                    policy->subdomains == DmarcAction::reject);
    return rejects ? &place : nullptr;
  }
  return nullptr;
}

void judge_reject(Judged& judged) {
  const DmarcPlace* place = rejecting(judged.zone);
  if (place == nullptr || !sends_mail(judged) || has_signing_key(judged)) return;
  if (!judged.whole()) {
    judged.not_checked("dmarc-reject-needs-dkim", Subject::of(place->at),
                       "no DKIM key is declared, and whether one is live was not looked up");
    return;
  }
  judged.tell("dmarc-reject-needs-dkim", Subject::of(place->at),
              "reject is asked for, and there is no DKIM key: forwarded mail would be refused",
              "publish a key and sign, or ask for less until then");
}

void judge_bulk(Judged& judged) {
  if (!judged.whole() || !sends_mail(judged)) return;
  const dns::Name& apex = judged.zone.apex();
  std::vector<std::string> missing;
  if (judged.zone.spf_of(apex).empty()) missing.emplace_back("SPF");
  if (!has_signing_key(judged)) missing.emplace_back("DKIM");
  const bool alias = judged.zone.alias_at(below(apex, "_dmarc")) != nullptr;
  if (judged.zone.dmarc_of(apex).empty() && !alias) missing.emplace_back("DMARC");
  if (missing.empty()) return;
  judged.tell("dmarc-bulk-rules", Subject::missing(apex, dns::Type::TXT),
              "large receivers want SPF, DKIM and DMARC of bulk senders; missing here: " +
                  base::join(missing, ", "));
}

constexpr Rule kRows[] = {
    {"dmarc-reject-needs-dkim", Severity::error, RuleNeeds::nothing, "RFC 9989 section 7.4",
     "The DMARC policy is reject, and no DKIM key is published.",
     "SPF fails whenever mail is forwarded, so with reject that mail is refused although it is "
     "yours. A domain with p=reject must sign its mail: publish a key, have all systems sign, and "
     "only then ask for reject.",
     judge_reject,
     "@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"",
     "@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dmarc-bulk-rules", Severity::info, RuleNeeds::nothing, "",
     "The domain sends mail and lacks SPF, DKIM or DMARC, which large receivers ask of bulk "
     "senders.",
     "Google, Yahoo and Microsoft refuse or put aside mail of those who send thousands of messages "
     "a day without all three, aligned with the From: address; p=none is enough for that.",
     judge_bulk, "@ MX 10 mx1\nmx1 A 192.0.2.1\n@ TXT \"v=spf1 mx -all\"",
     "@ MX 10 mx1\nmx1 A 192.0.2.1\n@ TXT \"v=spf1 mx -all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dmarc-ramp-skip", Severity::warning, RuleNeeds::changes, "RFC 9989 section 5.1.7",
     "A DMARC policy becomes strict in one leap, or soon after reports began.",
     "A check sees one moment. `mxsmith plan` shows what a change makes stricter and whose mail "
     "feels it, `mxsmith timeline ZONE` the steps to come; go from none over quarantine to reject, "
     "with weeks of reports between."},
};

}  // namespace

std::span<const Rule> dmarc_domain_rules() { return kRows; }

}  // namespace mxsmith::mail
