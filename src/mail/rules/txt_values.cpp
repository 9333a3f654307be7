// What TXT values hold that nobody means: quotes and backslashes of a zone file, blanks, signs
// outside ASCII; and sets too large for one packet.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/text.hpp"
#include "mail/rules/spf_rows.hpp"
#include "mail/rules/txt_kind.hpp"
#include "mail/rules/txt_rows.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

using base::Severity;

/// Without EDNS0 (RFC 1035 section 4.2.1); what crosses every network in one piece, which servers
/// answer by default; all of TCP (RFC 1035 section 4.2.2).
constexpr std::size_t kSmallAnswer = 512;
constexpr std::size_t kUnbrokenAnswer = 1232;
constexpr std::size_t kLargestAnswer = 65535;

// ---- values ----

/// Values whose own readers tell what is odd about their text.
class ReadValues {
 public:
  explicit ReadValues(const MailZone& zone) {
    const auto take = [&](const auto& places) {
      for (const auto& place : places) known_.insert(place.at.octets.data());
    };
    take(zone.dkim);
    take(zone.dmarc);
    take(zone.mta_sts);
    take(zone.tls_rpt);
    take(zone.bimi);
  }
  [[nodiscard]] bool has(const TxtPlace& place) const {
    return known_.count(place.octets.data()) != 0;
  }

 private:
  std::unordered_set<const char*> known_;
};

/// A value at a _dmarc name that is no DMARC record and means to be one is told with that.
bool is_told_elsewhere(const TxtPlace& place, std::string_view rule) {
  constexpr std::string_view kLabel("\6_dmarc", 7);
  return place.set->name.wire().substr(0, kLabel.size()) == kLabel &&
         read_dmarc(place.octets).findings.find(rule) != nullptr;
}

/// RFC 7208 section 4.5 and the readers of tags want the version first: the rules about versions
/// tell a blank before it.
bool is_blank_before_version(const TxtPlace& place, const Finding& finding) {
  return finding.rule == "txt-trailing-space" && finding.at.offset == 0 &&
         txt_kind_of(place.octets) == TxtKind::spf;
}

void judge_value(Judged& judged, const TxtPlace& place) {
  const TxtKind kind = txt_kind_of(place.octets);
  Findings findings;
  check_text(place.octets, findings);
  for (const Finding& finding : findings.all()) {
    const bool any_value =
        finding.rule == "txt-literal-quotes" || finding.rule == "txt-trailing-space";
    if (kind == TxtKind::other && !any_value) continue;
    if (finding.rule == "txt-escaped-semicolon" && kind == TxtKind::spf) continue;
    if (is_blank_before_version(place, finding)) continue;
    if (is_told_elsewhere(place, finding.rule)) continue;
    const bool mild = kind == TxtKind::other && finding.severity == Severity::error;
    judged.tell(finding.rule, Subject::of(place, finding.at), finding.message, finding.hint,
                mild ? Severity::warning : finding.severity);
  }
}

/// Whether check_text would find anything.
bool is_plain(std::string_view octets) {
  if (octets.empty()) return true;
  const auto sign = [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; };
  const bool ends = sign(octets.front()) && sign(octets.back()) && octets.front() != '"';
  return ends &&
         std::all_of(octets.begin(), octets.end(), [&](char c) { return sign(c) || c == ' '; });
}

void judge_txt_values(Judged& judged) {
  std::optional<ReadValues> read;
  for (const TxtPlace& place : judged.zone.txt) {
    if (is_plain(place.octets)) continue;
    if (!read) read.emplace(judged.zone);
    if (!read->has(place)) judge_value(judged, place);
  }
}

// ---- sets ----

/// Octets of an answer that holds the set alone: header, question, each record with a pointer for
/// its owner, EDNS0's own record.
std::size_t answer_size(const dns::RRset& set) {
  std::size_t size = 12 + set.name.wire().size() + 4 + 11;
  for (const dns::Rdata& value : set.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr) continue;
    const std::size_t strings = std::max<std::size_t>(1, (txt->octets.size() + 254) / 255);
    size += 12 + txt->octets.size() + strings;
  }
  return size;
}

