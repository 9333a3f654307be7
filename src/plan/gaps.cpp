#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "plan/name_labels.hpp"
#include "plan/schedule.hpp"
#include "plan/simulate.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {

namespace {

/// Something that a name offers (its absence in between is a gap) or that is wrong with it.
struct Trait {
  std::string text;  ///< "MX", "SPF record"; or "two SPF records"
  bool mail = false;
  friend bool operator==(const Trait& a, const Trait& b) { return a.text == b.text; }
};
using TraitList = std::vector<Trait>;

bool has(const TraitList& list, const Trait& trait) {
  return std::find(list.begin(), list.end(), trait) != list.end();
}

void add(TraitList& list, std::string text, bool mail) {
  Trait trait{std::move(text), mail};
  if (!has(list, trait)) list.push_back(std::move(trait));
}

/// The kind of record that a CNAME at this name stands for, where the name itself tells it.
TxtKind kind_by_name(const dns::Name& name) {
  if (is_selector_name(name)) return TxtKind::dkim;
  std::string_view rest = name.wire();
  const std::string_view first = take_label(rest);
  const std::string_view second = take_label(rest);
  if (first == "_dmarc") return TxtKind::dmarc;
  if (first == "_mta-sts") return TxtKind::mta_sts;
  if (first == "_smtp" && second == "_tls") return TxtKind::tls_rpt;
  if (second == "_bimi") return TxtKind::bimi;
  return TxtKind::other;
}

bool is_smtp_tlsa(const dns::Key& key) {
  std::string_view rest = key.name.wire();
  return key.type == dns::Type::TLSA && take_label(rest) == "_25";
}

void offer_txt(TraitList& offers, const dns::RRset& set) {
  for (const auto& value : set.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr) continue;
    const TxtKind kind = txt_kind(set.name, txt->octets);
    add(offers, std::string(txt_kind_name(kind)), kind != TxtKind::other);
  }
}

/// `is_host`: mail goes to this name.
TraitList offers_of(const NameSets& sets, bool is_host) {
  TraitList offers;
  for (const auto& [type, set] : sets) {
    const TxtKind by_name = kind_by_name(set.name);
    if (type == dns::Type::TXT) {
      offer_txt(offers, set);
    } else if (type == dns::Type::CNAME && by_name != TxtKind::other) {
      add(offers, std::string(txt_kind_name(by_name)), true);
    } else if (type != dns::Type::CNAME) {
      const bool address = type == dns::Type::A || type == dns::Type::AAAA;
      add(offers, dns::type_name(type),
          type == dns::Type::MX || is_smtp_tlsa(set.key()) || (address && is_host));
    }
  }
  if (!sets.empty()) add(offers, "data", is_host);
  return offers;
}

void fault_mx(TraitList& faults, const dns::RRset& set) {
  const bool null = std::any_of(set.values.begin(), set.values.end(), [](const dns::Rdata& value) {
    const auto* mx = std::get_if<dns::Mx>(&value);
    return mx != nullptr && mx->is_null();
  });
  if (null && set.values.size() > 1) add(faults, "null MX beside another MX", true);
}

void fault_txt(TraitList& faults, const dns::RRset& set) {
  std::set<TxtKind> seen;
  for (const auto& value : set.values) {
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (txt == nullptr) continue;
    const TxtKind kind = txt_kind(set.name, txt->octets);
    if (is_single_txt(kind) && !seen.insert(kind).second) {
      add(faults, "two " + std::string(txt_kind_name(kind)) + "s", true);
    }
  }
}

TraitList faults_of(const dns::Name& name, const NameSets& sets, const dns::Name& apex,
                    bool is_host) {
  TraitList faults;
  dns::Zone alone(apex);
  bool mail = is_host || kind_by_name(name) != TxtKind::other;
  for (const auto& [type, set] : sets) {
    mail = mail || type == dns::Type::MX;
    if (type == dns::Type::MX) fault_mx(faults, set);
    if (type == dns::Type::TXT) fault_txt(faults, set);
    if (sets.count(dns::Type::CNAME) != 0) alone.put(set);
  }
  for (auto& text : illegalities(alone)) {
    // The place is said once, by whoever reports the fault.
    const auto place = text.rfind(" at ");
    add(faults, text.substr(0, place), mail);
  }
  return faults;
}

/// Hosts that MX records name, old and new: their addresses matter to mail.
std::set<dns::Name> mail_hosts(const std::vector<Change>& changes, const LiveZone& live) {
  std::set<dns::Name> hosts;
  const auto take = [&](const dns::RRset& set) {
    for (const auto& value : set.values) {
      if (const auto* mx = std::get_if<dns::Mx>(&value)) hosts.insert(mx->exchange);
    }
  };
  if (const LiveSet* mx = live.find(live.apex(), dns::Type::MX)) take(mx->set);
  for (const auto& change : changes) {
    if (change.key.type != dns::Type::MX) continue;
    if (change.before) take(change.before->set);
    if (change.after) take(change.after->set);
  }
  return hosts;
}

