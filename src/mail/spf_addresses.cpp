#include "mail/spf_addresses.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

/// Records of DNS are hostile: how many are read, and how deep one in the other.
constexpr std::size_t kMostRecords = 1000;
constexpr std::size_t kDeepest = 50;
/// Counting stops here when there is no limit.
constexpr unsigned kHighestCount = 250;

/// What the way so far has cost.
struct Cost {
  unsigned lookups = 0;
  unsigned voids = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
};

/// Addresses that no term has decided yet, by what they have cost. Where a term cannot be told, an
/// address is both decided by it and not.
using Undecided = std::map<Cost, IpSet>;
struct Fate {
  SpfResult result{};
  Cost cost;
  friend auto operator<=>(const Fate&, const Fate&) = default;
};
using Decided = std::map<Fate, IpSet>;

template <class Shares>
void give(Shares& shares, const typename Shares::key_type& key, const IpSet& set) {
  if (!set.empty()) shares[key].add(set);
}

IpSet all_of(IpFamily family) { return IpSet(IpNetwork{family, {}, 0}); }

bool is_network(const SpfTerm& term) {
  return term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6;
}

class Walk {
 public:
  Walk(const dns::Name& domain, Resolver& resolver, SpfLimits limits)
      : resolver_(resolver), limits_(limits), top_(plain_text(domain)) {
    values_.sender = "postmaster@" + top_;
  }

  SpfAddresses run() {
    for (const auto family : {IpFamily::v4, IpFamily::v6}) {
      family_ = family;
      values_.ip.family = family;
      for (const auto& [fate, set] : judged(top_, {})) take(fate, set);
    }
    keep_doubts_apart();
    return std::move(result_);
  }

 private:
  /// One record under way.
  struct Place {
    std::string domain;
    Undecided undecided = {};
    Decided decided = {};
  };

  void take(const Fate& fate, const IpSet& set) {
    result_.lookups = std::max(result_.lookups, fate.cost.lookups);
    result_.void_lookups = std::max(result_.void_lookups, fate.cost.voids);
    result_.by_result[static_cast<std::size_t>(fate.result)].add(set);
  }

  /// An address with several results may have any of them.
  void keep_doubts_apart() {
    IpSet seen;
    for (const IpSet& set : result_.by_result) {
      result_.uncertain.add(set.common_with(seen));
      seen.add(set);
    }
    result_.may_pass = result_.uncertain.common_with(result_.pass());
    for (IpSet& set : result_.by_result) set.remove(result_.uncertain);
  }

  // ---- what is told on the way ----

  void tell_untold(const Place& place, const SpfTerm* term, SpfUntold::Why why,
                   const std::string& name = {}) {
    SpfUntold untold{place.domain, term == nullptr ? "" : term->text, why, name};
    const std::string key =
        untold.domain + " " + untold.term + " " + name + std::to_string(static_cast<int>(why));
    if (told_.insert(key).second) result_.untold.push_back(std::move(untold));
  }

  void end(Place& place, const Cost& cost, const IpSet& set, SpfResult result,
           const std::string& problem) {
    give(place.decided, {result, cost}, set);
    if (result_.problem.empty() && !set.empty()) result_.problem = problem;
  }

  // ---- limits (RFC 7208 section 4.6.4) ----

  bool count(unsigned& counter, unsigned most) const {
    if (limits_ == SpfLimits::honoured) return ++counter <= most;
    counter = std::min(counter + 1, kHighestCount);
    return true;
  }

  bool count_lookup(Place& place, Cost& cost, const IpSet& set) {
    if (count(cost.lookups, kSpfMostLookups)) return true;
    end(place, cost, set, SpfResult::permerror,
        "more than " + std::to_string(kSpfMostLookups) + " lookups are needed");
    return false;
  }

  // ---- DNS ----

  const Answer& ask(const dns::Name& name, dns::Type type) {
    const auto [found, fresh] = answers_.try_emplace({name, type});
    if (fresh) {
      found->second = resolver_.lookup(name, type);
      result_.answers.push_back(shown_query(name, type, found->second));
    }
    return found->second;
  }