void tell_size(Judged& judged, const dns::RRset& set, std::size_t size) {
  std::string consequence = "which does not fit one packet everywhere";
  Severity severity = Severity::info;
  if (size > kLargestAnswer) {
    consequence = "which no DNS server can send";
    severity = Severity::error;
  } else if (size > kUnbrokenAnswer) {
    consequence = "which most servers send over TCP alone";
    severity = Severity::warning;
  }
  judged.tell("txt-rrset-size", Subject::of(set.key()),
              base::counted(set.values.size(), "TXT record") + " at " + set.name.display() +
                  " make an answer of " + std::to_string(size) + " octets, " + consequence,
              "remove ownership tokens that no service looks at any more", severity);
}

void judge_txt_sets(Judged& judged) {
  const dns::RRset* last = nullptr;
  for (const TxtPlace& place : judged.zone.txt) {
    if (place.set == last) continue;
    last = place.set;
    const std::size_t size = answer_size(*place.set);
    if (size > kSmallAnswer) tell_size(judged, *place.set, size);
  }
}

constexpr std::array kRules = {
    Rule{"txt-string-255", Severity::error, RuleNeeds::nothing, "RFC 1035 section 3.3",
         "One string of a TXT record is longer than 255 octets.",
         "Longer values are cut into several strings, which whoever reads them joins again. "
         "mxsmith cuts by itself and holds values whole, so this is told where a zone file is "
         "read, with the line.",
         nullptr, "", ""},
    Rule{
        "txt-split-lost-space", Severity::error, RuleNeeds::nothing, "RFC 7208 section 3.3",
        "Two terms of an SPF record stand together without a space.",
        "The strings of a TXT record are joined without anything between them, so a term that ends "
        "one string and one that begins the next become one term, which nobody understands. End "
        "the first string with a space.",
        judge_spf_syntax, R"(@ TXT "v=spf1 ip4:192.0.2.1" "ip4:192.0.2.2 -all")",
        R"(@ TXT "v=spf1 ip4:192.0.2.1 " "ip4:192.0.2.2 -all")"},
    Rule{
        "txt-rrset-size", Severity::warning, RuleNeeds::nothing, "RFC 7208 section 3.4",
        "The TXT records of one name are too large together for a small answer.",
        "Who asks for SPF gets all of them. Beyond 512 octets old resolvers need TCP, beyond 1232 "
        "nearly all do, and where TCP is blocked SPF fails; beyond 65535 no server can answer. "
        "Remove ownership tokens that no service looks at any more.",
        judge_txt_sets,
        R"(@ TXT "a-site-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
@ TXT "b-site-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
@ TXT "c-site-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
@ TXT "d-site-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")",
        R"(@ TXT "a-site-verification=01234567890123456789012345678901234567890123456789"
@ TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"txt-literal-quotes", Severity::error, RuleNeeds::nothing, "RFC 1035 section 5.1",
         "A value begins and ends with quotation marks that are stored with it.",
         "Quotation marks belong to the zone file, not to the value: with them no receiver "
         "recognises the record. Enter the value without them.",
         judge_txt_values, R"(@ TXT "\"v=spf1 -all\"")", R"(@ TXT "v=spf1 -all")"},
    Rule{"txt-escaped-semicolon", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.2",
         "A backslash before a semicolon is stored with the value.",
         "Only some zone files need the backslash. Stored, it spoils the tag before it: receivers "
         "pass the record over. Enter the semicolon alone.",
         judge_txt_values, R"(_dmarc TXT "v=DMARC1\\; p=none")",
         R"(_dmarc TXT "v=DMARC1; p=none")"},
    Rule{"txt-non-ascii", Severity::error, RuleNeeds::nothing, "RFC 7208 section 12",
         "A mail record holds an octet that is no printable ASCII.",
         "Text that was copied from a web page or a word processor brings hard spaces, "
         "typographic quotes or invisible signs, and receivers take the record for broken. Type "
         "it anew.",
         judge_txt_values, R"(@ TXT "v=spf1\194\160include:a.example -all")",
         R"(@ TXT "v=spf1 include:a.example -all"
a.example. TXT "v=spf1 ip4:192.0.2.1 -all")"},
    Rule{"txt-trailing-space", Severity::info, RuleNeeds::nothing, "",
         "A value begins or ends with white space.",
         "Most readers do not mind it at the end; before a version it hides the record. Remove it.",
         judge_txt_values, R"(@ TXT "v=spf1 -all ")", R"(@ TXT "v=spf1 -all")"},
};

}  // namespace

std::span<const Rule> txt_value_rules() { return kRules; }

}  // namespace mxsmith::mail
