// Rules about BIMI records (draft-brand-indicators-for-message-identification).
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mail/dmarc_discovery.hpp"
#include "mail/rule.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

bool is_second(const std::vector<BimiPlace>& places, std::size_t i) {
  if (!is_bimi(places[i].at.octets)) return false;
  for (std::size_t before = i; before-- > 0 && places[before].at.set == places[i].at.set;) {
    if (is_bimi(places[before].at.octets)) return true;
  }
  return false;
}

void judge_records(Judged& judged) {
  const auto& places = judged.zone.bimi;
  for (std::size_t i = 0; i < places.size(); ++i) {
    judged.tell(places[i].at, places[i].reading.findings);
    if (!is_second(places, i)) continue;
    judged.tell("bimi-multiple", Subject::of(places[i].at),
                "a second v=BIMI1 record: receivers show no logo", "keep one of them");
  }
}

/// Why receivers show no logo under that record, or nothing.
std::optional<std::string> weakness_of(const DmarcRecord& record, bool is_own) {
  const auto policy = effective_policy(record);
  if (!policy) return "the DMARC record is not applied";
  const DmarcAction action = is_own ? policy->domain : policy->subdomains;
  if (action == DmarcAction::none) {
    return record.testing.value_or(false) ? "DMARC is only tested (t=y)"
                                          : "the DMARC policy is none";
  }
  if (is_own && policy->subdomains == DmarcAction::none) {
    return "the DMARC policy for subdomains is none";
  }
  if (action == DmarcAction::quarantine && record.percent.value_or(100) < 100) {
    return "DMARC holds for only " + std::to_string(*record.percent) + " % (pct=)";
  }
  return {};
}

void judge_dmarc(Judged& judged) {
  for (const BimiPlace& place : judged.zone.bimi) {
    if (place.reading.findings.has_errors() || place.reading.value.declines()) continue;
    const DmarcDiscovery discovery = discover_dmarc(place.domain, judged.resolver);
    if (!discovery.record) {
      if (!discovery.complete) {
        judged.not_checked(
            "bimi-dmarc", Subject::of(place.at),
            "the DMARC record of " + place.domain.display() + " was not looked up everywhere");
      } else {
        judged.tell("bimi-dmarc", Subject::of(place.at), "the domain has no DMARC record");
      }
      continue;
    }
    const bool is_own = *discovery.policy_domain == place.domain;
    auto weak = weakness_of(*discovery.record, is_own);
    // The organization's own record has to be as strict.
    for (const DmarcStep& step : discovery.steps) {
      if (weak || !step.record || step.domain != discovery.organization) continue;
      weak = weakness_of(*step.record, true);
    }
    if (weak) {
      judged.tell("bimi-dmarc", Subject::of(place.at), *weak + ", so receivers show no logo",
                  "p=quarantine or p=reject, for subdomains too");
    }
  }
}

constexpr std::string_view kGood =
    "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem\"\n"
    "_dmarc TXT \"v=DMARC1; p=reject\"";

constexpr std::array kRules = {
    Rule{"bimi-avp-value", Severity::warning, RuleNeeds::nothing, "",
         "The record's avp= is neither brand nor personal.",
         "Receivers ignore it and take brand. Write one of the two words, or leave it out.",
         judge_records, "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg; avp=company\"",
         kGood},
    Rule{"bimi-decline", Severity::info, RuleNeeds::nothing, "",
         "The record asks that no logo be shown.",
         "That is what empty l= and a= mean. To have a logo shown, give its address.",
         judge_records, "default._bimi TXT \"v=BIMI1; l=; a=;\"", kGood},
    Rule{"bimi-dmarc", Severity::error, RuleNeeds::lookups, "",
         "The domain's DMARC policy is too weak for a logo to be shown.",
         "Receivers show logos only for domains, and for organizations, whose DMARC asks for "
         "quarantine or reject, subdomains included. First settle DMARC, then publish BIMI.",
         judge_dmarc,
         "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg\"\n"
         "_dmarc TXT \"v=DMARC1; p=none\"",
         kGood},
    Rule{"bimi-lps-value", Severity::warning, RuleNeeds::nothing, "",
         "The record's lps= is neither true nor false.",
         "Receivers ignore it. Write one of the two words.", judge_records,
         "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg; lps=yes\"", kGood},
    Rule{"bimi-multiple", Severity::error, RuleNeeds::nothing, "",
         "Several v=BIMI1 records stand at one name.",
         "Receivers cannot tell which one is meant and show no logo. Keep one.", judge_records,
         "default._bimi TXT \"v=BIMI1; l=https://example.com/a.svg\"\n"
         "default._bimi TXT \"v=BIMI1; l=https://example.com/b.svg\"",
         kGood},
    Rule{"bimi-no-vmc", Severity::info, RuleNeeds::nothing, "",
         "The record names no mark certificate.",
         "The large mailbox providers show a logo only with one; a= gives its address.",
         judge_records, "default._bimi TXT \"v=BIMI1; l=https://example.com/l.svg\"", kGood},
    Rule{
        "bimi-svg", Severity::warning, RuleNeeds::connection, "",
        "The logo is no SVG of the profile that BIMI asks for.",
        "Receivers do not show it. It has to be SVG Tiny PS, square, small and without scripts. No "
        "check of this program fetches it.",
        nullptr},
    Rule{"bimi-syntax", Severity::error, RuleNeeds::nothing, "",
         "The record cannot be read, or an address in it is not https.",
         "Receivers ignore it and show no logo. l= is the address of an SVG, a= that of the mark "
         "certificate.",
         judge_records, "default._bimi TXT \"v=BIMI1; l=http://example.com/l.svg\"", kGood},
    Rule{"bimi-version", Severity::error, RuleNeeds::nothing, "",
         "The record does not begin with v=BIMI1;.",
         "Receivers ignore it. The version stands first, in exactly these letters.", judge_records,
         "default._bimi TXT \"v=BIMI1, l=https://example.com/l.svg\"", kGood},
    Rule{"bimi-vmc", Severity::warning, RuleNeeds::connection, "",
         "The mark certificate is not valid for the domain or the logo.",
         "Receivers show no logo. No check of this program fetches it; its authority has a test.",
         nullptr},
};

}  // namespace

std::span<const Rule> bimi_rules() { return kRules; }

}  // namespace mxsmith::mail
