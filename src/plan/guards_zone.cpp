// Guards about the zone as a whole: its name servers, how much of it goes, and the way there.
#include <algorithm>

#include "plan/guard_rules.hpp"

namespace mxsmith::plan {
namespace {

/// So many sets may vanish whatever the share.
constexpr std::size_t kFewDeletions = 3;

bool values_differ(const Change& change) {
  return !change.before || !change.after ||
         !dns::same_values(change.before->set, change.after->set);
}

void judge_name_servers(GuardCase& judged) {
  const dns::Key key{judged.seen.apex, dns::Type::NS};
  const Change* change = judged.views().now.change(key);
  if (change == nullptr || !values_differ(*change)) return;
  judged.trip("apex-ns",
              change->after
                  ? "the NS records of " + judged.seen.apex.display() + " itself would change"
                  : judged.seen.apex.display() + " would have no NS records any more",
              key);
}

void judge_deletions(GuardCase& judged) {
  GuardFinding finding;
  for (const auto& change : judged.changes()) {
    if (change.kind() == Change::Kind::remove) finding.keys.push_back(change.key);
  }
  const std::size_t gone = finding.keys.size();
  if (gone <= kFewDeletions || gone * 10 <= judged.sets_in_scope * 3) return;
  finding.id = "mass-delete";
  finding.message = std::to_string(gone) + " of " + std::to_string(judged.sets_in_scope) +
                    " record sets in scope would vanish";
  judged.findings.push_back(std::move(finding));
}

void judge_gaps(GuardCase& judged) {
  for (const auto& gap : judged.gaps) {
    if (!gap.mail_relevant) continue;
    GuardFinding finding;
    finding.id = "gap";
    finding.message = "in between, resolvers could see: " + gap.message;
    judged.findings.push_back(std::move(finding));
  }
}

}  // namespace

void judge_zone(GuardCase& judged) {
  judge_name_servers(judged);
  judge_deletions(judged);
  judge_gaps(judged);
}

}  // namespace mxsmith::plan
