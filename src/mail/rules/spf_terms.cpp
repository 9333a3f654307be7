// What the terms of one SPF record say together: which of them never count, what becomes of mail
// that none of them matches, what they give away.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "mail/rules/spf_rows.hpp"

namespace mxsmith::mail {
namespace {

/// What fits an answer over UDP without EDNS0 (RFC 7208 section 3.4), and below which nobody has to
/// count: two strings of 255 octets leave no room for anything else.
constexpr std::size_t kUsualAnswer = 512;
constexpr std::size_t kComfortable = 450;

std::span<const SpfTerm> terms_after_all(const SpfRecord& record) {
  const SpfTerm* const all = first_all(record);
  const std::span<const SpfTerm> terms(record.terms);
  return all == nullptr ? terms.last(0)
                        : terms.subspan(static_cast<std::size_t>(all - terms.data()) + 1);
}

// ---- all and redirect ----

void judge_all(Judged& judged, const SpfPlace& place, bool is_domain) {
  const SpfTerm* const all = first_all(*place.record);
  if (all == nullptr) {
    if (!is_domain || redirect_of(*place.record) != nullptr) return;
    judged.tell("spf-no-all", Subject::of(place.at),
                "the record has no all: mail from anywhere else is neutral, as without SPF",
                "end it with ~all, or with -all where every sender is in the record");
  } else if (all->qualifier == SpfQualifier::pass) {
    judged.tell("spf-plus-all", subject_of(place, *all),
                shown(all->text) + " lets every host on the Internet send in this name",
                "write ~all or -all");
  } else if (all->qualifier == SpfQualifier::neutral && is_domain) {
    judged.tell("spf-neutral-all", subject_of(place, *all),
                "?all says nothing about mail from anywhere else, as if there were no SPF",
                "write ~all, or -all where every sender is in the record");
  }
}

void judge_after_all(Judged& judged, const SpfPlace& place) {
  std::string names;
  const SpfTerm* first = nullptr;
  for (const SpfTerm& term : terms_after_all(*place.record)) {
    if (term.is_modifier) continue;
    if (first == nullptr) first = &term;
    if (names.size() > 60) continue;
    names.append(names.empty() ? "" : ", ").append(shown(term.text));
  }
  if (first == nullptr) return;
  judged.tell("spf-after-all", subject_of(place, *first),
              names + ": stands after all, where it is never looked at",
              "move all to the end of the record");
}

void judge_redirect(Judged& judged, const SpfPlace& place) {
  const SpfTerm* const redirect = redirect_of(*place.record);
  if (redirect == nullptr) return;
  if (first_all(*place.record) != nullptr) {
    judged.tell("spf-redirect-ignored", subject_of(place, *redirect),
                "the record has an all, so " + shown(redirect->text) + " is never followed",
                "keep one of them: redirect= without all, or all with include:");
    return;
  }
  const SpfTerm* const end = place.record->terms.data() + place.record->terms.size();
  const bool last = std::all_of(redirect + 1, end, [](const auto& one) { return one.is_modifier; });
  if (last) return;
  judged.tell("spf-redirect-order", subject_of(place, *redirect),
              shown(redirect->text) + " is followed after all mechanisms, wherever it stands",
              "write it last");
}

// ---- what is there twice, or too long ----

void judge_duplicates(Judged& judged, const SpfPlace& place) {
  auto terms = terms_before_all(*place.record);
  terms = terms.first(std::min(terms.size(), kMostTermsJudged));
  if (terms.size() < 2) return;
  std::vector<std::pair<std::string, const SpfTerm*>> seen;
  seen.reserve(terms.size());
  for (const SpfTerm& term : terms) {
    if (!term.is_modifier) seen.emplace_back(term.identity(), &term);
  }
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (seen[i].first != seen[i - 1].first) continue;
    const SpfTerm& again = *seen[i].second;
    judged.tell("spf-duplicate-term", subject_of(place, again),
                shown(again.text) + " stands a second time, where it decides nothing" +
                    (again.needs_lookup() ? " and costs its lookups again" : ""),
                "leave it out");
  }
}

void judge_size(Judged& judged, const SpfPlace& place) {
  const std::size_t size = place.at.octets.size();
  // Header, question, then owner as a pointer, type, class, TTL, length, and a length per string.
  const std::size_t answer = 12 + place.domain().wire().size() + 4 + 12 + size + (size + 254) / 255;
  if (size <= kComfortable && answer <= kUsualAnswer) return;
  judged.tell("spf-size", Subject::of(place.at),
              "the record has " + std::to_string(size) + " octets, an answer with it alone " +
                  std::to_string(answer),
              "move some of its terms to a record of their own and include that");
}

// ---- macros and ptr ----

const SpfMacro* macro_among(const SpfTerm& term, std::string_view letters) {
  const auto found = std::find_if(term.macros.begin(), term.macros.end(), [&](const auto& macro) {
    return macro.letter != 0 && letters.find(macro.letter) != std::string_view::npos;
  });
  return found == term.macros.end() ? nullptr : &*found;
}

void judge_ptr(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  const bool mechanism = term.kind == SpfKind::ptr;
  if (!mechanism && macro_among(term, "p") == nullptr) return;
  judged.tell("spf-ptr", subject_of(place, term),
              mechanism ? shown(term.text) + " hangs on the reverse DNS of whoever connects"
                        : shown(term.text) + " has a macro of ptr's kind, %{p}",
              "write the addresses that may send as ip4: and ip6:");
}

void judge_macros(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  if (term.macros.empty() || term.kind == SpfKind::unknown_modifier) return;
  if (macro_among(term, "ls") != nullptr) {
    judged.tell("spf-macro-local-part", subject_of(place, term),
                shown(term.text) + " puts the sender's address into DNS questions");
  }
  if (macro_among(term, "slivhp") == nullptr || term.kind == SpfKind::exp) return;
  judged.tell("spf-macro-uncheckable", subject_of(place, term),
              "what " + shown(term.text) + " asks for differs from sender to sender",
              "mxsmith spf eval tells what it gives for one sender");
}

void judge_spf_terms(Judged& judged) {
  const SpfRoles roles(judged.zone);
  for (const SpfPlace& place : judged.zone.spf) {
    if (!place.record) continue;
    judge_all(judged, place, roles.is_domain(place));
    judge_after_all(judged, place);
    judge_redirect(judged, place);
    judge_duplicates(judged, place);
    judge_size(judged, place);
    for (const SpfTerm& term : judged_terms(*place.record)) {
      judge_ptr(judged, place, term);
      judge_macros(judged, place, term);
    }
  }
}

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-plus-all", kError, RuleNeeds::nothing, "RFC 7208 section 5.1",
         "The record ends in +all, or in all without a qualifier, which is the same.",
         "Every host on the Internet passes SPF, and with it DMARC, in this name. Write ~all, or "
         "-all once every sender is in the record.",
         judge_spf_terms, R"(@ TXT "v=spf1 ip4:192.0.2.1 all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 ~all")"},
    Rule{"spf-neutral-all", kWarning, RuleNeeds::nothing, "RFC 7208 section 8.2",
         "The record of a mail domain ends in ?all.",
         "Receivers must treat neutral as if there were no record, so forged mail is not hindered. "
         "Write ~all, or -all once every sender is in the record.",
         judge_spf_terms, R"(@ TXT "v=spf1 ip4:192.0.2.1 ?all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 ~all")"},
    Rule{"spf-no-all", kWarning, RuleNeeds::nothing, "RFC 7208 section 4.7",
         "The record of a mail domain has neither all nor redirect=.",
         "Mail that no term matches is then neutral, as if there were no record. End the record "
         "with ~all, or with -all once every sender is in it.",
         judge_spf_terms, R"(@ TXT "v=spf1 ip4:192.0.2.1")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-after-all", kWarning, RuleNeeds::nothing, "RFC 7208 section 5.1",
         "A mechanism stands after all.",
         "The term all matches everybody, so what follows is never looked at: senders named there "
         "are "
         "treated as strangers. Put all last.",
         judge_spf_terms, R"(@ TXT "v=spf1 -all ip4:192.0.2.1")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-redirect-ignored", kWarning, RuleNeeds::nothing, "RFC 7208 section 6.1",
         "A record has redirect= beside all.",
         "With an all anywhere in the record redirect= is ignored: senders of the other record are "
         "treated as strangers. Drop all, or write include: in place of redirect=.",
         judge_spf_terms, R"(@ TXT "v=spf1 -all redirect=_spf.example.com"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 redirect=_spf.example.com"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-redirect-order", kInfo, RuleNeeds::nothing, "RFC 7208 section 6.1",
         "A mechanism stands after redirect=.",
         "Receivers look at all mechanisms first in any case. Write redirect= last, so that the "
         "record reads as it works.",
         judge_spf_terms, R"(@ TXT "v=spf1 redirect=_spf.example.com ip4:192.0.2.7"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.7 redirect=_spf.example.com"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-duplicate-term", kWarning, RuleNeeds::nothing, "RFC 7208 section 4.6.4",
         "A mechanism stands twice in the record, or is reached again through an include.",
         "The first one decides; the second costs lookups, of which there are ten, and decides "
         "nothing. Leave it out.",
         judge_spf_terms, R"(@ TXT "v=spf1 include:a.example include:A.example. -all"
a.example. TXT "v=spf1 ip4:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 include:a.example -all"
a.example. TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-size", kWarning, RuleNeeds::nothing, "RFC 7208 section 3.4",
         "The record is so long that an answer with it hardly fits 512 octets.",
         "Answers that do not fit are asked for again over TCP, which some networks block; then "
         "SPF gives an error. Move terms to a record of their own and include that.",
         judge_spf_terms,
         "@ TXT \"v=spf1 ip6:2001:db8:1111:1111:1111:1111:1111:1111 "
         "ip6:2001:db8:1111:1111:1111:1111:1111:2222 ip6:2001:db8:1111:1111:1111:1111:1111:3333 "
         "ip6:2001:db8:1111:1111:1111:1111:1111:4444 ip6:2001:db8:1111:1111:1111:1111:1111:5555 \" "
         "\"ip6:2001:db8:1111:1111:1111:1111:1111:6666 "
         "ip6:2001:db8:1111:1111:1111:1111:1111:7777 ip6:2001:db8:1111:1111:1111:1111:1111:8888 "
         "ip6:2001:db8:1111:1111:1111:1111:1111:9999 ip6:2001:db8:1111:1111:1111:1111:1111:aaaa \" "
         "\"ip6:2001:db8:1111:1111:1111:1111:1111:bbbb -all\"",
         R"(@ TXT "v=spf1 ip6:2001:db8:1111:1111::/64 -all")"},
    Rule{"spf-ptr", kWarning, RuleNeeds::nothing, "RFC 7208 section 5.5",
         "The record uses ptr, or the macro %{p}.",
         "The RFC says not to use it: it is slow, burdens the servers of reverse DNS, and mail "
         "fails when those do not answer. Write the addresses as ip4: and ip6:.",
         judge_spf_terms, R"(@ TXT "v=spf1 ptr -all")", R"(@ TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-macro-uncheckable", kInfo, RuleNeeds::nothing, "RFC 7208 section 7",
         "What a term asks for hangs on the sender or on its address.",
         "Nobody can tell from the record alone whom it lets send, nor what it includes. Try it "
         "with mxsmith spf eval for senders that you know.",
         judge_spf_terms, R"(@ TXT "v=spf1 exists:%{ir}.%{v}._spf.%{d} -all")",
         R"(@ TXT "v=spf1 include:_spf.%{d} -all"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-macro-local-part", kWarning, RuleNeeds::nothing, "RFC 7208 section 11.6",
         "A term puts the sender's local-part into DNS questions.",
         "Everybody on the way sees who writes, and no cache helps: each sender is a new question. "
         "Use it only where senders really have different hosts.",
         judge_spf_terms, R"(@ TXT "v=spf1 exists:%{l}._spf.%{d} -all")",
         R"(@ TXT "v=spf1 exists:%{ir}._spf.%{d} -all")"},
};

}  // namespace

std::span<const Rule> spf_term_rules() { return kRules; }

}  // namespace mxsmith::mail
