#include "plan/spf_reach.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "plan/impact_parts.hpp"

namespace mxsmith::plan {
namespace {

using mail::IpSet;
using mail::SpfAddresses;
using mail::SpfUntold;
using Untold = std::vector<SpfUntold>;

constexpr std::size_t kMostNetworks = 3;

/// The world, but for one record in the place of the SPF record of one name.
class WithRecord final : public mail::Resolver {
 public:
  WithRecord(mail::Resolver& world, const dns::Name& name, const std::string& record)
      : world_(world), name_(name) {
    answer_.status = mail::LookupStatus::found;
    answer_.values = {dns::Txt{record}};
  }
  mail::Answer lookup(const dns::Name& name, dns::Type type) override {
    return type == dns::Type::TXT && name == name_ ? answer_ : world_.lookup(name, type);
  }

 private:
  mail::Resolver& world_;
  const dns::Name& name_;
  mail::Answer answer_;
};

/// Limits aside: a record over the limit still says whom it means to let send.
SpfAddresses addresses_of(const dns::Name& name, mail::Resolver& world) {
  return mail::spf_addresses(name, world, mail::SpfLimits::ignored);
}

SpfAddresses addresses_by(const std::vector<mail::SpfTerm>& terms, const dns::Name& name,
                          mail::Resolver& world) {
  mail::SpfRecord record;
  record.terms = terms;
  WithRecord alone(world, name, record.text());
  return addresses_of(name, alone);
}

/// Equal for what hangs on the same thing, by whatever term it was reached.
std::string cause_of(const SpfUntold& untold) {
  if (untold.why == SpfUntold::Why::not_checked) return base::to_lower(untold.name);
  const std::string_view term = untold.term;
  const bool signed_term = !term.empty() && std::string_view("+-~?").find(term[0]) != term.npos;
  return base::to_lower(untold.domain) + " " + base::to_lower(term.substr(signed_term ? 1 : 0));
}

bool all_in(const Untold& some, const Untold& others) {
  return std::all_of(some.begin(), some.end(), [&](const SpfUntold& one) {
    return std::any_of(others.begin(), others.end(),
                       [&](const SpfUntold& other) { return cause_of(one) == cause_of(other); });
  });
}

IpSet without(IpSet set, const IpSet& other) {
  set.remove(other);
  return set;
}

bool is_plain(const SpfView& spf) { return spf.texts.size() == 1 && !spf.fault; }

/// One state of a record: whom it lets pass, and what of that cannot be told.
struct Reach {
  IpSet pass;
  Untold untold;
  /// Whether everybody passes who passes by those.
  [[nodiscard]] bool covers(const IpSet& addresses, const Untold& others) const {
    return pass.contains(addresses) && all_in(others, untold);
  }
};

/// Of what cannot be told, only what is behind a pass counts: ~include lets nobody send.
Reach reach_of(const SpfView& spf, const dns::Name& name, mail::Resolver& world) {
  WithRecord record(world, name, spf.texts.front());
  return {addresses_of(name, record).pass(), addresses_by(spf.senders(), name, world).untold};
}

/// Two plain records, compared by whom they let pass.
class Comparison {
 public:
  Comparison(const dns::Name& name, SpfTurn& turn, World& world)
      : name_(name),
        turn_(turn),
        world_(world),
        before_(reach_of(turn.before, name, world.now)),
        after_(reach_of(turn.after, name, world.after)) {}

  void run() {
    for (const auto& term : turn_.before.senders()) {
      if (auto loss = loss_by(term)) turn_.losses.push_back(*std::move(loss));
    }
    const auto pass = mail::SpfQualifier::pass;
    if (turn_.before.all == pass || turn_.after.all == pass) return;
    turn_.gained = without(after_.pass, before_.pass);
    turn_.lost = without(before_.pass, after_.pass);
  }

 private:
  std::optional<SpfLoss> loss_by(const mail::SpfTerm& term) {
    SpfAddresses alone;
    const bool network = term.kind == mail::SpfKind::ip4 || term.kind == mail::SpfKind::ip6;
    if (!network) alone = addresses_by({term}, name_, world_.now);
    const IpSet known = network ? IpSet(term.network) : alone.pass();
    SpfLoss loss;
    loss.term = term;
    loss.addresses = without(before_.pass.common_with(known), after_.pass);
    loss.untold =
        turn_.after.all != mail::SpfQualifier::pass && !all_in(alone.untold, after_.untold);
    if (loss.addresses.empty() && !loss.untold) return {};
    loss.follows = record_in_place().covers(loss.addresses, loss.untold ? alone.untold : Untold{});
    return loss;
  }

  /// The new record in the world as it is: what it takes from nobody is taken by other records.
  const Reach& record_in_place() {
    if (!in_place_) in_place_ = reach_of(turn_.after, name_, world_.now);
    return *in_place_;
  }

  const dns::Name& name_;
  SpfTurn& turn_;
  World& world_;
  Reach before_;
  Reach after_;
  std::optional<Reach> in_place_;
};

}  // namespace

SpfCost spf_cost(const dns::Name& name, const SpfView& spf, mail::Resolver& resolver) {
  mail::SpfRecord record;
  record.terms = spf.terms;
  const auto tree = mail::spf_tree(name, record, resolver, mail::SpfTreeAsk::terms);
  SpfCost cost;
  cost.lookups = tree.lookups;
  cost.void_lookups = std::max(tree.void_lookups_v4, tree.void_lookups_v6);
  cost.complete = tree.complete;
  for (const auto& unknown : tree.unknown) {
    auto& names = cost.not_looked_up;
    const bool counts = unknown.type == dns::Type::TXT;
    if (!counts || std::find(names.begin(), names.end(), unknown.name) != names.end()) continue;
    names.push_back(unknown.name);
  }
  return cost;
}

std::string some_networks(const IpSet& addresses, std::size_t most) {
  const auto texts = addresses.texts();
  if (texts.size() <= most + 1) return base::join(texts, ", ");
  const auto end = texts.begin() + static_cast<std::ptrdiff_t>(most);
  return base::join(std::vector<std::string>(texts.begin(), end), ", ") + " and " +
         std::to_string(texts.size() - most) + " more";
}

std::string SpfLoss::words() const {
  std::string term_words = sender_words(term);
  if (addresses.empty()) return term_words;
  std::string networks = some_networks(addresses, kMostNetworks);
  if (term.kind == mail::SpfKind::ip4 || term.kind == mail::SpfKind::ip6) return networks;
  return term_words + " (" + networks + (untold ? " and others)" : ")");
}

SpfTurn spf_turn(const dns::Name& name, const Views& views, World& world) {
  SpfTurn turn;
  turn.before = spf_of(views.now, name);
  turn.after = spf_of(views.after, name);
  if (views.now.changes().empty()) return turn;
  if (is_plain(turn.before) && is_plain(turn.after)) {
    Comparison(name, turn, world).run();
    return turn;
  }
  // What is not one readable record lets nobody pass, yet it says who was meant to.
  for (auto& term : senders_lost(turn.before, turn.after)) {
    SpfLoss loss;
    loss.term = std::move(term);
    loss.untold = true;
    turn.losses.push_back(std::move(loss));
  }
  return turn;
}

}  // namespace mxsmith::plan
