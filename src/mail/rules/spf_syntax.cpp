// SPF records that break the grammar (RFC 7208 sections 4.6.1 and 12), and terms that keep to it
// and are never meant.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "mail/rules/spf_faults.hpp"
#include "mail/rules/spf_rows.hpp"
#include "mail/spf_domain.hpp"
#include "mail/spf_grammar.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::size_t kVersionSize = 6;

struct Piece {
  std::string_view text;
  std::size_t offset = 0;
};

/// From an octet of the term on; all of it where something is missing at its end.
Subject subject_of(const SpfPlace& place, const Piece& piece, std::size_t from = 0) {
  const Span whole{piece.offset, piece.text.size()};
  return Subject::of(place.at, from < whole.length ? whole.from(from) : whole,
                     std::string(piece.text));
}

// ---- terms that cannot be read ----

/// Whether it was told that a space is missing.
bool tell_second_term(Judged& judged, const SpfPlace& place, const Piece& piece) {
  const std::size_t at = second_term_in(piece.text);
  if (at == 0) return false;
  const std::string first(piece.text.substr(0, at));
  const std::string second(piece.text.substr(at));
  judged.tell("txt-split-lost-space", subject_of(place, piece),
              "no space stands between " + shown(first) + " and " + shown(second),
              "write " + shown(first) + " " + shown(second));
  return true;
}

void tell_fault(Judged& judged, const SpfPlace& place, const Piece& piece,
                const base::Fault& fault) {
  const std::string_view rule = rule_of_faulty_term(piece.text);
  // The rule about octets looks at whole values.
  if (rule == "txt-non-ascii") return;
  const std::size_t comma = piece.text.find(',');
  const bool list =
      comma != std::string_view::npos && piece.text.find('%') == std::string_view::npos;
  if (!list || rule != "spf-syntax") {
    judged.tell(rule, subject_of(place, piece, fault.offset),
                shown(piece.text) + ": " + fault.message, fault.hint);
  }
  if (list) {
    judged.tell("spf-syntax", subject_of(place, piece, comma),
                shown(piece.text) + ": a comma stands in it",
                "separate terms by spaces, and write the mechanism before each value");
  }
}

/// RFC 7208 section 6: redirect and exp at most once each.
void tell_second_modifier(Judged& judged, const SpfPlace& place, const Piece& piece,
                          const SpfTerm& term, unsigned& seen) {
  const unsigned bit = term.kind == SpfKind::redirect ? 1 : term.kind == SpfKind::exp ? 2 : 0;
  if ((seen & bit) != 0) {
    judged.tell("spf-dup-modifier", subject_of(place, piece),
                term.name + "= stands twice in the record", "keep one of them");
  }
  seen |= bit;
}

// ---- terms that can be read ----

/// What a domain-spec is that names no host, as a phrase; empty for all others.
std::string_view oddness_of(std::string_view domain) {
  if (domain.find("://") != std::string_view::npos) return "a URL, not a domain name";
  if (domain.find('@') != std::string_view::npos) return "a mail address, not a domain name";
  if (domain.find_first_of(":/,;()<>[]\"'=\\") != std::string_view::npos) {
    return "no domain name: it holds a sign that no host has";
  }
  if (!spf_name(domain)) return "no domain name: a label is empty or too long";
  return {};
}

void judge_target(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  if (term.domain_size == 0 || !term.macros.empty()) return;
  const std::string_view oddness = oddness_of(term.domain_spec());
  if (oddness.empty()) return;
  judged.tell("spf-domain-spec", subject_of(place, term),
              shown(term.text) + ": what it names is " + std::string(oddness),
              term.argument.find(',') == std::string::npos
                  ? "write the name of a host or domain alone, as in mail.example.com"
                  : "separate terms by spaces, and write the mechanism before each value");
}

/// Modifiers for reports of failures (RFC 6652), which few receivers know and no one misreads.
bool is_known_modifier(std::string_view name) {
  return name == "ra" || name == "rp" || name == "rr";
}

