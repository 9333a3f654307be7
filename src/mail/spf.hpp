// SPF records (RFC 7208) as values: every term decoded, with its place and its original spelling.
//
// A record is a list of terms in order. Nothing here asks DNS: what a receiver would make of a
// record is in mail/spf_check.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "mail/ip_set.hpp"
#include "mail/spf_macro.hpp"

namespace mxsmith::mail {

/// RFC 7208 section 4.6.2. Ordered from strict to weak.
enum class SpfQualifier : std::uint8_t { fail, softfail, neutral, pass };
char qualifier_sign(SpfQualifier qualifier);              ///< '-', '~', '?', '+'
std::string_view qualifier_word(SpfQualifier qualifier);  ///< "fail", "softfail", "neutral", "pass"
std::optional<SpfQualifier> parse_qualifier_word(std::string_view word);

/// Mechanisms (RFC 7208 section 5) and modifiers (section 6).
enum class SpfKind : std::uint8_t {
  all,
  include,
  a,
  mx,
  ptr,
  ip4,
  ip6,
  exists,
  redirect,
  exp,
  unknown_modifier,
};

/// One directive or modifier (RFC 7208 section 4.6.1) as it is spelled in the record.
struct SpfTerm {
  std::string text;                             ///< "Include:_SPF.example.com"
  bool is_modifier = false;                     ///< name=value rather than [qualifier]mechanism
  SpfQualifier qualifier = SpfQualifier::pass;  ///< Of a mechanism; pass when none is written.
  std::string name;                             ///< Lower case: "include", "ip4", "redirect", ...
  std::string argument;  ///< After ":", "=" or "/", which "a/24" keeps; may be empty.

  // Decoded:
  SpfKind kind = SpfKind::unknown_modifier;
  std::size_t offset = 0;        ///< Where it starts in the record it was read from.
  std::size_t domain_size = 0;   ///< How much of `argument` is the domain-spec.
  SpfMacros macros = {};         ///< Of the domain-spec, or of an unknown modifier's value.
  std::uint8_t ip4_prefix = 32;  ///< Of a and mx: the dual-cidr-length (RFC 7208 section 5.3).
  std::uint8_t ip6_prefix = 128;
  IpNetwork network = {};  ///< Of ip4 and ip6.

  /// The domain-spec as spelled (RFC 7208 section 7.1); empty where the record's own domain is
  /// meant.
  [[nodiscard]] std::string_view domain_spec() const {
    return std::string_view(argument).substr(0, domain_size);
  }
  /// Equal for terms that mean the same: lower case, no final dot, qualifier always written.
  [[nodiscard]] std::string canonical() const;
  /// canonical() without the qualifier: the identity by which terms are paired in a diff.
  [[nodiscard]] std::string identity() const;
  /// Whether evaluating it costs a DNS lookup (RFC 7208 section 4.6.4).
  [[nodiscard]] bool needs_lookup() const;
};

struct SpfRecord {
  std::vector<SpfTerm> terms;

  [[nodiscard]] std::string text() const;  ///< "v=spf1 ..." with single spaces.
  /// Qualifier of the first `all`; nothing when there is none.
  [[nodiscard]] std::optional<SpfQualifier> all() const;
  /// Terms of this record alone that cost a lookup: a lower bound of the record's lookups. Terms
  /// after `all`, and a redirect beside it, are never evaluated and cost none.
  [[nodiscard]] std::size_t own_lookups() const;
  /// The terms that evaluation can reach: those up to the first `all`, without a redirect that an
  /// `all` switches off (RFC 7208 sections 5.1 and 6.1).
  [[nodiscard]] std::vector<SpfTerm> effective_terms() const;
};
/// Whether both hold the same terms in the same spelling and order: then a record need not be
/// rewritten, whatever its spaces.
bool same_spelling(const SpfRecord& a, const SpfRecord& b);

/// Whether a TXT value is an SPF record: version section exactly "v=spf1", then a space or the end
/// (RFC 7208 section 4.5). Letter case does not matter.
bool is_spf(std::string_view octets);

/// Reads a whole record. Faults: not is_spf, a term that RFC 7208 section 4.6.1 and appendix A do
/// not allow, with its offset and, for slips ("ip:", "redirect:"), a hint.
base::Parsed<SpfRecord> parse_spf(std::string_view octets);

/// Reads one term; also what users paste: a bare host ("spf.example.net" -> include:...), quotes
/// around it. Stricter than parse_spf in what is legal but never meant: a modifier named as a
/// mechanism ("include=x", which receivers ignore), commas.
base::Parsed<SpfTerm> parse_spf_term(std::string_view text);

/// What users paste from a service's page: one term, several separated by spaces, or a whole record
/// in quotes or not. `all` is dropped where other terms stand beside it: a page's `all` is not the
/// domain's.
base::Parsed<std::vector<SpfTerm>> parse_spf_terms(std::string_view text);

/// What merging is asked to do.
struct SpfMerge {
  std::vector<SpfTerm> add;     ///< In order; those already there stay where they are.
  std::vector<SpfTerm> remove;  ///< Ours from before and no longer wanted; `all` is never removed.
  std::optional<SpfQualifier> all;  ///< Explicit: replaces the live `all`. Nothing: as it is live.
};

/// Merges into the live SPF records at one name into the one there should be. None live: a new
/// record, `all` softfail unless asked otherwise. One: new terms go directly before the first `all`
/// or `redirect=`, nothing else moves or changes spelling. Several: one record, terms united in
/// order, the weakest qualifier of a term and of `all` kept. A term that stands after the first
/// `all`, where it has no effect, counts as not there.
///
/// Faults, each with a hint: a live record that cannot be read, a term present with another
/// qualifier, `all` among the terms to add, a second redirect= or exp=, an `all` that would switch
/// off a redirect= which is in force, records that disagree in redirect=.
base::Parsed<SpfRecord> merge_spf(const std::vector<std::string>& live, const SpfMerge& merge);

}  // namespace mxsmith::mail
