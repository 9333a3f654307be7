// Where SPF records stand, where they are missing, and what only looks like one.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/mx.hpp"
#include "mail/rules/spf_rows.hpp"
#include "mail/spf_reader.hpp"

namespace mxsmith::mail {
namespace {

/// RFC 7208 section 3.1: the type that SPF had of its own once.
constexpr auto kSpfType = static_cast<dns::Type>(99);

bool has_spf(const Judged& judged, const dns::Name& name) {
  const dns::RRset* set = judged.zone.sets().find(name, dns::Type::TXT);
  if (set == nullptr) return false;
  return std::any_of(set->values.begin(), set->values.end(), [](const dns::Rdata& value) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    return txt != nullptr && is_spf(txt->octets);
  });
}

// ---- missing, or too many ----

void tell_missing(Judged& judged, const dns::Name& name, const MxPlace* mx) {
  const bool silent = judged.declared.no_mail || (mx != nullptr && refuses_mail(mx->records));
  const bool alias = judged.zone.sets().find(name, dns::Type::CNAME) != nullptr;
  if (alias || has_spf(judged, name)) return;
  judged.tell("spf-missing", Subject::missing(name, dns::Type::TXT),
              name.display() + " has no SPF record",
              silent ? "publish v=spf1 -all: no mail is sent in this name"
                     : "publish v=spf1, the terms of every service that sends, and ~all",
              judged.declared.no_mail ? std::optional(base::Severity::error) : std::nullopt);
}

void judge_missing(Judged& judged) {
  if (!judged.whole()) return;
  const dns::Name& apex = judged.zone.apex();
  tell_missing(judged, apex, judged.zone.mx_of(apex));
  for (const MxPlace& place : judged.zone.mx) {
    if (place.domain() != apex) tell_missing(judged, place.domain(), &place);
  }
}

void judge_multiple(Judged& judged) {
  const auto& places = judged.zone.spf;
  for (std::size_t first = 0; first < places.size();) {
    std::size_t end = first + 1;
    while (end < places.size() && places[end].at.set == places[first].at.set) ++end;
    if (end - first > 1) {
      judged.tell("spf-multiple", Subject::of(places[first + 1].at),
                  places[first].domain().display() + " has " + std::to_string(end - first) +
                      " SPF records, so none of them counts",
                  "write one record with the terms of all");
    }
    first = end;
  }
}

// ---- what only looks like a record ----

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

/// "v=spf1" with slips in it; the octets up to the end of the slip, else 0.
std::size_t odd_version(std::string_view octets) {
  std::size_t at = skip_blanks(octets, 0);
  if (at == octets.size() || (octets[at] != 'v' && octets[at] != 'V')) return 0;
  at = skip_blanks(octets, at + 1);
  if (at == octets.size() || (octets[at] != '=' && octets[at] != ':')) return 0;
  at = skip_blanks(octets, at + 1);
  if (!base::equals_ignoring_case(octets.substr(at, 3), "spf")) return 0;
  return std::min(octets.find(' ', at), octets.size());
}

/// An octet that is no ASCII directly behind the version: the rule about octets tells that.
bool has_hard_space(std::string_view version) {
  return std::any_of(version.begin(), version.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x7e; });
}

void judge_version(Judged& judged, const TxtPlace& place) {
  const std::size_t end = odd_version(place.octets);
  if (end == 0 || has_hard_space(place.octets.substr(0, end))) return;
  const bool before = place.octets.front() == ' ' || place.octets.front() == '\t';
  judged.tell("spf-version-typo", Subject::of(place, {0, end}),
              before ? "white space stands before the version, so this is no SPF record"
                     : "\"" + shown(place.octets.substr(0, end)) +
                           "\" is not \"v=spf1\", so this is no SPF record",
              "begin the value with v=spf1 and one space");
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Terms and nothing else, at least two, `all` the last: what was cut off from a record.
bool is_fragment(std::string_view octets) {
  while (!octets.empty() && is_blank(octets.back())) octets.remove_suffix(1);
  if (octets.size() < 4 || !base::equals_ignoring_case(octets.substr(octets.size() - 3), "all")) {
    return false;
  }
  std::size_t terms = 0;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t end = std::min(octets.find(' ', at), octets.size());
    if (end > at) {
      const auto term = read_spf_term(octets.substr(at, end - at));
      if (!term || term->kind == SpfKind::unknown_modifier) return false;
      ++terms;
    }
    at = end + 1;
  }
  return terms > 1;
}

