// Guards about DMARC policies and DKIM keys, at any name.
#include <algorithm>

#include "plan/guard_rules.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {
namespace {

std::string weakening(const DmarcView::Levels& before, const DmarcView::Levels& after) {
  static constexpr const char* kWords[] = {"none", "quarantine", "reject"};
  const auto part = [](const char* what, int from, int to) {
    return std::string(what) + " would get " + kWords[to] + " instead of " + kWords[from];
  };
  if (after.domain < before.domain) return part("its own mail", before.domain, after.domain);
  if (after.subdomains < before.subdomains) {
    return part("mail of its subdomains", before.subdomains, after.subdomains);
  }
  return part("mail of names that do not exist", before.nonexistent, after.nonexistent);
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
  if (before.exists() && !after.exists()) {
    trip(domain + " would have no DMARC record any more");
  } else if (after.records > 1 && before.records <= 1) {
    trip("receivers would discard the DMARC records of " + domain + ", as there would be several");
  } else if (direction(before.levels(), after.levels()) < 0) {
    // What a CNAME leads to is not known here; a policy that asks for something is not given up
    // for it unseen.
    const auto weaker = weakening(before.levels(), after.levels());
    trip("the DMARC policy of " + domain + " would weaken: " +
             (after.alias ? "it would come from " + after.alias->display() + ", not checked"
                          : weaker),
         "p");
  }
}

std::vector<std::string> active_keys(const SelectorView& view) {
  std::vector<std::string> keys;
  for (const auto& key : view.keys) {
    if (!key.revoked()) keys.push_back(key.algorithm + " " + key.public_key);
  }
  if (view.alias) keys.push_back("CNAME " + view.alias->text());
  return keys;
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
    const auto before = active_keys(selector_of(judged.views.now, name));
    const auto after = active_keys(selector_of(judged.views.after, name));
    return std::any_of(before.begin(), before.end(), [&](const std::string& key) {
      return std::find(after.begin(), after.end(), key) != after.end();
    });
  });
}

void judge_selector(GuardCase& judged, const dns::Name& name) {
  const SelectorView before = selector_of(judged.views.now, name);
  const SelectorView after = selector_of(judged.views.after, name);
  const auto kept = active_keys(after);
  const auto old = active_keys(before);
  const bool all_stay = std::all_of(old.begin(), old.end(), [&](const std::string& key) {
    return std::find(kept.begin(), kept.end(), key) != kept.end();
  });
  if (all_stay) return;
  const auto changed = [&](dns::Type type) {
    return judged.views.now.change({name, type}) != nullptr;
  };
  const dns::Key key{name, changed(dns::Type::TXT) ? dns::Type::TXT : dns::Type::CNAME};
  const std::string shown = name.display();
  if (!kept.empty()) {
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
