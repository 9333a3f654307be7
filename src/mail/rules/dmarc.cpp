// Rules about DMARC: the table put together, and what the reader of records found.
#include <algorithm>

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
  for (const DmarcPlace& place : judged.zone.dmarc) judged.tell(place.at, place.reading.findings);
  for (const TxtPlace& place : judged.zone.txt) {
    if (!is_dmarc_name(place.set->name)) continue;
    const auto& known = judged.zone.dmarc;
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const DmarcPlace& one) {
      return one.at.set == place.set && one.at.value == place.value;
    });
    if (is_known) continue;
    const bool meant = means_dmarc(place.octets);
    const auto reading = read_dmarc(place.octets);
    for (const Finding& finding : reading.findings.all()) {
      if (meant || finding.rule != "dmarc-version") judged.tell(place, finding);
    }
  }
}

const DmarcRecord* usable(const MailZone& zone, const DmarcPlace& place) {
  const DmarcRecord* record = zone.usable_dmarc(place.domain);
  return record == &place.reading.value ? record : nullptr;
}

std::span<const Rule> dmarc_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> rules;
    for (const auto group :
         {dmarc_tag_rules(), dmarc_walk_rules(), dmarc_report_rules(), dmarc_domain_rules()}) {
      rules.insert(rules.end(), group.begin(), group.end());
    }
    return rules;
  }();
  return all;
}

}  // namespace mxsmith::mail
