// Guards about the right to send: SPF at any name.
//
// A sender is a term that lets somebody pass: a mechanism with qualifier pass other than `all`, or
// redirect=. It is removed when somebody who passes by it would not pass any more, by the addresses
// as far as the zone and Facts tell them, else by what could not be looked up. +all covers
// everybody, so giving it up removes senders too. Going from softfail or neutral to fail removes
// none: who passed still passes; that is a remark (spf-hardened), not a guard. Nor is it one when
// the record stays as it is and the names move that it speaks of (spf-follows).
#include "plan/guard_rules.hpp"
#include "plan/impact_parts.hpp"

namespace mxsmith::plan {
namespace {

struct SpfChange {
  const dns::Name& name;
  dns::Key key;
  const SpfView& before;
  const SpfView& after;
};

void judge_existence(GuardCase& judged, const SpfChange& spf) {
  const std::string name = spf.name.display();
  if (spf.before.exists() && !spf.after.exists()) {
    judged.trip("spf-lost", name + " would have no SPF record any more", spf.key);
  } else if (spf.before.exists() && !spf.before.fault && spf.after.fault) {
    judged.trip("spf-lost",
                "receivers could not read the SPF record of " + name +
                    " any more: " + spf.after.fault->message,
                spf.key);
  }
  if (spf.after.texts.size() > 1 && spf.after.texts.size() > spf.before.texts.size()) {
    judged.trip("spf-doubled",
                name + " would have " + std::to_string(spf.after.texts.size()) + " SPF records",
                spf.key);
  }
}

std::string at_least(const SpfCost& cost) {
  return (cost.complete ? "" : "at least ") + std::to_string(cost.lookups);
}

void judge_lookups(GuardCase& judged, const SpfChange& spf) {
  const auto& [before, after] = judged.seen.spf_costs(spf.name);
  if (after.lookups > mail::kSpfMostLookups && after.lookups > before.lookups) {
    judged.trip("spf-lookups",
                "the SPF record of " + spf.name.display() + " would cost " + at_least(after) +
                    " lookups (now " + at_least(before) + ", 10 are allowed)",
                spf.key);
  }
  if (after.void_lookups > mail::kSpfMostVoidLookups && after.void_lookups > before.void_lookups) {
    judged.trip("spf-void-lookups",
                std::to_string(after.void_lookups) + " lookups of the SPF record of " +
                    spf.name.display() + " would find nothing (now " +
                    std::to_string(before.void_lookups) + ", 2 are allowed)",
                spf.key);
  }
}

void judge_senders(GuardCase& judged, const SpfChange& spf) {
  // That a whole record goes is said by spf-lost.
  if (!spf.after.exists()) return;
  const std::string name = spf.name.display();
  for (const SpfLoss& loss : judged.seen.spf_turn(spf.name).losses) {
    if (loss.follows) continue;
    judged.trip("spf-sender-removed",
                loss.words() + " may send for " + name + " now and would not pass any more",
                spf.key, loss.term.identity());
  }
  const auto pass = mail::SpfQualifier::pass;
  if (spf.before.all == pass && spf.after.all != pass) {
    judged.trip("spf-sender-removed",
                "everybody may send for " + name +
                    " now (+all); who is not listed would not pass "
                    "any more",
                spf.key, "all");
  }
}

}  // namespace

void judge_sending(GuardCase& judged) {
  for (const auto& name : changed_names(judged.changes(), is_txt)) {
    const SpfTurn& turn = judged.seen.spf_turn(name);
    const SpfChange spf{name, {name, dns::Type::TXT}, turn.before, turn.after};
    if (spf.before.texts == spf.after.texts) continue;
    judge_existence(judged, spf);
    judge_lookups(judged, spf);
    judge_senders(judged, spf);
  }
}

}  // namespace mxsmith::plan
