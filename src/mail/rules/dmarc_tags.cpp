// Rules about the tags of DMARC records.
#include "mail/rules/dmarc_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

constexpr std::string_view kGood = "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"";

constexpr Rule kRows[] = {
    {"dmarc-tag-syntax", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "A DMARC record is not a list of tags.",
     "Tags are NAME=VALUE with semicolons between them. Receivers drop what they cannot read and "
     "take defaults for it, which may be another policy than you meant. Several report addresses "
     "are separated by commas.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com; mailto:e@example.com\"", kGood},
    {"dmarc-dup-tag", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.2",
     "A tag stands twice in a DMARC record.",
     "Which of the two counts is not defined, and receivers may ignore the record as a whole. Keep "
     "the one that is meant.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=none; p=reject; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-unknown-tag", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A DMARC record has a tag that DMARC does not know.",
     "Receivers ignore it. It may be a slip of the keyboard for one that you meant: correct it or "
     "drop it.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; spp=none; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-removed-tag", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A DMARC record has pct=, rf= or ri=, which are no longer part of DMARC.",
     "Receivers of today ignore them, older ones still obey. For pct=0 there is t=y now; drop the "
     "others, so that all receivers do the same.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; pct=50; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-pct-zero", Severity::error, RuleNeeds::nothing, "RFC 9989 appendix A.6",
     "A policy that enforces has pct=0 beside it.",
     "Older receivers enforce nothing then, those of today enforce in full: one record, two "
     "opposite meanings. Write t=y instead of pct=0, or p=none.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; pct=0; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-p-missing", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.10.1",
     "A DMARC record has no p=.",
     "With an address for reports it counts as p=none, without one there is no DMARC at all, which "
     "is an error; older receivers ignore the record either way. Write p= directly behind "
     "v=DMARC1.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; sp=reject; rua=mailto:d@example.com\"", kGood},
    {"dmarc-p-value", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.10.1",
     "The p= of a DMARC record is no policy.",
     "The word for the domain is wrong, and with it the whole record counts as p=none, or for "
     "nothing where no reports are asked for. The words are none, quarantine and reject.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=rejct; rua=mailto:d@example.com\"", kGood},
    {"dmarc-sp-value", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.10.1",
     "The sp= of a DMARC record is no policy.",
     "The word for subdomains is wrong, and with it the whole record counts as p=none, or for "
     "nothing where no reports are asked for. The words are none, quarantine and reject.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; sp=all; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-np-value", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.10.1",
     "The np= of a DMARC record is no policy.",
     "The word for names that do not exist is wrong, and with it the whole record counts as "
     "p=none, or for nothing where no reports are asked for. The words are none, quarantine and "
     "reject.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; np=yes; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-whitespace-style", Severity::info, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "White space stands around \"=\" or before \";\" in a DMARC record.",
     "It is legal, and some tools stumble over it. Write NAME=VALUE; with one space behind each "
     "semicolon.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p = reject; rua=mailto:d@example.com\"", kGood},
    {"dmarc-case-style", Severity::info, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "Capital letters stand in a name or a word of a DMARC record.",
     "Receivers do not mind, except in v=DMARC1. Write them small, as everybody does.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=Reject; rua=mailto:d@example.com\"", kGood},
    {"dmarc-p-order", Severity::info, RuleNeeds::nothing, "RFC 7489 section 6.4",
     "The p= of a DMARC record does not stand directly behind v=DMARC1.",
     "Receivers of today do not mind; some that follow RFC 7489 ignore the record. Put p= second.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; sp=reject; p=reject; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-policy-none", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The DMARC policy is none: nothing is done with forged mail.",
     "This is how to begin, while reports show who sends in your name. Once all your own mail "
     "passes, go on to quarantine and then to reject.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"", kGood},
    {"dmarc-sp-weaker", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "Subdomains are protected less than the domain: sp= asks for less than p=.",
     "Forgers then use any subdomain, made up or not. Drop sp=, so that p= holds for subdomains "
     "too, or give those that need it a record of their own.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; sp=reject; rua=mailto:d@example.com\""},
    {"dmarc-np-weaker", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "Names that do not exist are protected less than those that do.",
     "Nobody sends real mail from names that do not exist, so np=reject costs nothing and stops "
     "forgers. Write np=reject or drop np=.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; np=none; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=none; np=reject; rua=mailto:d@example.com\""},
    {"dmarc-psd-present", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.10.2",
     "A record with psd=n makes its name an organization of its own.",
     "The name and all below it are no longer aligned with the parent: mail signed by the parent "
     "domain fails DMARC there. Keep it only if that separation is meant.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; psd=n; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-psd-y", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A record with psd=y says that others register domains below this one.",
     "Then each name below counts as an organization of its own, and nothing of this domain is "
     "aligned with them. Only operators of public suffixes publish it: drop it.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; psd=y; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-psd-value", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The psd= of a DMARC record is neither y, n nor u.",
     "Receivers ignore it and find out by themselves where the organization ends, as they do "
     "without it. Drop it.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; psd=no; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; psd=u; rua=mailto:d@example.com\""},
    {"dmarc-t-value", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The t= of a DMARC record is neither y nor n.",
     "Receivers ignore it, so the policy is enforced in full even if a test was meant. Write t=y "
     "for a test, or drop t=.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; t=yes; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; t=n; rua=mailto:d@example.com\""},
    {"dmarc-test-mode", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The DMARC record is in test mode: t=y takes one level off each policy.",
     "reject counts as quarantine, quarantine as none. It is a good rehearsal before a stricter "
     "policy; drop t=y when reports show no trouble.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; t=y; rua=mailto:d@example.com\"",
     kGood},
    {"dmarc-align-value", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The adkim= or aspf= of a DMARC record is neither r nor s.",
     "Receivers ignore it and take the relaxed mode, in which domains of one organization count as "
     "the same. Write s if the strict one is meant, or drop the tag.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; adkim=strict; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; adkim=s; aspf=r; rua=mailto:d@example.com\""},
    {"dmarc-no-rua", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A DMARC record asks for no aggregate reports.",
     "Without rua= receivers send none, and nobody sees whose mail fails before customers "
     "complain. Add rua=mailto: with an address that somebody, or some service, reads.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject\"", kGood},
    {"dmarc-rua-uri", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "An address in rua= of a DMARC record is no URI.",
     "No aggregate reports go there. Write mailto:NAME@DOMAIN, commas between several, and %2C or "
     "%21 for a comma or an exclamation mark within one.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; rua=d@example.com\"", kGood},
    {"dmarc-ruf-uri", Severity::error, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "An address in ruf= of a DMARC record is no URI.",
     "No failure reports go there. Write mailto:NAME@DOMAIN, commas between several, and %2C or "
     "%21 for a comma or an exclamation mark within one.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; ruf=d@example.com; rua=mailto:d@example.com\"", kGood},
    {"dmarc-rua-scheme", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "Reports are to go to something else than a mail address.",
     "Receivers need not know any scheme but mailto:, and most know no other. Add a mailto: "
     "address.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; rua=https://reports.example.com/dmarc\"", kGood},
    {"dmarc-rua-many", Severity::warning, RuleNeeds::nothing, "RFC 7489 section 6.2",
     "A DMARC record names more than two addresses for aggregate reports.",
     "Some receivers send to the first two only. Put the most important first, and let one of them "
     "pass reports on.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; "
     "rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com\""},
    {"dmarc-size-suffix", Severity::info, RuleNeeds::nothing, "RFC 9989 section 4.8",
     "An address for reports has a size limit, as in !10m.",
     "Size limits are no longer part of DMARC and are ignored. Drop it; an exclamation mark that "
     "belongs to the address is written %21.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com!10m\"", kGood},
    {"dmarc-fo-without-ruf", Severity::info, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "A DMARC record has fo= without ruf=.",
     "It only says which failure reports to send, and none are sent without ruf=. Drop fo=, or add "
     "ruf= if you want them.",
     judge_dmarc_records, "_dmarc TXT \"v=DMARC1; p=reject; fo=1; rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; fo=1; ruf=mailto:f@example.com; rua=mailto:d@example.com\""},
    {"dmarc-fo-value", Severity::warning, RuleNeeds::nothing, "RFC 9989 section 4.7",
     "The fo= of a DMARC record is not what receivers know.",
     "They ignore it and take fo=0. It is 0 or 1, with d and s if wanted, each once and colons "
     "between them: fo=1:d:s.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; fo=0:1; ruf=mailto:f@example.com; "
     "rua=mailto:d@example.com\"",
     "_dmarc TXT \"v=DMARC1; p=reject; fo=1:d:s; ruf=mailto:f@example.com; "
     "rua=mailto:d@example.com\""},
    {"dmarc-ruf-privacy", Severity::info, RuleNeeds::nothing, "",
     "A DMARC record asks for reports of single messages.",
     "They may hold addresses and texts that people wrote, on their way to whoever ruf= names; few "
     "large receivers send them. Keep ruf= only where somebody is meant to read that.",
     judge_dmarc_records,
     "_dmarc TXT \"v=DMARC1; p=reject; ruf=mailto:f@example.com; rua=mailto:d@example.com\"",
     kGood},
};

}  // namespace

std::span<const Rule> dmarc_tag_rules() { return kRows; }

}  // namespace mxsmith::mail
