// Between the files of DMARC's rules. Private to src/mail/rules/dmarc*.cpp.
#pragma once

#include <span>

#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dmarc_tag_rules();     ///< What a record says.
std::span<const Rule> dmarc_walk_rules();    ///< Which record holds for whom.
std::span<const Rule> dmarc_report_rules();  ///< Whether reports arrive.
std::span<const Rule> dmarc_domain_rules();  ///< DMARC beside SPF and DKIM.

/// Tells what the reader of every record found: one function for all rules about tags.
void judge_dmarc_records(Judged& judged);

/// The record of a place in `zone.dmarc` that receivers can use: alone at its name, and readable.
/// Null otherwise.
const DmarcRecord* usable(const MailZone& zone, const DmarcPlace& place);

}  // namespace mxsmith::mail
