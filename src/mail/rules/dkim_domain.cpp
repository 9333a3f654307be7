// Rules about the DKIM keys of a domain as a whole.
#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "mail/rules/dkim_rows.hpp"
#include "mail/rules/mail_use.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

/// Two services and a rotation need about six.
constexpr std::size_t kManyKeys = 10;

void judge_missing(Judged& judged) {
  if (!sends_mail(judged) || has_signing_key(judged)) return;
  const Subject subject = Subject::missing(below(judged.zone.apex(), "_domainkey"), dns::Type::TXT);
  if (!judged.whole()) {
    judged.not_checked("dkim-none", subject,
                       "no key is declared, and whether one is live was not looked up");
    return;
  }
  judged.tell("dkim-none", subject,
              judged.zone.apex().display() + " sends mail, and no DKIM key is published",
              "make one with `mxsmith dkim new`, or take it from the service that sends");
}

/// What the domains' keys are: first and last of one domain in a list that is in order of domains.
using Sites = std::vector<SelectorSite>;
using SiteRange = std::span<const SelectorSite>;

bool is_active(const Judged& judged, const SelectorSite& site) {
  if (!site.may_verify()) return false;
  const DeclaredSelector* declared =
      site.domain == judged.zone.apex() ? judged.declared.selector(site.selector) : nullptr;
  return declared == nullptr || declared->state == SelectorState::active;
}

void judge_kinds(Judged& judged, SiteRange sites) {
  const SelectorSite* found = nullptr;
  for (const SelectorSite& site : sites) {
    if (!is_active(judged, site)) continue;
    // What kind of key stands behind an alias is the service's affair.
    if (site.record == nullptr) return;
    if (!base::equals_ignoring_case(site.record->reading.value.algorithm, "ed25519")) return;
    found = &site;
  }
  if (found == nullptr) return;
  judged.tell("dkim-ed25519-only", Subject::of(found->record->at),
              "all keys of " + found->domain.display() + " are Ed25519",
              "sign with an RSA key of 2048 bits as well");
}

bool has_keys(const Sites& sites, const dns::Name& domain) {
  const auto found = std::lower_bound(
      sites.begin(), sites.end(), domain,
      [](const SelectorSite& site, const dns::Name& name) { return site.domain < name; });
  return found != sites.end() && found->domain == domain;
}

/// The first name below a domain that sends mail and has no keys, nor has one between them.
const dns::Name* unsigned_subdomain(const Judged& judged, const dns::Name& domain,
                                    const Sites& sites) {
  // RFC 4034 section 6.1: names below one follow it directly.
  const auto& spf = judged.zone.spf;
  auto at = std::upper_bound(
      spf.begin(), spf.end(), domain,
      [](const dns::Name& name, const SpfPlace& place) { return name < place.domain(); });
  for (; at != spf.end() && at->domain().is_at_or_below(domain); ++at) {
    const bool sends = !at->record || lets_anybody_send(*at->record);
    if (!sends || at->domain().is_wildcard()) continue;
    dns::Name with_keys = at->domain();
    while (with_keys != domain && !has_keys(sites, with_keys)) with_keys = with_keys.parent();
    if (with_keys == domain) return &at->domain();
  }
  return nullptr;
}

void judge_exact_domain(Judged& judged, const SelectorSite& site, const Sites& sites) {
  if (site.record == nullptr || !site.record->reading.value.exact_domain || !site.may_verify()) {
    return;
  }
  const dns::Name* subdomain = unsigned_subdomain(judged, site.domain, sites);
  if (subdomain == nullptr) return;
  judged.tell("dkim-flag-s", Subject::of(site.record->at),
              "t=s: this key signs nothing as " + subdomain->display() +
                  ", which sends mail and has no key of its own");
}

/// Records of the declared services, by name: what they publish is not left over.
bool belongs_to_service(const Judged& judged, const SelectorSite& site) {
  return std::any_of(
      judged.declared.services.begin(), judged.declared.services.end(),
      [&](const DeclaredService& declared) {
        const Service* service = judged.services.find(declared.id);
        if (service == nullptr) return true;
        const auto filled = fill_service(*service, judged.zone.apex(), declared.fields);
        return std::any_of(
            filled.records.records.begin(), filled.records.records.end(),
            [&](const ServiceRecords::Record& one) { return one.name == site.set->name; });
      });
}

void judge_count(Judged& judged, SiteRange sites) {
  std::size_t active = 0;
  const Declared& declared = judged.declared;
  const bool says_who_signs = !declared.selectors.empty() || !declared.services.empty();
  for (const SelectorSite& site : sites) {
    if (!site.may_verify()) continue;
    ++active;
    const bool at_apex = site.domain == judged.zone.apex();
    if (!says_who_signs || !at_apex || declared.selector(site.selector) != nullptr) continue;
    if (belongs_to_service(judged, site)) continue;
    judged.tell("dkim-selector-count", Subject::of(site.set->key()),
                "the spec names nobody who signs with \"" + site.selector + "\"",
                "declare it, or revoke it if its service is no longer used");
  }
  if (active <= kManyKeys) return;
  judged.tell("dkim-selector-count", Subject::of(sites.front().set->key()),
              base::counted(active, "key") + " can sign mail as " + sites.front().domain.display(),
              "revoke those that nobody signs with any more");
}

/// Services that give all their customers one key do so on purpose.
bool is_shared_on_purpose(const Judged& judged, const SelectorSite& site) {
  const DeclaredSelector* declared = judged.declared.selector(site.selector);
  if (declared != nullptr && !declared->signer.empty()) {
    const Service* signer = judged.services.find(declared->signer);
    if (signer != nullptr) return signer->shared_key;
  }
  const std::string name = site.selector + "._domainkey";
  const auto all = judged.services.all();
  return std::any_of(all.begin(), all.end(), [&](const Service& service) {
    if (!service.shared_key) return false;
    // Names that others use as well ("s1") mean the service only where it is declared.
    const bool is_declared = judged.declared.service(service.id) != nullptr;
    return std::any_of(service.dkim.begin(), service.dkim.end(), [&](const ServiceRecord& one) {
      return one.name == name && (one.telling || is_declared);
    });
  });
}

