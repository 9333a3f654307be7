// Rules about DKIM: the table put together, and what the reader of records found.
#include <algorithm>

#include "base/text.hpp"
#include "mail/rules/dkim_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

/// Names below _domainkey that hold something else than keys: signing practices (RFC 5617 section
/// 4, historic) and addresses for reports (RFC 6651 section 4).
bool holds_no_key(std::string_view selector) {
  return selector == "_adsp" || selector == "_report";
}

/// Neither v= nor p=: some other text that was put at a selector.
bool is_foreign(const DkimReading& reading) {
  return reading.findings.find("dkim-p-missing") != nullptr &&
         reading.findings.find("dkim-no-version") != nullptr;
}

/// Whether the domain has another key that is for mail.
bool another_serves_mail(const MailZone& zone, const DkimPlace& place) {
  return std::any_of(zone.dkim.begin(), zone.dkim.end(), [&](const DkimPlace& other) {
    return other.domain == place.domain && other.at.set != place.at.set &&
           !other.reading.value.revoked() && other.reading.value.serves_mail();
  });
}

/// What a finding counts for here, where that is not what it counts for by itself.
Severity severity_of(const Judged& judged, const DkimPlace& place, const Finding& finding) {
  if (finding.rule == "dkim-revoked" && place.domain == judged.zone.apex()) {
    const DeclaredSelector* declared = judged.declared.selector(place.selector);
    const bool in_use = declared != nullptr && declared->state != SelectorState::revoked;
    return in_use ? Severity::warning : finding.severity;
  }
  const bool for_reports =
      finding.rule == "dkim-service-type" && another_serves_mail(judged.zone, place);
  return for_reports ? Severity::info : finding.severity;
}

}  // namespace

void judge_dkim_records(Judged& judged) {
  for (const DkimPlace& place : judged.zone.dkim) {
    const Findings& findings = place.reading.findings;
    if (findings.empty()) continue;
    const bool other = holds_no_key(place.selector);
    const bool foreign = !other && is_foreign(place.reading);
    for (const Finding& finding : findings.all()) {
      if (other || foreign) {
        // Of what is no key record only that is told, and what is odd about its text.
        const bool wanted = foreign && finding.rule == "dkim-p-missing";
        if (!wanted && finding.rule.substr(0, 4) != "txt-") continue;
      }
      judged.tell(finding.rule, Subject::of(place.at, finding.at), finding.message, finding.hint,
                  severity_of(judged, place, finding));
    }
  }
}

bool SelectorSite::may_verify() const {
  if (record == nullptr) return true;
  return !record->reading.value.revoked() && record->reading.value.serves_mail();
}

std::vector<SelectorSite> selector_sites(const MailZone& zone) {
  std::vector<SelectorSite> sites;
  sites.reserve(zone.dkim.size() + zone.aliases.size());
  for (const DkimPlace& place : zone.dkim) {
    if (holds_no_key(place.selector)) continue;
    sites.push_back({place.selector, place.domain, place.at.set, &place});
  }
  for (const AliasPlace& alias : zone.aliases) {
    const auto labels = alias.set->name.labels();
    const auto keys = std::find(labels.begin(), labels.end(), "_domainkey");
    if (keys == labels.begin() || keys == labels.end()) continue;
    dns::Name domain = alias.set->name;
    for (auto label = labels.begin(); label != keys + 1; ++label) domain = domain.parent();
    const std::vector<std::string> before(labels.begin(), keys);
    sites.push_back({base::join(before, "."), std::move(domain), alias.set, nullptr});
  }
  std::stable_sort(sites.begin(), sites.end(), [](const SelectorSite& a, const SelectorSite& b) {
    return a.domain < b.domain;
  });
  return sites;
}

std::span<const Rule> dkim_rules() {
  static const std::vector<Rule> kAll = [] {
    std::vector<Rule> rules;
    for (const auto group :
         {dkim_tag_rules(), dkim_key_rules(), dkim_selector_rules(), dkim_domain_rules()}) {
      rules.insert(rules.end(), group.begin(), group.end());
    }
    return rules;
  }();
  return kAll;
}

}  // namespace mxsmith::mail