  /// The answer to the question that a term is about. Null: these addresses are done with, or have
  /// gone on without it.
  const Answer* ask_for_term(const SpfTerm& term, const dns::Name& name, dns::Type type,
                             Place& place, Cost& cost, const IpSet& set) {
    const Answer& answer = ask(name, type);
    if (answer.status == LookupStatus::not_checked) {
      tell_untold(place, &term, SpfUntold::Why::not_checked, plain_text(name));
      go_on_in_doubt(term, place, cost, set);
      return nullptr;
    }
    if (answer.status == LookupStatus::failed) {
      end(place, cost, set, SpfResult::temperror,
          dns::type_name(type) + " of " + plain_text(name) + " could not be looked up");
      return nullptr;
    }
    if (answer.is_void() && !count(cost.voids, kSpfMostVoidLookups)) {
      end(place, cost, set, SpfResult::permerror,
          "more than " + std::to_string(kSpfMostVoidLookups) + " lookups found nothing");
      return nullptr;
    }
    return &answer;
  }

  [[nodiscard]] dns::Type address_type() const {
    return family_ == IpFamily::v4 ? dns::Type::A : dns::Type::AAAA;
  }

  // ---- targets ----

  /// Whether each client and sender of the domain has the same target: %{o} is the domain asked
  /// for, %{d} that of the record, and the families are walked one after the other.
  static bool is_told(const SpfTerm& term) {
    constexpr std::string_view kTold("\0dov", 4);
    return std::all_of(term.macros.begin(), term.macros.end(), [&](const SpfMacro& macro) {
      return kTold.find(macro.letter) != std::string_view::npos;
    });
  }

  std::string target_of(const SpfTerm& term, const Place& place) {
    if (term.domain_size == 0) return place.domain;
    values_.domain = place.domain;
    return spf_target(expand_spf_macros(term.domain_spec(), term.macros, values_));
  }

  // ---- terms: what becomes of addresses that none before has decided ----

  static void go_on_in_doubt(const SpfTerm& term, Place& place, const Cost& cost,
                             const IpSet& set) {
    give(place.decided, {spf_result_of(term.qualifier), cost}, set);
    give(place.undecided, cost, set);
  }

  /// `set` becomes what is not matched.
  static void match(const SpfTerm& term, const IpSet& matching, Place& place, const Cost& cost,
                    IpSet& set) {
    const IpSet hit = set.common_with(matching);
    give(place.decided, {spf_result_of(term.qualifier), cost}, hit);
    set.remove(hit);
  }

  void try_term(const SpfTerm& term, Place& place) {
    for (auto& [cost, set] : std::exchange(place.undecided, {})) {
      Cost now = cost;
      if (term.needs_lookup() && !count_lookup(place, now, set)) continue;
      try_share(term, place, now, set);
    }
  }

  void try_share(const SpfTerm& term, Place& place, Cost& cost, IpSet& set) {
    if (term.kind == SpfKind::all) return match(term, set, place, cost, set);
    if (term.kind == SpfKind::ptr || !is_told(term)) {
      tell_untold(place, &term,
                  term.kind == SpfKind::ptr ? SpfUntold::Why::ptr : SpfUntold::Why::macro);
      return go_on_in_doubt(term, place, cost, set);
    }
    const std::string target = target_of(term, place);
    if (term.kind == SpfKind::include) return try_include(term, target, place, cost, set);
    // As in check_spf, what is no name matches nothing (RFC 7208 section 4.8 leaves it open).
    const auto name = spf_name(target);
    if (!name) return give(place.undecided, cost, set);
    if (term.kind == SpfKind::a) return try_a(term, *name, place, cost, set);
    if (term.kind == SpfKind::mx) return try_mx(term, *name, place, cost, set);
    try_exists(term, *name, place, cost, set);
  }

  [[nodiscard]] IpSet around(const Answer& answer, const SpfTerm& term) const {
    const unsigned prefix = family_ == IpFamily::v4 ? term.ip4_prefix : term.ip6_prefix;
    std::vector<IpNetwork> networks;
    networks.reserve(answer.values.size());
    for (const Ip& ip : addresses_in(answer.values))
      networks.push_back({ip.family, ip.bits, prefix});
    return IpSet(networks);
  }

  void try_a(const SpfTerm& term, const dns::Name& name, Place& place, Cost& cost, IpSet& set) {
    const Answer* answer = ask_for_term(term, name, address_type(), place, cost, set);
    if (answer == nullptr) return;
    match(term, around(*answer, term), place, cost, set);
    give(place.undecided, cost, set);
  }

