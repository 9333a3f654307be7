// Between the files of SPF's rules. Private to src/mail/rules.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "mail/rule.hpp"
#include "mail/spf_tree.hpp"

namespace mxsmith::mail {

std::span<const Rule> spf_syntax_rules();   ///< What breaks the grammar, or is never meant.
std::span<const Rule> spf_term_rules();     ///< What the terms of one record say together.
std::span<const Rule> spf_network_rules();  ///< Whom its addresses let send.
std::span<const Rule> spf_place_rules();    ///< Where records stand, and where they are missing.
std::span<const Rule> spf_host_rules();     ///< Names below the domain, and records beside SPF.
std::span<const Rule> spf_lookup_rules();   ///< What a record draws in, and what that costs.
std::span<const Rule> spf_target_rules();   ///< What its terms ask about.

/// Tells terms that cannot be read, or are never meant; also the rule txt-split-lost-space.
void judge_spf_syntax(Judged& judged);
/// Tells all that the trees of the zone's records show.
void judge_spf_trees(Judged& judged);
/// Of it, what the terms of one record ask about.
void judge_spf_targets(Judged& judged, const SpfPlace& place, const SpfTree& tree);
/// The explanation of one record.
void judge_spf_exp(Judged& judged, const SpfPlace& place);

/// Which records stand for mail domains, and which are only parts of others.
class SpfRoles {
 public:
  explicit SpfRoles(const MailZone& zone);
  /// Whether mail is sent in that name, as far as records tell: nobody includes it, or it takes in
  /// mail, or it is the apex. Names with a label that no host has ("_spf") are parts.
  [[nodiscard]] bool is_domain(const SpfPlace& place) const;
  /// Whether a record of the zone includes that name's, or redirects to it.
  [[nodiscard]] bool is_part(const dns::Name& name) const { return parts_.count(name) != 0; }

 private:
  const MailZone& zone_;
  std::unordered_set<dns::Name> parts_;
};

/// The place of a term in its record, for findings.
Span span_of(const SpfTerm& term);
/// A finding about one term.
Subject subject_of(const SpfPlace& place, const SpfTerm& term);

/// Terms of one record that are looked at one by one. A record of a few hundred octets has 20; each
/// finding holds the whole record, so one of 64 kilobytes must not make thousands.
inline constexpr std::size_t kMostTermsJudged = 200;
std::span<const SpfTerm> judged_terms(const SpfRecord& record);

/// The first `all`; null: there is none.
const SpfTerm* first_all(const SpfRecord& record);
/// The redirect, whether an `all` switches it off or not; null: there is none.
const SpfTerm* redirect_of(const SpfRecord& record);
/// Mechanisms up to the first `all`, which may match.
std::span<const SpfTerm> terms_before_all(const SpfRecord& record);

/// "include:x.example" as a message shows it; cut where it is long.
std::string shown(std::string_view octets);

}  // namespace mxsmith::mail
