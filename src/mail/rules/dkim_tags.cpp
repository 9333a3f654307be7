// Rules about the tags of DKIM key records.
#include "mail/rules/dkim_rows.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

// Keys of our own; their private halves are gone.
constexpr std::string_view kGood =
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"";

constexpr Rule kRows[] = {
    {"dkim-tag-syntax", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.2",
     "A DKIM record is not a list of tags.",
     "Tags are NAME=VALUE with semicolons between them. Verifiers drop a record whose list they "
     "cannot read, and no signature with that selector verifies. Copy the record again from "
     "whoever made the key.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1 k=rsa; ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-dup-tag", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.2",
     "A tag stands twice in a DKIM record.",
     "Such a record is invalid as a whole, and no signature with that selector verifies. Keep the "
     "tag that is meant and drop the other.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-version", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The v= of a DKIM record is not DKIM1.",
     "Verifiers ignore the record, and no signature with that selector verifies. Letter case "
     "counts: write v=DKIM1.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=dkim1; k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-version-first", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The v=DKIM1 of a DKIM record is not its first tag.",
     "Verifiers ignore a record whose v= is not its first tag. Move it to the front.",
     judge_dkim_records,
     "s1._domainkey TXT \"k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=; v=DKIM1\"",
     kGood},
    {"dkim-no-version", Severity::info, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "A DKIM record does not begin with v=DKIM1.",
     "It is legal without, and verifiers read it; some tools that look for DKIM records do not. "
     "Put v=DKIM1 in front when you next touch the record.",
     judge_dkim_records,
     "s1._domainkey TXT \"k=ed25519; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"", kGood},
    {"dkim-p-missing", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "A DKIM record has no p=.",
     "p= holds the key; without it verifiers treat the record as broken, and no signature with "
     "that selector verifies. Publish the whole record, or take it away.",
     judge_dkim_records, "s1._domainkey TXT \"v=DKIM1; k=rsa\"", kGood},
    {"dkim-revoked", Severity::info, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The key at a selector is revoked: its p= is empty.",
     "Signatures with that selector fail, which is meant after a rotation: take the record away "
     "about a month later. It is a warning where the spec says that the key is in use.",
     judge_dkim_records, "s1._domainkey TXT \"v=DKIM1; p=\"", kGood},
    {"dkim-sha1-only", Severity::error, RuleNeeds::nothing, "RFC 8301 section 3.1",
     "The h= of a DKIM record allows SHA-1 alone.",
     "Verifiers must not accept signatures made with SHA-1, so nothing signed with this key "
     "verifies. Drop h=, or write h=sha256.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; h=sha1; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-sha1-listed", Severity::warning, RuleNeeds::nothing, "RFC 8301 section 3.1",
     "The h= of a DKIM record still allows SHA-1.",
     "Nobody may sign with SHA-1 any more. Drop h=, or write h=sha256, so that a signer that still "
     "uses it is noticed.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; h=sha1:sha256; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     "s1._domainkey TXT \"v=DKIM1; h=sha256; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dkim-hash-unknown", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The h= of a DKIM record allows no hash that verifiers know.",
     "Signatures are made with SHA-256, which this list leaves out, so none of them verifies. Drop "
     "h=, or write h=sha256.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; h=sha512; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-service-type", Severity::warning, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The s= of a DKIM record says that the key is not for mail.",
     "Verifiers ignore the key for mail. Drop s=, or write s=email, unless the key only signs "
     "reports about TLS (s=tlsrpt, RFC 8460 section 3) and another one signs mail.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; s=tlsrpt; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     "s1._domainkey TXT \"v=DKIM1; s=email; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dkim-testing-flag", Severity::warning, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "A DKIM key is marked for testing with t=y.",
     "Verifiers do not treat its mail differently from mail that is not signed, so signing gains "
     "nothing. Take t=y out once signatures verify.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; t=y; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-flag-unknown", Severity::info, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The t= of a DKIM record has a flag that verifiers do not know.",
     "Verifiers ignore such flags; y (testing) and s (no subdomains) are the ones there are. It "
     "may be a slip of the keyboard: correct it or take it out.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; t=x; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     "s1._domainkey TXT \"v=DKIM1; t=s; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\""},
    {"dkim-notes-length", Severity::info, RuleNeeds::nothing, "RFC 6376 section 3.6.1",
     "The n= of a DKIM record makes it long.",
     "Notes are for people and are sent with every answer. Keep them elsewhere, and the record "
     "within one UDP packet.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; n=a note of some length a note of some length a note of some "
     "length a note of some length for people; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-obsolete-g", Severity::info, RuleNeeds::nothing, "RFC 6376 appendix C.1",
     "A DKIM record has g=, which is no longer part of DKIM.",
     "Verifiers ignore it; a few old ones refuse every signature when it is empty. Drop it.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; g=*; k=ed25519; "
     "p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"",
     kGood},
    {"dkim-k-unknown", Severity::error, RuleNeeds::nothing, "RFC 8463 section 4.2",
     "The k= of a DKIM record names no kind of key that verifiers know.",
     "Verifiers ignore the key, and no signature with that selector verifies. Kinds are rsa and "
     "ed25519.",
     judge_dkim_records,
     "s1._domainkey TXT \"v=DKIM1; k=dsa; p=0ICzNde1GF8oVFKm14YSi6fe1esH3bqs1IT3Wzje2Uc=\"", kGood},
};

}  // namespace

std::span<const Rule> dkim_tag_rules() { return kRows; }

}  // namespace mxsmith::mail
