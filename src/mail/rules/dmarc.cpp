// Rules about DMARC: the table put together, and what the reader of records found.
#include <iterator>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/dmarc_rows.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

bool is_dmarc_name(const dns::Name& name) {
  constexpr std::string_view kLabel("\6_dmarc", 7);
  return name.wire().substr(0, kLabel.size()) == kLabel;
}

/// Whether a text that is no DMARC record means to be one: the word is there, or a policy.
bool means_dmarc(std::string_view octets) {
  if (base::to_lower(octets).find("dmarc") != std::string::npos) return true;
  const TagList tags = parse_tag_list(octets);
  const Tag* policy = tags.find_ignoring_case("p");
  return policy != nullptr && parse_action(policy->value).has_value();
}

}  // namespace

void judge_dmarc_records(Judged& judged) {
  for (const DmarcPlace& place : judged.zone.dmarc) {
    for (const Finding& finding : place.reading.findings.all()) {
      // Where no mail is sent, few reports would tell anything.
      const bool mild = judged.declared.no_mail && finding.rule == "dmarc-no-rua";
      judged.tell(finding.rule, Subject::of(place.at, finding.at), finding.message, finding.hint,
                  mild ? base::Severity::info : finding.severity);
    }
  }
  // Records that were read stand among all texts in the same order.
  auto next = judged.zone.dmarc.begin();
  for (const TxtPlace& place : judged.zone.txt) {
    if (!is_dmarc_name(place.set->name)) continue;
    if (next != judged.zone.dmarc.end() && next->at.set == place.set &&
        next->at.value == place.value) {
      ++next;
      continue;
    }
    const bool meant = means_dmarc(place.octets);
    const auto reading = read_dmarc(place.octets);
    for (const Finding& finding : reading.findings.all()) {
      if (meant || finding.rule != "dmarc-version") judged.tell(place, finding);
    }
  }
}

const DmarcRecord* usable(const MailZone& zone, const DmarcPlace& place) {
  const Findings& findings = place.reading.findings;
  const bool ignored =
      findings.find("dmarc-version") != nullptr || findings.find("dmarc-dup-tag") != nullptr;
  if (ignored) return nullptr;
  // Records of one name stand together.
  const auto rivals = [&](auto first, auto last) {
    for (; first != last && first->at.set == place.at.set; ++first) {
      if (is_dmarc(first->at.octets)) return true;
    }
    return false;
  };
  const auto at = zone.dmarc.begin() + (&place - zone.dmarc.data());
  const bool alone = !rivals(at + 1, zone.dmarc.end()) &&
                     !rivals(std::make_reverse_iterator(at), zone.dmarc.rend());
  return alone ? &place.reading.value : nullptr;
}

std::span<const Rule> dmarc_rules() {
  static const std::vector<Rule> kAll = [] {
    std::vector<Rule> rules;
    for (const auto group :
         {dmarc_tag_rules(), dmarc_walk_rules(), dmarc_report_rules(), dmarc_domain_rules()}) {
      rules.insert(rules.end(), group.begin(), group.end());
    }
    return rules;
  }();
  return kAll;
}

}  // namespace mxsmith::mail
