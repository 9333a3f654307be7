// A zone's mail records as they are and as they would be: what impact, guards and remarks read.
//
// Private to src/plan/impact*.cpp and guards*.cpp. Everything here reads tolerantly, because live
// records need not be right; what is broken is said by a member, never by a missing value.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/resolver.hpp"
#include "mail/spf.hpp"
#include "mail/zone_sets.hpp"
#include "plan/change.hpp"
#include "plan/live.hpp"

namespace mxsmith::plan {

/// One of the two states of a zone that a plan speaks of.
class ZoneView final : public mail::ZoneSets {
 public:
  enum class Moment : char { now, after };
  ZoneView(const std::vector<Change>& changes, const LiveZone& live, Moment moment);

  [[nodiscard]] const dns::Name& apex() const override { return live_->apex(); }
  [[nodiscard]] const dns::RRset* find(const dns::Name& name, dns::Type type) const override;
  [[nodiscard]] std::vector<const dns::RRset*> at(const dns::Name& name) const override;
  void visit(const std::function<void(const dns::RRset&)>& visitor) const override;
  /// Values of the TXT set of that name; none if there is no such set.
  [[nodiscard]] std::vector<std::string> texts(const dns::Name& name) const;
  /// Target of a CNAME at that name.
  [[nodiscard]] std::optional<dns::Name> alias(const dns::Name& name) const;
  /// The change of that set, or null.
  [[nodiscard]] const Change* change(const dns::Key& key) const;
  [[nodiscard]] const LiveZone& live() const { return *live_; }
  [[nodiscard]] const std::vector<Change>& changes() const { return *changes_; }

 private:
  [[nodiscard]] const dns::RRset* state_of(const Change& change) const;
  const std::vector<Change>* changes_;
  const LiveZone* live_;
  Moment moment_;
  std::unordered_map<dns::Name, std::vector<const Change*>> changed_;
};

/// Both states.
struct Views {
  Views(const std::vector<Change>& changes, const LiveZone& live)
      : now(changes, live, ZoneView::Moment::now), after(changes, live, ZoneView::Moment::after) {}
  ZoneView now;
  ZoneView after;
};

/// MX records in the order in which senders try them.
std::vector<dns::Mx> mx_of(const ZoneView& zone, const dns::Name& name);

/// The SPF records at one name, taken together.
struct SpfView {
  std::vector<std::string> texts;    ///< Each record as it is.
  std::optional<base::Fault> fault;  ///< Of the first one that cannot be read.
  std::vector<mail::SpfTerm> terms;  ///< Effective terms of all of them, unreadable ones left out.
  std::optional<mail::SpfQualifier> all;  ///< The weakest, where there are several.

  [[nodiscard]] bool exists() const { return !texts.empty(); }
  /// Terms by which somebody may send: with qualifier pass, `all` aside, and redirect=.
  [[nodiscard]] std::vector<mail::SpfTerm> senders() const;
  [[nodiscard]] std::size_t own_lookups() const;
  /// Whether include or redirect makes other records part of it.
  [[nodiscard]] bool refers_elsewhere() const;
};
SpfView spf_of(const ZoneView& zone, const dns::Name& name);

/// What lets a sender pass, for comparing: "include:x" for a redirect to x as well.
std::string sender_identity(const mail::SpfTerm& term);
/// Senders of `before` that `after` does not cover: by identity, or a network by a larger one.
std::vector<mail::SpfTerm> senders_lost(const SpfView& before, const SpfView& after);

/// DMARC at a _dmarc name.
struct DmarcView {
  std::size_t records = 0;
  std::optional<dns::Name> alias;  ///< A CNAME stands there instead.
  /// What receivers use: several records are none (RFC 9989 section 4.10).
  std::optional<mail::DmarcRecord> record;

  [[nodiscard]] bool exists() const { return records != 0 || alias.has_value(); }
};
DmarcView dmarc_of(const ZoneView& zone, const dns::Name& name);

/// What receivers apply to a domain's mail, wherever it comes from.
struct DmarcReach {
  /// As if it stood at the domain: of a record found further up, what it says of names below it.
  std::optional<mail::DmarcRecord> record;
  dns::Name from;     ///< The domain whose record it is.
  bool known = true;  ///< Nothing at the domain is an alias for what nobody looked up.
};
DmarcReach dmarc_reach(const dns::Name& domain, const DmarcView& own, mail::Resolver& resolver);
/// 1 stricter in something and weaker in nothing, -1 weaker in something, 0 neither.
int direction(const mail::Differences& differences);

/// What a DKIM selector holds.
struct SelectorView {
  std::vector<mail::DkimKey> keys;
  std::size_t other_values = 0;  ///< TXT values that are no DKIM key.
  std::optional<dns::Name> alias;

  [[nodiscard]] bool exists() const { return !keys.empty() || other_values != 0 || alias; }
  /// Whether a signature could be verified by it: a key that is not revoked, or a CNAME, which is
  /// taken to lead to one.
  [[nodiscard]] bool active() const;
};
SelectorView selector_of(const ZoneView& zone, const dns::Name& name);
/// Selector and domain of a name below _domainkey.
struct SelectorName {
  std::string selector;  ///< "s1", "s1.eu"
  dns::Name domain;      ///< What stands behind _domainkey.
};
std::optional<SelectorName> split_selector(const dns::Name& name);

/// Names of the changes that `wanted` accepts, each once, in canonical order.
std::vector<dns::Name> changed_names(const std::vector<Change>& changes,
                                     bool (*wanted)(const dns::Key&));
bool is_txt(const dns::Key& key);
bool is_mx(const dns::Key& key);
/// TXT or CNAME at a DKIM selector, at a _dmarc name.
bool is_selector(const dns::Key& key);
bool is_dmarc_name(const dns::Key& key);

/// The place in the spec of one part of a change, the change's own place if the part has none.
base::SourcePos place_of(const Change* change, std::string_view part);

}  // namespace mxsmith::plan
