// The rules by which a zone's mail is judged: a table, one row each, and the judge that runs them.
//
// A rule looks at one zone as it is or would be and tells what it finds, with the record and the
// place in its text. What it would need and does not have is told as not checked, never passed over
// and never passed. Every row carries an example that breaks it and one that does not, which are
// its tests and what `check --explain` shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "mail/declared.hpp"
#include "mail/finding.hpp"
#include "mail/mail_zone.hpp"
#include "mail/resolver.hpp"
#include "mail/service.hpp"
#include "mail/zone_resolver.hpp"

namespace mxsmith::mail {

class Judged;

/// What a rule needs beside the zone itself.
enum class RuleNeeds : std::uint8_t {
  nothing,     ///< Offline: the records and what the spec says.
  lookups,     ///< Answers of DNS from beyond the zone.
  connection,  ///< HTTPS or SMTP to a server. This program opens none for a check.
  history,     ///< When records changed: a plan's guards and `timeline` judge it.
  changes,     ///< A plan: its guards judge it.
};
std::string_view needs_word(RuleNeeds needs);  ///< "offline", "dns", "connection", ...

struct Rule {
  std::string_view id;  ///< Kebab case, stable, never reused: "spf-lookup-limit".
  base::Severity severity = base::Severity::error;
  RuleNeeds needs = RuleNeeds::nothing;
  std::string_view reference;  ///< "RFC 7208 section 4.6.4"; empty where no document says it.
  std::string_view summary;    ///< What it finds, a sentence.
  std::string_view advice;     ///< Why that matters and what to do, one to three sentences.
  /// Several rules may share a function, which then is called once. Null for rules that need what a
  /// check does not have; `advice` says who judges those.
  void (*judge)(Judged& judged) = nullptr;
  /// Records that break the rule, and records that do not, as a zone file of example.com without
  /// SOA: relative names, lines apart by '\n'. Records of other names are what DNS answers beyond
  /// the zone. Lines ";service ID FIELD=VALUE ...", ";selector NAME STATE", ";no-mail",
  /// ";inbound ID" and ";mta-sts MODE MAX_AGE HOST ..." say what a spec declares. Empty exactly
  /// where `judge` is null.
  std::string_view bad = {};
  std::string_view good = {};
};
/// By id.
std::span<const Rule> all_rules();
/// Null: no such rule.
const Rule* find_rule(std::string_view id);

/// What a finding is about.
struct Subject {
  dns::Key key;
  std::string octets;  ///< The value that is meant, as TXT octets or presentation text; or empty.
  Span at;             ///< Within `octets`; length 0: all of it.
  std::string part;    ///< The part's identity ("include:x", "p", an exchange); or empty.

  static Subject of(dns::Key key) { return {std::move(key), {}, {}, {}}; }
  static Subject of(const TxtPlace& place, Span at = {}, std::string part = {});
  /// A record that should be there and is not.
  static Subject missing(const dns::Name& name, dns::Type type) { return of({name, type}); }
};

struct ZoneFinding {
  const Rule* rule = nullptr;
  base::Severity severity = base::Severity::error;  ///< The rule's, or as the spec sets it.
  Subject subject;
  std::string message;  ///< A phrase without final stop; holds octets of records: hostile text.
  std::string hint;     ///< What to do; the rule's advice stands beside it, so it may be empty.
};

struct NotChecked {
  const Rule* rule = nullptr;
  Subject subject;
  std::string reason;  ///< "the record of _spf.google.com was not looked up"
};

struct JudgeInput {
  const ZoneSets& sets;
  Coverage coverage = Coverage::whole;
  const Declared& declared;
  const Catalogue& services;
  Resolver* world = nullptr;  ///< Answers for names outside the zone; null: nobody asks.
  KeyCache& keys;
};

struct Judgement {
  std::vector<ZoneFinding> findings;  ///< By severity, worst first, then by record and rule.
  /// By record, then rule; each rule and reason once for a record.
  std::vector<NotChecked> not_checked;
};
/// Runs every rule that has a function. A rule that needs lookups runs too: what it cannot learn is
/// not checked.
Judgement judge_mail(const JudgeInput& input);

/// What a rule's function sees, and where it tells.
class Judged {
 public:
  Judged(const JudgeInput& input, const MailZone& zone, Resolver& resolver);

  const MailZone& zone;
  const Declared& declared;
  const Catalogue& services;
  KeyCache& keys;
  /// Answers for the zone's own names from the zone, for others from the world. Of a zone that is
  /// only declared, what is not there is not checked.
  Resolver& resolver;
  const Coverage coverage;

  /// Whether it can be said of a name of the zone that something is missing there.
  [[nodiscard]] bool whole() const { return coverage == Coverage::whole; }

  /// `rule` is an id of the table; the severity is its own, unless given.
  void tell(std::string_view rule, Subject subject, std::string message, std::string hint = {},
            std::optional<base::Severity> severity = {});
  /// A finding of a record's reader, if the table has its rule.
  void tell(const TxtPlace& place, const Finding& finding);
  void tell(const TxtPlace& place, const Findings& findings);
  void not_checked(std::string_view rule, Subject subject, std::string reason);

  [[nodiscard]] Judgement take();

 private:
  Judgement judgement_;
};

// The table's parts, one per subject; all_rules() puts them together.
std::span<const Rule> txt_rules();
std::span<const Rule> spf_rules();
std::span<const Rule> dkim_rules();
std::span<const Rule> dmarc_rules();
std::span<const Rule> mx_rules();
std::span<const Rule> mta_sts_rules();
std::span<const Rule> tls_rpt_rules();
std::span<const Rule> dane_rules();
std::span<const Rule> caa_rules();
std::span<const Rule> bimi_rules();
std::span<const Rule> client_rules();
std::span<const Rule> dns_rules();
std::span<const Rule> service_rules();
std::span<const Rule> life_cycle_rules();

}  // namespace mxsmith::mail
