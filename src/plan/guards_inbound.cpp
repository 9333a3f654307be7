// Guards about receiving mail: MX, the MTA-STS policy that senders hold, TLSA.
#include <algorithm>
#include <variant>

#include "mail/mta_sts.hpp"
#include "mail/tlsa.hpp"
#include "plan/guard_rules.hpp"
#include "plan/name_labels.hpp"

namespace mxsmith::plan {
namespace {

using MxSet = std::vector<dns::Mx>;

bool has_null(const MxSet& set) {
  return std::any_of(set.begin(), set.end(), [](const dns::Mx& mx) { return mx.is_null(); });
}
bool receives(const MxSet& set) {
  return std::any_of(set.begin(), set.end(), [](const dns::Mx& mx) { return !mx.is_null(); });
}
/// RFC 7505 section 3: a null MX stands alone.
bool conflicts(const MxSet& set) { return has_null(set) && receives(set); }

void judge_mx(GuardCase& judged, const dns::Name& name) {
  const MxSet before = mx_of(judged.views().now, name);
  const MxSet after = mx_of(judged.views().after, name);
  const dns::Key key{name, dns::Type::MX};
  if (receives(before) && !receives(after)) {
    judged.trip("mx-removed",
                name.display() + (has_null(after) ? " would have a null MX and receive no mail"
                                                  : " would have no MX any more"),
                key);
  }
  if (conflicts(after) && !conflicts(before)) {
    judged.trip("null-mx-conflict", name.display() + " would have a null MX beside other MX", key,
                ".");
  }
}

using Policy = std::optional<mail::MtaStsPolicy>;

/// Whether senders that hold to the policy keep mail back from the host (RFC 8461 section 5).
bool refuses(const Policy& policy, const dns::Name& exchange) {
  return policy && policy->mode == mail::MtaStsMode::enforce && !policy->allows(exchange);
}

/// Two policies count: the one that senders remember, and the one that the spec announces.
void judge_mta_sts(GuardCase& judged) {
  const dns::Name& apex = judged.seen.apex;
  const auto name = apex.child("_mta-sts");
  if (!name) return;
  const MtaStsTurn turn = mta_sts_turn(judged.seen, *name);
  const Policy& served = turn.policy_before;
  const Policy announced = turn.after ? judged.seen.declared.mta_sts : std::nullopt;
  const bool begins = turn.before != turn.after;
  const MxSet before = mx_of(judged.views().now, apex);
  for (const auto& mx : mx_of(judged.views().after, apex)) {
    const bool was_there = std::any_of(before.begin(), before.end(), [&](const dns::Mx& old) {
      return old.exchange == mx.exchange;
    });
    const bool by_served = !was_there && refuses(served, mx.exchange);
    const bool by_announced = refuses(announced, mx.exchange) &&
                              (!was_there || (begins && !refuses(served, mx.exchange)));
    if (mx.is_null() || (!by_served && !by_announced)) continue;
    const dns::Key set{apex, dns::Type::MX};
    judged.trip("mta-sts-mx",
                std::string(by_served ? "the MTA-STS policy served now enforces"
                                      : "the MTA-STS policy of the spec enforces") +
                    " other hosts than " + mx.exchange.display() +
                    "; senders would not deliver to it",
                judged.views().now.change(set) != nullptr ? set : dns::Key{*name, dns::Type::TXT},
                mx.exchange.text());
  }
}

/// The records that a certificate is held against. Senders of mail ignore those that RFC 7672
/// section 3.1 gives them no use for; other clients are asked for at other ports.
std::vector<dns::Tlsa> binding(const dns::RRset& set) {
  std::string_view labels = set.name.wire();
  const bool smtp = take_label(labels) == "_25";
  std::vector<dns::Tlsa> records;
  for (const dns::Rdata& value : set.values) {
    const auto* record = std::get_if<dns::Tlsa>(&value);
    if (record == nullptr || (smtp && !mail::is_usable_for_smtp(*record))) continue;
    records.push_back(*record);
  }
  return records;
}

/// RFC 7671 section 8.1: a roll-over publishes the new association beside the old one first.
void judge_tlsa(GuardCase& judged, const Change& change) {
  if (change.key.type != dns::Type::TLSA || change.kind() != Change::Kind::update) return;
  const auto before = binding(change.before->set);
  const auto after = binding(change.after->set);
  const bool one_stays = std::any_of(after.begin(), after.end(), [&](const dns::Tlsa& record) {
    return std::find(before.begin(), before.end(), record) != before.end();
  });
  if (one_stays || before.empty() || after.empty()) return;
  judged.trip("tlsa-unmatched",
              "none of the TLSA records that " + change.key.name.display() +
                  " has now would stay, so the certificate served now would match none",
              change.key);
}

}  // namespace

void judge_inbound(GuardCase& judged) {
  for (const auto& name : changed_names(judged.changes(), is_mx)) judge_mx(judged, name);
  judge_mta_sts(judged);
  for (const auto& change : judged.changes()) judge_tlsa(judged, change);
}

}  // namespace mxsmith::plan
