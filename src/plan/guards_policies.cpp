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

void judge_dmarc(GuardCase& judged, const dns::Name& name) {
  const DmarcView before = dmarc_of(judged.views.now, name);
  const DmarcView after = dmarc_of(judged.views.after, name);
  const std::string domain = name.parent().display();
  const bool changed = judged.views.now.change({name, dns::Type::TXT}) != nullptr;
  const dns::Key key{name, changed ? dns::Type::TXT : dns::Type::CNAME};
  const auto trip = [&](const std::string& message, std::string_view part = {}) {
    judged.trip("dmarc-weakened", message, key, part);
  };
  const auto differences = mail::compare_dmarc(before.record, after.record);
  const mail::Difference* weaker = weakening(differences);
  if (before.exists() && !after.exists()) {
    trip(domain + " would have no DMARC record any more");
  } else if (after.records > 1 && before.records <= 1) {
    trip("receivers would discard the DMARC records of " + domain + ", as there would be several");
  } else if (weaker != nullptr) {
    // What a CNAME leads to is not known here; a policy that asks for something is not given up
    // for it unseen.
    trip("the DMARC policy of " + domain + " would weaken: " +
             (after.alias ? "it would come from " + after.alias->display() + ", not checked"
                          : weaker->text),
         "p");
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

/// Whether the domain has another key that is live already and stays: then the signer can have gone
/// over to it, as a rotation does.
bool another_key_stays(const GuardCase& judged, const dns::Name& selector) {
  const auto split = split_selector(selector);
  if (!split) return false;
  const auto& sets = judged.views.now.live().sets();
  return std::any_of(sets.begin(), sets.end(), [&](const LiveSet& live) {
    const dns::Name& name = live.set.name;
    if (live.set.type != dns::Type::TXT && live.set.type != dns::Type::CNAME) return false;
    if (name == selector || !is_selector_of(name, split->domain)) return false;
    return any_stays(selector_of(judged.views.now, name), selector_of(judged.views.after, name));
  });
}

void judge_selector(GuardCase& judged, const dns::Name& name) {
  const SelectorView before = selector_of(judged.views.now, name);
  const SelectorView after = selector_of(judged.views.after, name);
  if (all_stays(before, after)) return;
  const auto changed = [&](dns::Type type) {
    return judged.views.now.change({name, type}) != nullptr;
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
                    " would be revoked, and the domain has no other that is live already",
                key, "p");
  }
}

}  // namespace

void judge_policies(GuardCase& judged) {
  for (const auto& name : changed_names(judged.changes, is_dmarc_name)) judge_dmarc(judged, name);
  for (const auto& name : changed_names(judged.changes, is_selector)) judge_selector(judged, name);
}

}  // namespace mxsmith::plan