void judge_modifier(Judged& judged, const SpfPlace& place, const SpfTerm& term) {
  if (term.kind != SpfKind::unknown_modifier || is_known_modifier(term.name)) return;
  if (term.name == "v") {
    judged.tell("spf-unknown-modifier", subject_of(place, term),
                "a second version section stands within the record, where receivers ignore it",
                "leave out the second v=spf1");
    return;
  }
  const std::string as_mechanism = term.name + ":" + term.argument;
  const bool slip = read_spf_term(as_mechanism).ok() || read_spf_term(term.name).ok();
  judged.tell("spf-unknown-modifier", subject_of(place, term),
              slip ? shown(term.text) + " is no mechanism: receivers ignore it, so what it names " +
                         "may not send"
                   : "receivers ignore the unknown modifier " + shown(term.text),
              slip ? "write " + shown(as_mechanism) : "leave it out");
}

// ---- whole records ----

void judge_unreadable(Judged& judged, const SpfPlace& place) {
  const std::string_view octets = place.at.octets;
  unsigned modifiers = 0;
  std::size_t seen = 0;
  for (std::size_t at = kVersionSize; at < octets.size();) {
    const std::size_t end = std::min(octets.find(' ', at), octets.size());
    const Piece piece{octets.substr(at, end - at), at};
    at = end + 1;
    if (piece.text.empty()) continue;
    if (++seen > kMostTermsJudged) return;
    if (tell_second_term(judged, place, piece)) continue;
    auto term = read_spf_term(piece.text);
    if (!term) {
      tell_fault(judged, place, piece, term.fault());
      continue;
    }
    term->offset = piece.offset;
    tell_second_modifier(judged, place, piece, *term, modifiers);
    judge_target(judged, place, *term);
    judge_modifier(judged, place, *term);
  }
}

bool has_capitals(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void judge_case(Judged& judged, const SpfPlace& place) {
  if (has_capitals(place.at.octets.substr(0, kVersionSize))) {
    judged.tell("spf-case-style", Subject::of(place.at, {0, kVersionSize}),
                "the version is written in capitals", "write v=spf1");
    return;
  }
  for (const SpfTerm& term : place.record->terms) {
    const std::size_t end = std::min(term.text.find_first_of(":/="), term.text.size());
    if (!has_capitals(std::string_view(term.text).substr(0, end))) continue;
    judged.tell("spf-case-style", subject_of(place, term),
                shown(term.text) + " is written with capitals");
    return;
  }
}

}  // namespace

void judge_spf_syntax(Judged& judged) {
  for (const SpfPlace& place : judged.zone.spf) {
    if (!place.record) {
      judge_unreadable(judged, place);
      continue;
    }
    for (const SpfTerm& term : judged_terms(*place.record)) {
      if (tell_second_term(judged, place, {term.text, term.offset})) continue;
      judge_target(judged, place, term);
      judge_modifier(judged, place, term);
    }
    judge_case(judged, place);
  }
}

