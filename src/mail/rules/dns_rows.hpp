// The parts of the rules about DNS itself. Private to src/mail/rules/dns*.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// What is to be said of a name's spelling: dns-idn, dns-idn-invalid-ace, dns-idn-confusable.
void judge_spelling(Judged& judged, const dns::Key& key, const dns::Name& name);

/// What hides other records, or is hidden: wildcards, delegations, DNAMEs.
void judge_shadows(Judged& judged);

/// Mixed scripts that UTS 39 calls confusable: "Latin and Cyrillic"; empty for all others.
std::string mixed_scripts(std::string_view utf8_label);

}  // namespace mxsmith::mail
