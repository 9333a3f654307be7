// Rules about where DKIM keys stand: selectors, several records at one, aliases to somebody else's.
#include <algorithm>

#include "base/text.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/dkim_rows.hpp"
#include "mail/rules/mail_use.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A label of a selector (RFC 6376 section 3.1, sub-domain of RFC 5321 section 4.1.2); with
/// underscores too, which signers and verifiers take in practice.
bool is_selector_label(std::string_view label) {
  const auto is_sign = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; };
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), is_sign);
}

void judge_selector(Judged& judged, const SelectorSite& site) {
  const auto labels = base::split(site.selector, '.');
  const bool good = std::all_of(labels.begin(), labels.end(), is_selector_label);
  if (!good) {
    judged.tell("dkim-selector-name", Subject::of(site.set->key()),
                "\"" + site.selector + "\" is no selector",
                "use letters, digits and hyphens, as in s2026a", Severity::error);
  } else if (site.selector.find('_') != std::string::npos) {
    judged.tell("dkim-selector-name", Subject::of(site.set->key()),
                "the selector \"" + site.selector + "\" has an underscore",
                "use letters, digits and hyphens for the next one");
  }
}

/// Names where keys stand: what can be said without their records.
void judge_selectors(Judged& judged) {
  const dns::RRset* last = nullptr;
  for (const SelectorSite& site : selector_sites(judged.zone)) {
    if (site.set == last) continue;
    last = site.set;
    const Subject subject = Subject::of(site.set->key());
    if (site.set->name.is_wildcard()) {
      // A domain that sends no mail may revoke every selector at once.
      if (site.record != nullptr && site.record->reading.value.revoked()) continue;
      judged.tell("dkim-wildcard", subject,
                  "a wildcard answers for every selector of " + site.domain.display(),
                  "publish each key at its own selector");
    } else {
      judge_selector(judged, site);
    }
    if (site.record == nullptr) continue;
    if (site.set->values.size() > 1) {
      judged.tell("dkim-multiple", subject,
                  base::counted(site.set->values.size(), "TXT record") + " at one selector",
                  "keep the one that the signer uses");
    }
    if (judged.zone.sets().find(site.set->name, dns::Type::CNAME) != nullptr) {
      judged.tell("dkim-cname-and-txt", subject, "a CNAME stands beside the TXT record",
                  "keep the one that the signer's instructions name");
    }
  }
}

/// Records that mean to be keys, where no verifier looks.
void judge_owner_names(Judged& judged) {
  for (const TxtPlace& place : judged.zone.txt) {
    if (place.octets.substr(0, 7) != "v=DKIM1") continue;
    const auto labels = place.set->name.labels();
    const auto keys = std::count(labels.begin(), labels.end(), "_domainkey");
    if (keys == 1 && labels.front() != "_domainkey") continue;
    std::string message = place.set->name.display() + " is no name that verifiers ask for a key";
    if (keys > 1) message = "_domainkey stands twice in " + place.set->name.display();
    if (keys == 1) message = "there is no selector in front of _domainkey";
    judged.tell("dkim-owner-name", Subject::of(place), std::move(message),
                "keys stand at SELECTOR._domainkey.DOMAIN");
  }
}

/// The key that an alias leads to: its owner has to mend it, this domain's mail suffers.
void judge_key_behind(Judged& judged, const Subject& subject, const FollowedAlias& followed) {
  bool is_key = false;
  for (const dns::Rdata& value : followed.answer.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr || !parse_dkim(txt->octets)) continue;
    is_key = true;
    const DkimReading reading = read_dkim(txt->octets, judged.keys);
    for (const Finding& finding : reading.findings.all()) {
      if (finding.severity == Severity::info) continue;
      judged.tell(finding.rule, subject, followed.last.display() + ": " + finding.message,
                  "have the service that publishes the key mend it", finding.severity);
    }
  }
  if (is_key) return;
  judged.tell("dkim-cname-dangling", subject, followed.last.display() + " holds no DKIM key",
              "ask the service for the name it publishes your key at");
}