  void try_mx(const SpfTerm& term, const dns::Name& name, Place& place, Cost& cost, IpSet& set) {
    const Answer* answer = ask_for_term(term, name, dns::Type::MX, place, cost, set);
    if (answer == nullptr) return;
    if (answer->values.size() > kSpfMostNames) {
      return end(place, cost, set, SpfResult::permerror,
                 plain_text(name) + " has more than ten MX records");
    }
    for (const dns::Name& exchange : exchanges_in(answer->values)) {
      if (set.empty()) return;
      const Answer& addresses = ask(exchange, address_type());
      if (addresses.status == LookupStatus::not_checked) {
        tell_untold(place, &term, SpfUntold::Why::not_checked, plain_text(exchange));
        give(place.decided, {spf_result_of(term.qualifier), cost}, set);
      } else if (addresses.status == LookupStatus::failed) {
        return end(place, cost, set, SpfResult::temperror,
                   dns::type_name(address_type()) + " of " + plain_text(exchange) +
                       " could not be looked up");
      }
      match(term, around(addresses, term), place, cost, set);
    }
    give(place.undecided, cost, set);
  }

  /// Always an A record, whatever family the client is of (RFC 7208 section 5.7).
  void try_exists(const SpfTerm& term, const dns::Name& name, Place& place, Cost& cost,
                  IpSet& set) {
    const Answer* answer = ask_for_term(term, name, dns::Type::A, place, cost, set);
    if (answer == nullptr) return;
    if (answer->status == LookupStatus::found) match(term, set, place, cost, set);
    give(place.undecided, cost, set);
  }

  /// RFC 7208 section 5.2, the table of results.
  void try_include(const SpfTerm& term, const std::string& target, Place& place, const Cost& cost,
                   const IpSet& set) {
    for (const auto& [inner, inner_set] : judged(target, cost)) {
      const IpSet both = set.common_with(inner_set);
      switch (inner.result) {
        case SpfResult::pass:
          give(place.decided, {spf_result_of(term.qualifier), inner.cost}, both);
          break;
        case SpfResult::temperror:
        case SpfResult::permerror:
        case SpfResult::none:
          give(place.decided, {without_none(inner.result), inner.cost}, both);
          break;
        default: give(place.undecided, inner.cost, both);
      }
    }
  }

  /// A target without a record is permerror (RFC 7208 sections 5.2 and 6.1).
  static SpfResult without_none(SpfResult result) {
    return result == SpfResult::none ? SpfResult::permerror : result;
  }

  static void any_result(Place& place, const Cost& cost, const IpSet& set) {
    for (const auto result :
         {SpfResult::pass, SpfResult::fail, SpfResult::softfail, SpfResult::neutral}) {
      give(place.decided, {result, cost}, set);
    }
  }

  // ---- records ----

  /// RFC 7208 section 6.1.
  void follow_redirect(const SpfTerm& term, Place& place) {
    for (const auto& [cost, set] : std::exchange(place.undecided, {})) {
      Cost now = cost;
      if (!count_lookup(place, now, set)) continue;
      if (!is_told(term)) {
        tell_untold(place, &term, SpfUntold::Why::macro);
        any_result(place, now, set);
        continue;
      }
      for (const auto& [inner, inner_set] : judged(target_of(term, place), now)) {
        give(place.decided, {without_none(inner.result), inner.cost}, set.common_with(inner_set));
      }
    }
  }

  /// What the record of a domain makes of all addresses of the family, after lookups have been
  /// counted as in `from`.
  Decided judged(const std::string& domain, const Cost& from) {
    // Without limits the way to a record changes nothing but the count.
    const bool limited = limits_ == SpfLimits::honoured;
    const Cost start = limited ? from : Cost{};
    const Key key{family_, base::to_lower(domain), start};
    const auto known = judged_.find(key);
    Decided decided = known != judged_.end() ? known->second : judged_afresh(domain, key);
    if (limited) return decided;
    Decided shifted;
    for (const auto& [fate, set] : decided) {
      give(shifted,
           {fate.result,
            {std::min(fate.cost.lookups + from.lookups, kHighestCount),
             std::min(fate.cost.voids + from.voids, kHighestCount)}},
           set);
    }
    return shifted;
  }

  using Key = std::tuple<IpFamily, std::string, Cost>;

