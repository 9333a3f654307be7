// Guards about receiving mail: MX, the MTA-STS policy that senders hold, TLSA.
#include <algorithm>
#include <variant>

#include "base/text.hpp"
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
  const MxSet before = mx_of(judged.views.now, name);
  const MxSet after = mx_of(judged.views.after, name);
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

bool policy_names(const std::string& text, const dns::Name& host) {
  const auto pattern = mail::parse_mx_pattern(text);
  return pattern && pattern->matches(host);
}

void judge_mta_sts(GuardCase& judged) {
  const auto& mode = judged.facts.mta_sts_mode;
  if (!mode || !base::equals_ignoring_case(*mode, "enforce")) return;
  const MxSet before = mx_of(judged.views.now, judged.apex);
  for (const auto& mx : mx_of(judged.views.after, judged.apex)) {
    const bool was_there = std::any_of(before.begin(), before.end(), [&](const dns::Mx& old) {
      return old.exchange == mx.exchange;
    });
    const bool named =
        std::any_of(judged.facts.mta_sts_mx.begin(), judged.facts.mta_sts_mx.end(),
                    [&](const std::string& pattern) { return policy_names(pattern, mx.exchange); });
    if (was_there || named || mx.is_null()) continue;
    judged.trip("mta-sts-mx",
                "the MTA-STS policy served now enforces other hosts than " + mx.exchange.display() +
                    "; senders would not deliver to it",
                {judged.apex, dns::Type::MX}, mx.exchange.text());
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
  for (const auto& name : changed_names(judged.changes, is_mx)) judge_mx(judged, name);
  judge_mta_sts(judged);
  for (const auto& change : judged.changes) judge_tlsa(judged, change);
}

}  // namespace mxsmith::plan
