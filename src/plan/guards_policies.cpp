// Guards about DMARC policies and DKIM keys, at any name.
#include <algorithm>
#include <iterator>

#include "plan/guard_rules.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {
namespace {

/// What weakens first: policies stand before the rest.
const mail::Difference* weakening(const mail::Differences& differences) {
  const auto found = std::find_if(
      differences.begin(), differences.end(),
      [](const mail::Difference& one) { return one.effect == mail::Difference::Effect::weaker; });
  return found == differences.end() ? nullptr : &*found;
}

/// A subdomain without a record of its own has that of its organization (RFC 9989 section 4.10),
/// so records that come and go are weighed by what holds for the domain with and without them.
void judge_dmarc(GuardCase& judged, const dns::Name& name) {
  const dns::Name domain = name.parent();
  const DmarcView before = dmarc_of(judged.views().now, name);
  const DmarcView after = dmarc_of(judged.views().after, name);
  const DmarcReach now = dmarc_reach(domain, before, judged.seen.world.now);
  const DmarcReach then = dmarc_reach(domain, after, judged.seen.world.after);
  const std::string shown = domain.display();
  const bool changed = judged.views().now.change({name, dns::Type::TXT}) != nullptr;
  const dns::Key key{name, changed ? dns::Type::TXT : dns::Type::CNAME};
  const auto trip = [&](const std::string& message, std::string_view part = {}) {
    judged.trip("dmarc-weakened", message, key, part);
  };
  const auto differences = mail::compare_dmarc(now.record, then.record);
  const mail::Difference* weaker = weakening(differences);
  if (before.exists() && !after.exists() && !then.record) {
    trip(shown + " would have no DMARC record any more");
  } else if (after.records > 1 && before.records <= 1) {
    trip("receivers would discard the DMARC records of " + shown + ", as there would be several");
  } else if (!now.known || weaker == nullptr) {
    return;
  } else if (after.alias && !then.known) {
    // What a CNAME leads to is not known here; a policy that asks for something is not given up
    // for it unseen.
    trip("the DMARC policy of " + shown + " would weaken: it would come from " +
             after.alias->display() + ", not checked",
         "p");
  } else {
    const std::string elsewhere = then.record && then.from != now.from && then.from != domain
                                      ? " (by the record of " + then.from.display() + ")"
                                      : "";
    trip("the DMARC policy of " + shown + " would weaken: " + weaker->text + elsewhere,
         weaker->tag);
  }
}

/// Keys by which signatures can be verified.
std::vector<mail::DkimKey> active_keys(const SelectorView& view) {
  std::vector<mail::DkimKey> keys;
  std::copy_if(view.keys.begin(), view.keys.end(), std::back_inserter(keys),
               [](const mail::DkimKey& key) { return !key.revoked(); });
  return keys;
}

bool holds_key(const std::vector<mail::DkimKey>& keys, const mail::DkimKey& wanted) {
  return std::any_of(keys.begin(), keys.end(), [&](const mail::DkimKey& key) {
    return mail::same_key(key, wanted) && key.serves_mail() >= wanted.serves_mail();
  });
}

/// Whether all by which signatures can be verified stays, be it keys or an alias.
bool all_stays(const SelectorView& before, const SelectorView& after) {
  const auto kept = active_keys(after);
  const auto old = active_keys(before);
  return (!before.alias || before.alias == after.alias) &&
         std::all_of(old.begin(), old.end(),
                     [&](const mail::DkimKey& key) { return holds_key(kept, key); });
}

bool any_stays(const SelectorView& before, const SelectorView& after) {
  const auto kept = active_keys(after);
  const auto old = active_keys(before);
  return (before.alias && before.alias == after.alias) ||
         std::any_of(old.begin(), old.end(),
                     [&](const mail::DkimKey& key) { return holds_key(kept, key); });
}

/// Whether the same keys stay, and one of them is no longer good for mail (h= or s=).
bool loses_mail(const SelectorView& before, const SelectorView& after) {
  const auto kept = active_keys(after);
  const auto old = active_keys(before);
  return !before.alias && std::all_of(old.begin(), old.end(), [&](const mail::DkimKey& key) {
    return std::any_of(kept.begin(), kept.end(),
                       [&](const mail::DkimKey& other) { return mail::same_key(key, other); });
  });
}

bool is_revocation(const SelectorView& after) {
  return std::any_of(after.keys.begin(), after.keys.end(),
                     [](const mail::DkimKey& key) { return key.revoked(); });
}

bool is_selector_of(const dns::Name& name, const dns::Name& domain) {
  if (!name.is_at_or_below(domain) || !is_selector_name(name)) return false;
  const auto split = split_selector(name);
  return split && split->domain == domain;
}

/// Whether by what the spec says the signer of one selector may sign with the other: what it is
/// silent about may.
bool may_take_over(const GuardCase& judged, const SelectorName& one, const dns::Name& other) {
  const auto split = split_selector(other);
  if (!split || split->domain != judged.seen.apex) return true;
  const mail::Declared& declared = judged.seen.declared;
  const auto* theirs = declared.selector(split->selector);
  if (theirs == nullptr) return true;
  const auto* ours = declared.selector(one.selector);
  return theirs->state == mail::SelectorState::active &&
         (ours == nullptr || ours->signer == theirs->signer);
}

/// Whether the domain has another key that is live already and stays: then the signer can have gone
/// over to it, as a rotation does.
bool another_key_stays(const GuardCase& judged, const dns::Name& selector) {
  const auto split = split_selector(selector);
  if (!split) return false;
  const auto& sets = judged.views().now.live().sets();
  return std::any_of(sets.begin(), sets.end(), [&](const LiveSet& live) {
    const dns::Name& name = live.set.name;
    if (live.set.type != dns::Type::TXT && live.set.type != dns::Type::CNAME) return false;
    if (name == selector || !is_selector_of(name, split->domain)) return false;
    if (!may_take_over(judged, *split, name)) return false;
    return any_stays(selector_of(judged.views().now, name),
                     selector_of(judged.views().after, name));
  });
}

void judge_selector(GuardCase& judged, const dns::Name& name) {
  const SelectorView before = selector_of(judged.views().now, name);
  const SelectorView after = selector_of(judged.views().after, name);
  if (all_stays(before, after)) return;
  const auto changed = [&](dns::Type type) {
    return judged.views().now.change({name, type}) != nullptr;
  };
  const dns::Key key{name, changed(dns::Type::TXT) ? dns::Type::TXT : dns::Type::CNAME};
  const std::string shown = name.display();
  if (loses_mail(before, after)) {
    judged.trip("dkim-key-removed",
                "the DKIM key at " + shown + " would no longer be good for mail (h= or s=)", key,
                "p");
  } else if (after.active()) {
    judged.trip("dkim-key-replaced",
                "selector " + shown + " would publish another key; give a new key a new selector",
                key, "p");
  } else if (!is_revocation(after)) {
    judged.trip("dkim-key-removed", "the active DKIM key at " + shown + " would be removed", key);
  } else if (!another_key_stays(judged, name)) {
    judged.trip("dkim-key-removed",
                "the active DKIM key at " + shown +
                    " would be revoked, and its signer has no other that is live already",
                key, "p");
  }
}

}  // namespace

void judge_policies(GuardCase& judged) {
  for (const auto& name : changed_names(judged.changes(), is_dmarc_name)) judge_dmarc(judged, name);
  for (const auto& name : changed_names(judged.changes(), is_selector))
    judge_selector(judged, name);
}

}  // namespace mxsmith::plan