void judge_alias(Judged& judged, const AliasPlace& alias) {
  const Subject subject = Subject::of(alias.set->key());
  const auto followed = follow_alias(alias, dns::Type::TXT, judged.resolver);
  switch (followed.end) {
    case AliasEnd::records: judge_key_behind(judged, subject, followed); return;
    case AliasEnd::unregistered:
      judged.tell("dkim-cname-takeover", subject,
                  "nobody has registered " + followed.domain.display() +
                      ": whoever does can sign mail as this domain",
                  "remove the CNAME at once");
      [[fallthrough]];
    case AliasEnd::nothing:
    case AliasEnd::no_name:
    case AliasEnd::loop:
      judged.tell("dkim-cname-dangling", subject, "the alias leads nowhere: " + followed.trouble,
                  "remove the CNAME, or have the service set the key up again");
      return;
    case AliasEnd::unknown:
      judged.not_checked("dkim-cname-dangling", subject,
                         "the key behind " + alias.target.display() + " was not looked up");
      judged.not_checked("dkim-cname-takeover", subject,
                         "whether " + alias.target.display() + " exists was not looked up");
  }
}

void judge_aliases(Judged& judged) {
  for (const AliasPlace& alias : judged.zone.aliases) {
    const auto labels = alias.set->name.labels();
    const bool at_selector = std::find(labels.begin(), labels.end(), "_domainkey") != labels.end();
    if (at_selector && !alias.set->name.is_wildcard()) judge_alias(judged, alias);
  }
}

constexpr std::string_view kGood =
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"";
constexpr std::string_view kGoodAlias =
    "s1._domainkey CNAME s1.dkim.mail.example.\n"
    "s1.dkim.mail.example. TXT "
    "\"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"";

constexpr Rule kRows[] = {
    {"dkim-selector-name", Severity::warning, RuleNeeds::nothing, "RFC 6376 section 3.1",
     "A DKIM selector has signs that selectors do not have.",
     "A selector is made of letters, digits and hyphens, with dots between its labels. Underscores "
     "mostly work, though some signers and providers refuse them; with any other sign no verifier "
     "can ask for the key, which is an error.",
     judge_selectors,
     "my_key._domainkey TXT \"v=DKIM1; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-owner-name", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.2.1",
     "A DKIM key stands at a name where no verifier looks.",
     "Verifiers ask for SELECTOR._domainkey.DOMAIN and nothing else: signatures with this key do "
     "not verify. Move the record to that name; some providers' forms add the domain by "
     "themselves.",
     judge_owner_names,
     "s1.domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-multiple", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.2.2",
     "Several TXT records stand at one DKIM selector.",
     "What verifiers do then is not defined: many take any one of them, so signatures verify at "
     "random. Keep one; a second key gets a selector of its own.",
     judge_selectors,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=z6L9jz0XqG9d3Prpyk7b37c1TrHqru/nfB4OJrlCkdE=\"",
     kGood},
    {"dkim-cname-and-txt", Severity::error, RuleNeeds::nothing, "RFC 1034 section 3.6.2",
     "A CNAME and a TXT record stand at one DKIM selector.",
     "Nothing else may stand beside a CNAME: servers refuse the zone or serve either of the two. "
     "Keep the one that the signer's instructions name.",
     judge_selectors,
     "s1._domainkey CNAME s1.dkim.mail.example.\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-cname-dangling", Severity::error, RuleNeeds::lookups, "RFC 6376 section 3.6.2.2",
     "A DKIM selector is an alias for a name that holds no key.",
     "Signatures with that selector do not verify. The account at the service may be closed: then "
     "remove the CNAME; otherwise have the service publish its key again.",
     judge_aliases, "s1._domainkey CNAME s1.dkim.mail.example.\nmail.example. A 192.0.2.1",
     kGoodAlias},
    {"dkim-cname-takeover", Severity::error, RuleNeeds::lookups, "",
     "A DKIM selector is an alias into a domain that nobody has registered.",
     "Whoever registers that domain publishes a key there and signs mail as yours, and DMARC lets "
     "it through. Remove the CNAME at once.",
     judge_aliases, "s1._domainkey CNAME s1.dkim.gone.example.\nother.example. A 192.0.2.1",
     kGoodAlias},
    {"dkim-wildcard", Severity::warning, RuleNeeds::nothing, "RFC 4592 section 2.1.1",
     "A wildcard stands below _domainkey.",
     "It answers for every selector that anybody makes up, so a selector that was removed still "
     "has a key. Publish each key at its own selector. A wildcard with an empty p= is fine: so a "
     "domain without mail revokes them all.",
     judge_selectors,
     "*._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-live-match", Severity::error, RuleNeeds::lookups, "RFC 6376 section 3.6.1",
     "The key that name servers give out is not the one of the spec.",
     "Providers have been seen to drop a part of long records. `mxsmith verify` compares what is "
     "live with what was applied; `mxsmith plan` shows the difference and puts it right."},
};

}  // namespace

std::span<const Rule> dkim_selector_rules() { return kRows; }

}  // namespace mxsmith::mail
