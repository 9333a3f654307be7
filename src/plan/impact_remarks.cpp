// What is worth saying of a plan beside its guards, and what nobody has checked.
#include <algorithm>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "mail/tlsa.hpp"
#include "plan/impact_parts.hpp"
#include "plan/judge.hpp"

namespace mxsmith::plan {
namespace {

using Remarks = std::vector<base::Diagnostic>;

constexpr std::uint32_t kLongTtl = 86400;
/// RFC 7208 section 4.6.4.
constexpr std::size_t kMostLookups = 10;

void remark(Remarks& remarks, base::Severity severity, std::string rule, base::SourcePos pos,
            std::string message, std::string hint = {}) {
  base::Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.rule = std::move(rule);
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  diagnostic.pos = std::move(pos);
  remarks.push_back(std::move(diagnostic));
}

/// How strict the last word of a record is: of "no record" and "no all" the same as neutral.
int strictness(const std::string& all) {
  if (all == "-") return 2;
  if (all == "~") return 1;
  return all == "+" ? -1 : 0;
}

/// The change that holds the apex's SPF record: Impact tells of it, the change where it was asked.
const Change* spf_change(const std::vector<Change>& changes) {
  const auto holds = [](const std::optional<SetState>& state) {
    return state &&
           std::any_of(state->set.values.begin(), state->set.values.end(), [](const auto& v) {
             const auto* txt = std::get_if<dns::Txt>(&v);
             return txt != nullptr && mail::is_spf(txt->octets);
           });
  };
  const Change* shortest = nullptr;
  for (const auto& change : changes) {
    if (change.key.type != dns::Type::TXT || (!holds(change.before) && !holds(change.after))) {
      continue;
    }
    if (shortest == nullptr || change.key.name.label_count() < shortest->key.name.label_count()) {
      shortest = &change;
    }
  }
  return shortest;
}

/// Whether another domain's record has the last word, before or after: then it is not known here.
bool redirects(const Impact::Sending& sending) {
  const auto any = [](const std::vector<std::string>& senders) {
    return std::any_of(senders.begin(), senders.end(), [](const std::string& sender) {
      return base::equals_ignoring_case(sender.substr(0, 9), "redirect=");
    });
  };
  return any(sending.now) || any(sending.gains);
}

void on_all(Remarks& remarks, const std::vector<Change>& changes, const Impact& impact) {
  const auto& sending = impact.sending;
  const auto pos = place_of(spf_change(changes), "all");
  const int before = strictness(sending.all_now);
  const int after = strictness(sending.all_after);
  const std::string all = sending.all_after + "all";
  if (after > before && impact.inbound.changes && after > 0) {
    remark(remarks, base::Severity::warning, "spf-hardened-at-move", pos,
           all + " on the day of the move: a forgotten sender is " +
               (after == 2 ? "rejected" : "treated as suspicious"),
           "keep what is live until reports show that no sender is missing");
  } else if (after > before && sending.all_now != "none") {
    remark(remarks, base::Severity::info, "spf-hardened", pos,
           "senders that are not listed are now " +
               std::string(after == 2 ? "rejected" : "treated more strictly") + " (" + all + ")");
  }
}

void on_spf(Remarks& remarks, const std::vector<Change>& changes, const Impact& impact) {
  const auto& sending = impact.sending;
  if (!sending.changes || sending.all_after == "none") return;
  if (!redirects(sending)) on_all(remarks, changes, impact);
  if (sending.lookups_after > kMostLookups && sending.lookups_after <= sending.lookups_now) {
    remark(remarks, base::Severity::warning, "spf-lookups-over",
           place_of(spf_change(changes), "all"),
           "the SPF record costs " + std::to_string(sending.lookups_after) +
               " lookups, as before more than the 10 that receivers make");
  }
}

void on_inbound(Remarks& remarks, const std::vector<Change>& changes, const Impact& impact) {
  if (!impact.inbound.changes || impact.inbound.old_ttl < kLongTtl) return;
  const auto change = std::find_if(changes.begin(), changes.end(),
                                   [](const Change& c) { return c.key.type == dns::Type::MX; });
  remark(remarks, base::Severity::warning, "mx-ttl-long",
         change == changes.end() ? base::SourcePos() : change->pos,
         "senders may use the old hosts for " +
             base::print_duration_words(base::Seconds(impact.inbound.old_ttl)),
         "lower the TTL of the MX set and let the old one run out before the move");
}

void on_tlsa(Remarks& remarks, const Change& change) {
  if (change.key.type != dns::Type::TLSA || change.kind() != Change::Kind::remove) return;
  remark(remarks, base::Severity::warning, "tlsa-removed", change.pos,
         "senders no longer check the certificate by " + change.key.name.display());
}

/// The names that a record speaks of move, and who passed by them does so no more.
void on_followed_senders(Remarks& remarks, const ImpactCase& seen) {
  const SpfTurn& turn = seen.spf_turn(seen.apex);
  for (const SpfLoss& loss : turn.losses) {
    if (!loss.follows) continue;
    const bool by_mx = loss.term.kind == mail::SpfKind::mx;
    const Change* mx = seen.views.now.change({seen.apex, dns::Type::MX});
    remark(remarks, base::Severity::warning, "spf-follows", place_of(by_mx ? mx : nullptr, ""),
           "the SPF term " + loss.term.text + " follows what changes here: " + loss.words() +
               " may send for " + seen.apex.display() + " now and would not pass any more",
           loss.addresses.empty()
               ? "name the old hosts in SPF as long as they send"
               : "add ip4: or ip6: terms for the old addresses as long as they send");
  }
}

/// A server elsewhere may have another certificate (RFC 7671 section 8).
void on_moved_host(Remarks& remarks, const ImpactCase& seen, const Change& change) {
  const dns::Type type = change.key.type;
  const bool address = type == dns::Type::A || type == dns::Type::AAAA || type == dns::Type::CNAME;
  if (!address || !change.before || !change.after) return;
  if (dns::same_values(change.before->set, change.after->set)) return;
  const auto name = dns::Name::parse("_25._tcp", change.key.name);
  if (!name) return;
  const auto records = tlsa_at(seen.views.after, *name);
  const bool bound = std::any_of(records.begin(), records.end(), mail::is_usable_for_smtp);
  if (!bound || records != tlsa_at(seen.views.now, *name)) return;
  remark(remarks, base::Severity::warning, "tlsa-host-moved", change.pos,
         change.key.name.display() + " moves to another address and its TLSA records stay",
         "the server there must present the same key or certificate, or DANE senders hold mail");
}

}  // namespace

std::vector<base::Diagnostic> remarks(const ImpactCase& seen, const Impact& impact) {
  const auto& changes = seen.changes;
  if (changes.empty()) return {};
  Remarks result;
  on_spf(result, changes, impact);
  on_followed_senders(result, seen);
  on_inbound(result, changes, impact);
  for (const auto& change : changes) {
    on_tlsa(result, change);
    on_moved_host(result, seen, change);
  }
  return result;
}

}  // namespace mxsmith::plan
