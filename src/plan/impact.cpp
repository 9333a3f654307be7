// Where inbound mail goes and who may send, before and after.
#include <algorithm>

#include "plan/impact_parts.hpp"
#include "plan/judge.hpp"

namespace mxsmith::plan {
namespace {

/// RFC 5321 section 5.1: without MX the domain's own addresses take its place.
const dns::RRset* implicit_mx(const ZoneView& zone, const dns::Name& name) {
  for (const auto type : {dns::Type::A, dns::Type::AAAA}) {
    if (const auto* set = zone.find(name, type)) return set;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> receivers_of(const ZoneView& zone, const dns::Name& name) {
  std::vector<std::string> result;
  for (const auto& mx : mx_of(zone, name)) {
    result.push_back(mx.is_null()
                         ? "nobody (null MX)"
                         : mx.exchange.display() + " (" + std::to_string(mx.preference) + ")");
  }
  if (result.empty() && implicit_mx(zone, name) != nullptr) {
    result.emplace_back("the address records of the domain itself (no MX)");
  }
  return result;
}

std::string all_sign(const SpfView& spf) {
  if (!spf.exists()) return "none";
  return spf.all ? std::string(1, mail::qualifier_sign(*spf.all)) : std::string();
}

namespace {

std::vector<std::string> canonical_terms(const SpfView& spf) {
  std::vector<std::string> result;
  for (const auto& term : spf.terms) result.push_back(term.canonical());
  return result;
}

std::vector<std::string> words_of(const std::vector<mail::SpfTerm>& terms) {
  std::vector<std::string> result;
  for (const auto& term : terms) {
    auto words = sender_words(term);
    if (std::find(result.begin(), result.end(), words) == result.end()) {
      result.push_back(std::move(words));
    }
  }
  return result;
}

/// Senders of `some` that do not stand in `others` in the same or an equal form.
std::vector<std::string> words_beyond(const SpfView& some, const SpfView& others) {
  std::vector<std::string> known;
  for (const auto& term : others.senders()) known.push_back(sender_identity(term));
  std::vector<mail::SpfTerm> beyond;
  for (const auto& term : some.senders()) {
    if (std::find(known.begin(), known.end(), sender_identity(term)) == known.end()) {
      beyond.push_back(term);
    }
  }
  return words_of(beyond);
}

}  // namespace

std::string sender_words(const mail::SpfTerm& term) {
  if (term.name == "ip4" || term.name == "ip6" || term.name == "include") return term.argument;
  return term.is_modifier || term.text.front() != '+' ? term.text : term.text.substr(1);
}

Impact::Inbound inbound_of(const ImpactCase& seen) {
  const auto& [now, after] = seen.views;
  Impact::Inbound inbound;
  inbound.now = receivers_of(now, seen.apex);
  inbound.after = receivers_of(after, seen.apex);
  const auto* mx = now.find(seen.apex, dns::Type::MX);
  const auto* set = mx != nullptr ? mx : implicit_mx(now, seen.apex);
  if (set != nullptr) inbound.old_ttl = set->ttl;
  inbound.changes = mx_of(now, seen.apex) != mx_of(after, seen.apex);
  return inbound;
}

Impact::Sending sending_of(const ImpactCase& seen) {
  const SpfTurn& turn = seen.spf_turn(seen.apex);
  const SpfView& now = turn.before;
  const SpfView& after = turn.after;
  Impact::Sending sending;
  sending.now = words_of(now.senders());
  sending.gains = words_beyond(after, now);
  for (const SpfLoss& loss : turn.losses) sending.loses.push_back(loss.words());
  sending.addresses_gained = turn.gained.texts();
  sending.addresses_lost = turn.lost.texts();
  sending.all_now = all_sign(now);
  sending.all_after = all_sign(after);
  const auto& [before, later] = seen.spf_costs(seen.apex);
  sending.lookups_now = before.lookups;
  sending.lookups_after = later.lookups;
  sending.lookups_complete = before.complete && later.complete;
  sending.not_looked_up = later.not_looked_up;
  sending.changes = sending.all_now != sending.all_after ||
                    now.texts.size() != after.texts.size() ||
                    now.fault.has_value() != after.fault.has_value() ||
                    canonical_terms(now) != canonical_terms(after) || !turn.losses.empty() ||
                    !turn.gained.empty() || !turn.lost.empty();
  return sending;
}

Impact impact_of(const ImpactCase& seen) {
  Impact impact;
  impact.inbound = inbound_of(seen);
  impact.sending = sending_of(seen);
  impact.keys = keys_of(seen);
  impact.policies = policies_of(seen);
  impact.lines = lines_of(seen);
  return impact;
}

}  // namespace mxsmith::plan
