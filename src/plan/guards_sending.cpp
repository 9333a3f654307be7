// Guards about the right to send: SPF at any name.
//
// A sender is a term that lets somebody pass: a mechanism with qualifier pass other than `all`, or
// redirect=. It is removed when no term of the record afterwards covers it: neither the same one
// (include and redirect to one domain are the same) nor a larger network. +all covers everybody, so
// giving it up removes senders too. Going from softfail or neutral to fail removes none: who passed
// still passes; that is a remark (spf-hardened), not a guard.
#include "plan/guard_rules.hpp"
#include "plan/impact_parts.hpp"

namespace mxsmith::plan {
namespace {

/// RFC 7208 section 4.6.4.
constexpr std::size_t kMostLookups = 10;
constexpr std::size_t kMostVoidLookups = 2;

struct SpfChange {
  const dns::Name& name;
  dns::Key key;
  SpfView before;
  SpfView after;
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

void judge_lookups(GuardCase& judged, const SpfChange& spf) {
  const std::size_t before = lookups_of(spf.before, judged.facts).count;
  const std::size_t after = lookups_of(spf.after, judged.facts).count;
  if (after > kMostLookups && after > before) {
    judged.trip("spf-lookups",
                "the SPF record of " + spf.name.display() + " would cost " + std::to_string(after) +
                    " lookups (now " + std::to_string(before) + ", 10 are allowed)",
                spf.key);
  }
}

std::size_t void_lookups_of(const SpfView& spf, const Facts& facts) {
  std::size_t count = 0;
  for (const auto& text : spf.texts) {
    const auto known = facts.spf_void_lookups.find(text);
    if (known != facts.spf_void_lookups.end()) count += known->second;
  }
  return count;
}

void judge_void_lookups(GuardCase& judged, const SpfChange& spf) {
  const std::size_t before = void_lookups_of(spf.before, judged.facts);
  const std::size_t after = void_lookups_of(spf.after, judged.facts);
  if (after > kMostVoidLookups && after > before) {
    judged.trip("spf-void-lookups",
                std::to_string(after) + " lookups of the SPF record of " + spf.name.display() +
                    " would find nothing (now " + std::to_string(before) + ", 2 are allowed)",
                spf.key);
  }
}

void judge_senders(GuardCase& judged, const SpfChange& spf) {
  // That a whole record goes is said by spf-lost.
  if (!spf.after.exists()) return;
  const std::string name = spf.name.display();
  for (const auto& term : senders_lost(spf.before, spf.after)) {
    judged.trip("spf-sender-removed",
                sender_words(term) + " may send for " + name + " now and would not pass any more",
                spf.key, term.identity());
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
  for (const auto& name : changed_names(judged.changes, is_txt)) {
    const SpfChange spf{name,
                        {name, dns::Type::TXT},
                        spf_of(judged.views.now, name),
                        spf_of(judged.views.after, name)};
    if (spf.before.texts == spf.after.texts) continue;
    judge_existence(judged, spf);
    judge_lookups(judged, spf);
    judge_void_lookups(judged, spf);
    judge_senders(judged, spf);
  }
}

}  // namespace mxsmith::plan
