// Rules about a zone as a whole that is to have no mail, and rows for what plans judge.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/mx.hpp"
#include "mail/rule.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint16_t kSmtp = 25;

bool sends_none(const SpfRecord* record) {
  return record != nullptr && record->terms.size() == 1 && record->all() == SpfQualifier::fail;
}

bool rejects_all(const DmarcRecord* record) {
  const auto policy = record == nullptr ? std::nullopt : effective_policy(*record);
  return policy && policy->domain == DmarcAction::reject &&
         policy->subdomains == DmarcAction::reject;
}

/// Whether nothing can be said of what is not there.
bool is_unknown(Judged& judged, const dns::Name& name, dns::Type type) {
  if (judged.whole() || judged.zone.sets().find(name, type) != nullptr) return false;
  judged.not_checked("parked-complete", Subject::missing(name, type),
                     "the spec does not declare that set");
  return true;
}

void judge_complete(Judged& judged) {
  if (!judged.declared.no_mail) return;
  const dns::Name& apex = judged.zone.apex();
  const auto tell = [&](const dns::Name& name, dns::Type type, std::string message,
                        std::string hint) {
    if (is_unknown(judged, name, type)) return;
    judged.tell("parked-complete", Subject::missing(name, type), std::move(message),
                std::move(hint));
  };
  const MxPlace* mx = judged.zone.mx_of(apex);
  if (mx == nullptr || !refuses_mail(mx->records)) {
    tell(apex, dns::Type::MX, "no null MX says that the domain takes no mail", "MX 0 .");
  }
  if (!sends_none(judged.zone.usable_spf(apex))) {
    tell(apex, dns::Type::TXT, "no SPF record says that the domain sends no mail",
         "TXT \"v=spf1 -all\"");
  }
  const auto policy = apex.child("_dmarc");
  if (policy && !rejects_all(judged.zone.usable_dmarc(apex))) {
    tell(*policy, dns::Type::TXT, "no DMARC record asks to reject mail in the domain's name",
         "TXT \"v=DMARC1; p=reject\"");
  }
}

void tell_mail(Judged& judged, Subject subject, const std::string& what) {
  judged.tell("parked-but-mail", std::move(subject),
              what + ", and the spec says that the zone has no mail");
}

void judge_leftovers(Judged& judged) {
  if (!judged.declared.no_mail) return;
  for (const MxPlace& place : judged.zone.mx) {
    if (!refuses_mail(place.records)) {
      tell_mail(judged, Subject::of(place.set->key()), "hosts take mail here");
    }
  }
  for (const DkimPlace& place : judged.zone.dkim) {
    if (place.reading.key) tell_mail(judged, Subject::of(place.at), "a key signs mail");
  }
  for (const MtaStsPlace& place : judged.zone.mta_sts) {
    tell_mail(judged, Subject::of(place.at), "a policy for incoming mail is announced");
  }
  for (const TlsaPlace& place : judged.zone.tlsa) {
    if (place.port != kSmtp) continue;
    tell_mail(judged, Subject::of(place.set->key()), "a mail server's certificate is named");
  }
  for (const SrvPlace& place : judged.zone.srv) {
    const bool offered = std::any_of(place.records.begin(), place.records.end(),
                                     [](const dns::Srv& srv) { return !srv.target.is_root(); });
    if (offered) tell_mail(judged, Subject::of(place.set->key()), "mail programs are sent here");
  }
}

constexpr std::string_view kParked =
    ";no-mail\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"";

constexpr std::array kRules = {
    Rule{
        "parked-but-mail", Severity::warning, RuleNeeds::nothing, "",
        "A zone that is to have no mail has records for mail.",
        "Either the domain has mail after all, and mail.none has to go, or the record is left over "
        "and helps whoever forges mail. [[absent]] takes it away.",
        judge_leftovers,
        ";no-mail\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_imaps._tcp SRV 0 1 993 mail\n"
        "mail A 192.0.2.1",
        kParked},
    Rule{"parked-complete", Severity::warning, RuleNeeds::nothing, "RFC 7505 section 4.2",
         "A zone that is to have no mail does not say so everywhere.",
         "A null MX, v=spf1 -all and DMARC with p=reject belong together; mail.none makes all "
         "three. Without one of them mail in the domain's name gets through, or waits for days.",
         judge_complete, ";no-mail\n@ MX 0 .", kParked},
    Rule{"plan-all-hardening", Severity::warning, RuleNeeds::changes, "",
         "SPF becomes stricter on the day that MX moves.",
         "A sender that was forgotten is refused at once, when everybody is busy. `plan` shows "
         "what becomes stricter in its impact; move first, and let a later stage set all = "
         "\"fail\".",
         nullptr},
    Rule{"plan-dkim-delete-active", Severity::error, RuleNeeds::changes, "",
         "A plan takes away a DKIM key that is in use.",
         "Mail on its way could no longer be verified. Guards dkim-key-removed and "
         "dkim-key-replaced of `plan` stop that.",
         nullptr},
    Rule{"plan-mx-empty", Severity::error, RuleNeeds::changes, "RFC 5321 section 5.1",
         "A plan leaves a domain without MX for a moment.",
         "In that moment mail goes to the domain's own address. `plan` orders its steps so that it "
         "does not happen, and guard gap stops what it cannot order.",
         nullptr},
    Rule{"plan-protected", Severity::error, RuleNeeds::changes, "",
         "A plan changes a record that is not to be touched.",
         "[[ignore]] in the spec says which names and types no plan may touch, and a plan that "
         "would is an error.",
         nullptr},
    Rule{"plan-spf-narrowing", Severity::warning, RuleNeeds::changes, "RFC 7208",
         "A plan takes the right to send from somebody.",
         "Guard spf-sender-removed of `plan` stops that and names who loses it.", nullptr},
    Rule{
        "plan-ttl-not-lowered", Severity::warning, RuleNeeds::history, "",
        "A record changes while resolvers hold the old one for long.",
        "Before a stage that changes a set, [cutover] lowers its TTL in time by itself; `timeline` "
        "prints when. A change that is no stage waits for nothing.",
        nullptr},
    Rule{"plan-unmanaged-drift", Severity::warning, RuleNeeds::changes, "",
         "A live record has changed since the plan was made.",
         "`apply` compares each set that it touches with the plan and refuses a plan that is stale "
         "(exit 5); guard drift stops what was changed outside.",
         nullptr},
};

}  // namespace

std::span<const Rule> life_cycle_rules() { return kRules; }

}  // namespace mxsmith::mail