namespace {

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-syntax", kError, RuleNeeds::nothing, "RFC 7208 section 4.6",
         "A term of the SPF record is no mechanism and no modifier.",
         "One term that cannot be read makes the whole record an error: no sender passes SPF, and "
         "many receivers reject. Correct the term that is named.",
         judge_spf_syntax, R"(@ TXT "v=spf1 ip:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-ip-syntax", kError, RuleNeeds::nothing, "RFC 7208 section 5.6",
         "An ip4 or ip6 term holds no address.",
         "The whole record is an error to receivers. Write four decimal numbers from 0 to 255 "
         "without leading zeros, or an IPv6 address.",
         judge_spf_syntax, R"(@ TXT "v=spf1 ip4:192.0.2.256 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.25 -all")"},
    Rule{"spf-ip-family", kError, RuleNeeds::nothing, "RFC 7208 section 5.6",
         "An IPv6 address stands in ip4, or an IPv4 address in ip6.",
         "The whole record is an error to receivers. Use ip4 for IPv4 and ip6 for IPv6.",
         judge_spf_syntax, R"(@ TXT "v=spf1 ip4:2001:db8::1 -all")",
         R"(@ TXT "v=spf1 ip6:2001:db8::1 -all")"},
    Rule{"spf-cidr", kError, RuleNeeds::nothing, "RFC 7208 section 5.6",
         "A prefix length is out of range or no number.",
         "The whole record is an error to receivers. IPv4 prefixes go from 0 to 32, IPv6 from 0 to "
         "128; a and mx take both, as in a/24//64.",
         judge_spf_syntax, R"(@ TXT "v=spf1 ip4:192.0.2.0/33 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.0/24 mx/24//64 -all"
@ MX 10 mx1
mx1 A 192.0.2.1)"},
    Rule{
        "spf-macro", kError, RuleNeeds::nothing, "RFC 7208 section 7.1",
        "A macro in a term is unknown, malformed, or allowed only in explanations.",
        "The whole record is an error to receivers. Macros are %{LETTER}, with s, l, o, d, i, p, v "
        "or h for a letter; c, r and t are for the text behind exp= alone; %% is a percent sign.",
        judge_spf_syntax, R"(@ TXT "v=spf1 exists:%{c}.example.com -all")",
        R"(@ TXT "v=spf1 exists:%{ir}.%{v}._spf.%{d} -all")"},
    Rule{"spf-domain-spec", kError, RuleNeeds::nothing, "RFC 7208 section 7.1",
         "A term names no domain: a URL, a mail address, an address of a host, a single label.",
         "The record is an error to receivers, or the term never matches. Write the name of a host "
         "or domain alone, with its parent domains, as in mail.example.com.",
         judge_spf_syntax, R"(@ TXT "v=spf1 a:http://mail.example.com -all")",
         R"(@ TXT "v=spf1 a:mail.example.com -all"
mail A 192.0.2.1)"},
    Rule{"spf-dup-modifier", kError, RuleNeeds::nothing, "RFC 7208 section 6",
         "A record has redirect= or exp= twice.",
         "The whole record is an error to receivers. Keep one of them; to join two policies, write "
         "include: for both and one all.",
         judge_spf_syntax, R"(@ TXT "v=spf1 redirect=_a.example.com redirect=_b.example.com"
_a TXT "v=spf1 -all"
_b TXT "v=spf1 -all")",
         R"(@ TXT "v=spf1 include:_a.example.com include:_b.example.com -all"
_a TXT "v=spf1 ip4:192.0.2.1 -all"
_b TXT "v=spf1 ip4:192.0.2.2 -all")"},
    Rule{"spf-qualified-modifier", kError, RuleNeeds::nothing, "RFC 7208 section 4.6.1",
         "A modifier has a qualifier before it.",
         "The whole record is an error to receivers: +, -, ~ and ? belong to mechanisms. Drop the "
         "sign.",
         judge_spf_syntax, R"(@ TXT "v=spf1 -redirect=_spf.example.com"
_spf TXT "v=spf1 -all")",
         R"(@ TXT "v=spf1 redirect=_spf.example.com"
_spf TXT "v=spf1 -all")"},
    Rule{"spf-ptr-rdns-type", kError, RuleNeeds::nothing, "RFC 7208 section 5.5",
         "The term ptr has a prefix length or an empty domain.",
         "The whole record is an error to receivers: ptr takes a domain and nothing else. Better "
         "replace it by ip4 and ip6.",
         judge_spf_syntax, R"(@ TXT "v=spf1 ptr/24 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.0/24 -all")"},
    Rule{"spf-unknown-modifier", kWarning, RuleNeeds::nothing, "RFC 7208 section 6",
         "A term has the form name=value and is neither redirect= nor exp=.",
         "Receivers ignore such terms without a word. include=, a= and the like are slips for the "
         "mechanisms with a colon: whom they name may not send.",
         judge_spf_syntax, R"(@ TXT "v=spf1 include=_spf.example.com -all"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")",
         R"(@ TXT "v=spf1 include:_spf.example.com -all"
_spf TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"spf-case-style", kInfo, RuleNeeds::nothing, "RFC 7208 section 4.6.1",
         "The version or a mechanism is written in capitals.",
         "Receivers do not mind. Lower case is usual and easier to compare.", judge_spf_syntax,
         R"(@ TXT "V=SPF1 -all")", R"(@ TXT "v=spf1 -all")"},
};

}  // namespace

std::span<const Rule> spf_syntax_rules() { return kRules; }

}  // namespace mxsmith::mail