bool has_address(const TouchedNames& state, const dns::Name& host) {
  const auto at_name = state.find(host);
  return at_name != state.end() &&
         (at_name->second.count(dns::Type::A) != 0 || at_name->second.count(dns::Type::AAAA) != 0 ||
          at_name->second.count(dns::Type::CNAME) != 0);
}

/// Looks at each state as it goes by.
class GapFinder {
 public:
  GapFinder(const std::vector<Change>& changes, const LiveZone& live)
      : apex_(live.apex()),
        before_(touched_names(changes, live)),
        after_(before_),
        hosts_(mail_hosts(changes, live)) {
    for (const auto& change : changes) {
      auto& sets = after_[change.key.name];
      if (change.after) {
        sets.insert_or_assign(change.key.type, change.after->set);
      } else {
        sets.erase(change.key.type);
      }
      if (change.key.type == dns::Type::MX) mx_names_.insert(change.key.name);
    }
    for (const auto& host : hosts_) {
      if (before_.count(host) != 0) touched_hosts_.push_back(host);
    }
  }

  void look(std::size_t step, const TouchedNames& state, const std::vector<dns::Name>& written) {
    for (const auto& name : written) look_at_name(step, state, name);
    for (const auto& host : touched_hosts_) look_at_host(step, state, host);
  }

  [[nodiscard]] const TouchedNames& before() const { return before_; }
  std::vector<Gap> take() { return std::move(gaps_); }

 private:
  void look_at_name(std::size_t step, const TouchedNames& state, const dns::Name& name) {
    const bool host = hosts_.count(name) != 0;
    const NameSets& now = state.at(name);
    const NameSets& old = before_.at(name);
    const NameSets& later = after_.at(name);
    const TraitList old_offers = offers_of(old, host);
    const TraitList later_offers = offers_of(later, host);
    const TraitList offers = offers_of(now, host);
    bool told = false;
    for (const auto& offer : old_offers) {
      if (!has(later_offers, offer) || has(offers, offer)) continue;
      // That nothing at all answers is worth saying only where nothing more exact was said.
      if (offer.text == "data" && told) continue;
      told = true;
      report(step, "no " + offer.text, name, offer.mail);
    }
    const TraitList old_faults = faults_of(name, old, apex_, host);
    const TraitList later_faults = faults_of(name, later, apex_, host);
    for (const auto& fault : faults_of(name, now, apex_, host)) {
      if (has(old_faults, fault) || has(later_faults, fault)) continue;
      report(step, fault.text, name, fault.mail);
    }
  }

  /// An MX that names a host of this zone which has no address yet, or no longer.
  void look_at_host(std::size_t step, const TouchedNames& state, const dns::Name& host) {
    const auto hangs = [&](const TouchedNames& zone) {
      return is_exchange(zone, host) && !has_address(zone, host);
    };
    if (!hangs(state) || hangs(before_) || hangs(after_)) return;
    report(step, "no address for the MX host", host, true);
  }

  [[nodiscard]] bool is_exchange(const TouchedNames& zone, const dns::Name& host) const {
    return std::any_of(mx_names_.begin(), mx_names_.end(), [&](const dns::Name& name) {
      const auto at_name = zone.find(name);
      if (at_name == zone.end()) return false;
      const auto mx = at_name->second.find(dns::Type::MX);
      if (mx == at_name->second.end()) return false;
      const auto& values = mx->second.values;
      return std::any_of(values.begin(), values.end(), [&](const dns::Rdata& value) {
        const auto* one = std::get_if<dns::Mx>(&value);
        return one != nullptr && one->exchange == host;
      });
    });
  }

  void report(std::size_t step, const std::string& what, const dns::Name& name, bool mail) {
    Gap gap{step, what + " at " + name.display() + " during step " + std::to_string(step + 1),
            mail};
    const bool known = std::any_of(gaps_.rbegin(), gaps_.rend(), [&](const Gap& other) {
      return other.step == gap.step && other.message == gap.message;
    });
    if (!known) gaps_.push_back(std::move(gap));
  }

  const dns::Name& apex_;
  TouchedNames before_;
  TouchedNames after_;
  std::set<dns::Name> hosts_;
  std::set<dns::Name> mx_names_;
  std::vector<dns::Name> touched_hosts_;
  std::vector<Gap> gaps_;
};

}  // namespace

std::vector<Gap> find_gaps(const std::vector<Change>& changes, const std::vector<Step>& steps,
                           const LiveZone& live, const Traits& traits) {
  GapFinder finder(changes, live);
  TouchedNames state = finder.before();
  play(changes, steps, traits, state,
       [&](std::size_t step, const TouchedNames& now, const std::vector<dns::Name>& written) {
         finder.look(step, now, written);
       });
  return finder.take();
}

}  // namespace mxsmith::plan