void judge_shared(Judged& judged, const Sites& sites) {
  if (sites.size() < 2) return;
  std::unordered_map<std::string_view, const SelectorSite*> known;
  for (const SelectorSite& site : sites) {
    if (site.record == nullptr || !site.record->reading.key) continue;
    const auto [found, is_new] = known.try_emplace(site.record->reading.key->digest, &site);
    const SelectorSite& first = *found->second;
    // Several records at one name are another rule's affair.
    if (is_new || first.set == site.set || is_shared_on_purpose(judged, site)) continue;
    judged.tell("dkim-shared-key", Subject::of(site.record->at),
                "the same key as at " + first.set->name.display(),
                site.domain == first.domain
                    ? "a rotation needs a new pair of keys: mxsmith dkim new"
                    : "a key of its own for each domain limits what a lost one can do");
  }
}

void judge_keys_together(Judged& judged) {
  const Sites sites = selector_sites(judged.zone);
  for (auto first = sites.begin(); first != sites.end();) {
    const auto last = std::find_if(
        first, sites.end(), [&](const SelectorSite& site) { return site.domain != first->domain; });
    const SiteRange range(first, last);
    judge_kinds(judged, range);
    judge_count(judged, range);
    for (const SelectorSite& site : range) judge_exact_domain(judged, site, sites);
    first = last;
  }
  judge_shared(judged, sites);
}

constexpr std::string_view kEd25519 =
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"";
constexpr std::string_view kBoth =
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\n"
    "s2._domainkey TXT \"v=DKIM1; k=rsa; "
    "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuhBH4ou4d+sbUEwQCdW4Fsb/g1Bjo51mVFceRCmT7siz\" "
    "\"Lth33GrTcJ32MRDVofyUNR5sS+ZjtzzTGYukKcOjzdvNHdiFEkgMuc0g74rWuFM5kn+N7FYIxVEi6x3pQ4RHLbcH\" "
    "\"Tg45EEub2xSjhEJrsOszrNNZwxS1omS8cyCf/Idte0jDILmc8pFvrC94WIEsTYohe4qyYW8TXf5D11MZjXNXCCfE\" "
    "\"pm4y/A1HnBKw0KravEFF84nOR79s3S2azBuLxKsI/0bIuUvu1/ia5KbSb55hqgHmrVTQGEGgAne4t5GPn5Y6bHs1\" "
    "\"ykSV/GukjdvnAAGPkrPQkhFcXDzl8bHVBwIDAQAB\"";

constexpr Rule kRows[] = {
    {"dkim-none", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 5.1.2",
     "The domain sends mail and publishes no DKIM key.",
     "SPF breaks when mail is forwarded, so without DKIM part of the mail fails DMARC, and large "
     "receivers turn it away. Have every system that sends sign, and publish its key.",
     judge_missing, "@ MX 10 mx1\nmx1 A 192.0.2.1\n@ TXT \"v=spf1 mx -all\"",
     "@ MX 10 mx1\nmx1 A 192.0.2.1\n@ TXT \"v=spf1 mx -all\"\ns1._domainkey TXT "
     "\"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dkim-ed25519-only", Severity::warning, RuleNeeds::nothing, "RFC 8463 section 6",
     "All DKIM keys of a domain are Ed25519.",
     "Many verifiers know RSA only and take such mail as not signed. Sign every message twice, "
     "once with an RSA key of 2048 bits.",
     judge_keys_together, kEd25519, kBoth},
    {"dkim-shared-key", Severity::warning, RuleNeeds::nothing, "RFC 6376 section 3.1",
     "One DKIM key stands at several selectors or domains of a zone.",
     "Two selectors with one key are no rotation, and a key that is lost is lost for all of them. "
     "Make a pair of keys for each; services that give all customers one key are left out.",
     judge_keys_together,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\n"
     "s2._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kBoth},
    {"dkim-flag-s", Severity::info, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "A key with t=s stands where subdomains send mail without keys of their own.",
     "With t=s the signer's address must be in the very same domain, so mail of a subdomain cannot "
     "be signed as coming from there. Drop s from t=, or give the subdomain its own key.",
     judge_keys_together,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; t=s; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\nnews TXT \"v=spf1 mx -all\"",
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; t=s; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\nnews TXT \"v=spf1 -all\""},
    {"dkim-selector-count", Severity::info, RuleNeeds::nothing, "",
     "A key is published that no service of the spec signs with, or very many are.",
     "A key of a service that was left still lets that service sign mail as this domain. Revoke "
     "what nobody uses; a domain with two services and a rotation under way has about six.",
     judge_keys_together,
     ";selector s1 active\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\n"
     "old._domainkey TXT \"v=DKIM1; k=ed25519; p=z6L9jz0XqG9d3Prpyk7b37c1TrHqru/nfB4OJrlCkdE=\"",
     ";selector s1 active\n"
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"\n"
     "old._domainkey TXT \"v=DKIM1; p=\""},
    {"dkim-age", Severity::info, RuleNeeds::history, "",
     "A DKIM key has been in use for very long.",
     "A check does not know when a key was published; `mxsmith history ZONE` does, and `mxsmith "
     "timeline ZONE` shows when the next one is due by the spec. Rotate about twice a year."},
};

}  // namespace

std::span<const Rule> dkim_domain_rules() { return kRows; }

}  // namespace mxsmith::mail