  Decided judged_afresh(const std::string& domain, const Key& key) {
    const Cost& start = std::get<Cost>(key);
    const IpSet everyone = all_of(family_);
    Place place{spf_target(domain)};
    if (under_way_.size() > kDeepest || ++read_ > kMostRecords) {
      tell_untold(place, nullptr, SpfUntold::Why::too_many);
      any_result(place, start, everyone);
      return std::move(place.decided);
    }
    if (!under_way_.insert(key).second) {
      ++circles_;
      end(place, {kSpfMostLookups + 1, 0}, everyone, SpfResult::permerror,
          "the records include each other in a circle, at " + place.domain);
      return std::move(place.decided);
    }
    const std::size_t circles = circles_;
    give(place.undecided, start, everyone);
    judge_record(place, start, everyone);
    under_way_.erase(key);
    // What met a circle holds only for those who came by it.
    if (circles == circles_) judged_.emplace(key, place.decided);
    return std::move(place.decided);
  }

  /// Reads the record and walks it; without one, the end for everyone.
  void judge_record(Place& place, const Cost& cost, const IpSet& everyone) {
    if (!is_spf_domain(place.domain)) {
      return end(place, cost, everyone, SpfResult::none, "not a domain name with several labels");
    }
    const Answer& answer = ask(*spf_name(place.domain), dns::Type::TXT);
    if (answer.status == LookupStatus::not_checked) {
      tell_untold(place, nullptr, SpfUntold::Why::not_checked, place.domain);
      return any_result(place, cost, everyone);
    }
    if (answer.status == LookupStatus::failed) {
      return end(place, cost, everyone, SpfResult::temperror,
                 "TXT of " + place.domain + " could not be looked up");
    }
    const auto selected = select_spf(answer.values);
    if (!selected.text) {
      return end(place, cost, everyone, selected.fault,
                 selected.fault == SpfResult::permerror
                     ? place.domain + " has more than one SPF record"
                     : place.domain + " has no SPF record");
    }
    const auto record = parse_spf(*selected.text);
    if (!record) {
      return end(place, cost, everyone, SpfResult::permerror,
                 "the record of " + place.domain + " cannot be read, sign " +
                     std::to_string(record.fault().offset + 1) + ": " + record.fault().message);
    }
    walk(*record, place);
  }

  /// RFC 7208 sections 4.6.2 and 4.7.
  void walk(const SpfRecord& record, Place& place) {
    const auto& terms = record.terms;
    for (auto term = terms.begin(); term != terms.end() && !place.undecided.empty();) {
      if (is_network(*term)) {
        term = try_networks(term, terms.end(), place);
        continue;
      }
      if (!term->is_modifier) try_term(*term, place);
      ++term;
    }
    const auto redirect = std::find_if(terms.begin(), terms.end(), [](const SpfTerm& term) {
      return term.kind == SpfKind::redirect;
    });
    if (redirect != terms.end()) return follow_redirect(*redirect, place);
    for (const auto& [cost, set] : std::exchange(place.undecided, {})) {
      give(place.decided, {SpfResult::neutral, cost}, set);
    }
  }

  using Term = std::vector<SpfTerm>::const_iterator;

  /// Records of thousands of blocks exist: a run of them with one qualifier is one set.
  static Term try_networks(Term first, Term last, Place& place) {
    std::vector<IpNetwork> networks;
    Term term = first;
    for (; term != last && is_network(*term) && term->qualifier == first->qualifier; ++term) {
      networks.push_back(term->network);
    }
    const IpSet matching(networks);
    for (const auto& [cost, set] : std::exchange(place.undecided, {})) {
      IpSet rest = set;
      match(*first, matching, place, cost, rest);
      give(place.undecided, cost, rest);
    }
    return term;
  }

  Resolver& resolver_;
  SpfLimits limits_;
  std::string top_;
  IpFamily family_ = IpFamily::v4;
  SpfMacroValues values_;
  SpfAddresses result_;
  std::map<std::pair<dns::Name, dns::Type>, Answer> answers_;
  std::map<Key, Decided> judged_;
  std::set<Key> under_way_;
  std::size_t read_ = 0;
  std::size_t circles_ = 0;
  std::set<std::string> told_;
};

}  // namespace

std::string_view spf_untold_phrase(SpfUntold::Why why) {
  switch (why) {
    case SpfUntold::Why::not_checked: return "was not looked up";
    case SpfUntold::Why::ptr: return "asks for the name of the client";
    case SpfUntold::Why::macro: return "depends on the client, the sender or HELO";
    case SpfUntold::Why::too_many: break;
  }
  return "was not read: it includes too many records";
}

SpfAddresses spf_addresses(const dns::Name& domain, Resolver& resolver, SpfLimits limits) {
  return Walk(domain, resolver, limits).run();
}

}  // namespace mxsmith::mail