void judge_fragment(Judged& judged, const TxtPlace& place) {
  if (!is_fragment(place.octets)) return;
  const bool beside = has_spf(judged, place.set->name);
  judged.tell("spf-fragment", Subject::of(place),
              beside ? "terms of SPF stand in a value of their own, beside the SPF record"
                     : "terms of SPF stand in a value without v=spf1",
              beside
                  ? "move them into the record, as a second string of the same value if it is long"
                  : "put v=spf1 and a space before them");
}

void judge_sender_id(Judged& judged, const TxtPlace& place) {
  if (!base::equals_ignoring_case(place.octets.substr(0, 7), "spf2.0/")) return;
  judged.tell("spf-sender-id", Subject::of(place),
              "a record of Sender ID, which nobody looks at any more", "remove it");
}

void judge_type(Judged& judged) {
  judged.zone.sets().visit([&](const dns::RRset& set) {
    if (set.type != kSpfType) return;
    judged.tell("spf-type99", Subject::of(set.key()),
                "a record of type SPF, which receivers no longer ask for",
                has_spf(judged, set.name) ? "remove it: the TXT record is what counts"
                                          : "publish its text as TXT");
  });
}

void judge_spf_places(Judged& judged) {
  judge_missing(judged);
  judge_multiple(judged);
  judge_type(judged);
  for (const TxtPlace& place : judged.zone.txt) {
    if (place.octets.empty() || is_spf(place.octets)) continue;
    judge_version(judged, place);
    judge_fragment(judged, place);
    judge_sender_id(judged, place);
  }
}

constexpr auto kError = base::Severity::error;
constexpr auto kWarning = base::Severity::warning;
constexpr auto kInfo = base::Severity::info;

constexpr std::array kRules = {
    Rule{"spf-missing", kWarning, RuleNeeds::nothing, "RFC 7208 section 10.1",
         "A mail domain has no SPF record.",
         "Without one nobody can tell forged mail from mail that was sent for it, and large "
         "receivers refuse such mail. Publish v=spf1 with all who send, or v=spf1 -all for a name "
         "that sends nothing; where the spec says that there is no mail, this is an error.",
         judge_spf_places, R"(@ MX 10 mx1
mx1 A 192.0.2.1)",
         R"(@ MX 10 mx1
@ TXT "v=spf1 mx -all"
mx1 A 192.0.2.1)"},
    Rule{"spf-multiple", kError, RuleNeeds::nothing, "RFC 7208 section 4.5",
         "A name has more than one SPF record.",
         "Receivers take that for an error: no sender passes, whichever record names it. Join them "
         "into one, with one all at the end; plan does so by itself where the spec declares SPF.",
         judge_spf_places, R"(@ TXT "v=spf1 ip4:192.0.2.1 ~all"
@ TXT "v=spf1 ip4:192.0.2.2 ~all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all")"},
    Rule{"spf-fragment", kError, RuleNeeds::nothing, "RFC 7208 section 3.3",
         "A TXT value holds the end of an SPF record, without v=spf1.",
         "A long record was entered as two values instead of two strings of one value. Receivers "
         "see only the first part, and senders in the second do not pass.",
         judge_spf_places, R"(@ TXT "v=spf1 ip4:192.0.2.1 "
@ TXT "ip4:192.0.2.2 -all")",
         R"(@ TXT "v=spf1 ip4:192.0.2.1 " "ip4:192.0.2.2 -all")"},
    Rule{"spf-version-typo", kError, RuleNeeds::nothing, "RFC 7208 section 4.5",
         "A value begins nearly as an SPF record does, and is none.",
         "Receivers look for exactly v=spf1 and then a space or the end; anything else is passed "
         "over, as if the domain had no SPF. Correct the beginning.",
         judge_spf_places, R"(@ TXT "v=spf -all")", R"(@ TXT "v=spf1 -all")"},
    Rule{"spf-type99", kWarning, RuleNeeds::nothing, "RFC 7208 section 3.1",
         "A record of the type SPF (99) is published.",
         "SPF records must be TXT; nobody asks for the other type, and two records that differ "
         "confuse whoever reads them. Keep the TXT record alone.",
         judge_spf_places, R"(@ TYPE99 \# 12 0b763d73706631202d616c6c
@ TXT "v=spf1 -all")",
         R"(@ TXT "v=spf1 -all")"},
    Rule{"spf-sender-id", kInfo, RuleNeeds::nothing, "RFC 6686",
         "A record of Sender ID (spf2.0/...) is published.",
         "The experiment is over and receivers do not look at it. Remove it, so that the answer "
         "for the name is smaller.",
         judge_spf_places, R"(@ TXT "spf2.0/pra -all"
@ TXT "v=spf1 -all")",
         R"(@ TXT "v=spf1 -all")"},
};

}  // namespace

std::span<const Rule> spf_place_rules() { return kRules; }

}  // namespace mxsmith::mail
