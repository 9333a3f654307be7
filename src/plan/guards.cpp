// The table of guards, and judging by all of them. docs/guards.md tells the same at length.
#include <algorithm>
#include <array>

#include "plan/guard_rules.hpp"
#include "plan/judge.hpp"

namespace mxsmith::plan {
namespace {

constexpr std::array kGuards{
    GuardInfo{"mx-removed", "A name that receives mail by MX records would no longer have any."},
    GuardInfo{"null-mx-conflict",
              "A null MX beside other MX records makes senders choose between refusing and "
              "delivering."},
    GuardInfo{"spf-lost",
              "A name with an SPF record would have none, or one that receivers cannot read."},
    GuardInfo{
        "spf-doubled",
        "Several SPF records at one name are an error to receivers, as if nobody might send."},
    GuardInfo{"spf-lookups",
              "An SPF record that costs over 10 DNS lookups is an error to receivers."},
    GuardInfo{"spf-void-lookups",
              "An SPF record with over 2 lookups that find nothing is an error to receivers."},
    GuardInfo{"spf-sender-removed", "Somebody who may send today would no longer pass SPF."},
    GuardInfo{"dmarc-weakened",
              "A DMARC policy would ask for less than today, or the record would be gone."},
    GuardInfo{"dkim-key-removed",
              "Signatures by a key that is in use, mail on its way included, would fail."},
    GuardInfo{"dkim-key-replaced",
              "Another key under the same selector breaks every signature made with the old one."},
    GuardInfo{"mta-sts-mx",
              "Senders that enforce the MTA-STS policy would refuse MX hosts it does not name."},
    GuardInfo{"tlsa-unmatched",
              "No TLSA record would match the certificate that is served now, so DANE senders "
              "would hold their mail."},
    GuardInfo{"apex-ns", "A wrong NS set at the apex takes the whole domain off the net."},
    GuardInfo{"mass-delete",
              "More sets vanish than a slip of the pen explains, as when a spec was cut short."},
    GuardInfo{kNewError,
              "The plan would bring a fault by which mail fails or a record counts for nothing."},
    GuardInfo{
        "drift",
        "Somebody changed MX, NS or DMARC outside; putting it back unseen may undo a repair."},
    GuardInfo{"gap",
              "In between, resolvers could see a state that is worse than before and after."},
    GuardInfo{"name-taken-over",
              "A CNAME would push aside other records at its name, or they it, without any of them "
              "having been ours."},
    GuardInfo{"absent-glob", "A pattern of what must not exist deletes more than one set."},
    GuardInfo{"stage-missed",
              "A stage's time window is over and its changes would happen at a time nobody chose."},
    GuardInfo{"rolled-back",
              "A rollback undid this very spec, and the next run would do it all again."},
};

std::size_t position_of(const std::string& id) {
  const auto found = std::find_if(kGuards.begin(), kGuards.end(),
                                  [&](const GuardInfo& guard) { return guard.id == id; });
  return static_cast<std::size_t>(found - kGuards.begin());
}

}  // namespace

std::span<const GuardInfo> all_guards() { return kGuards; }

const GuardInfo* find_guard(std::string_view id) {
  const auto found = std::find_if(kGuards.begin(), kGuards.end(),
                                  [&](const GuardInfo& guard) { return guard.id == id; });
  return found == kGuards.end() ? nullptr : &*found;
}

std::vector<GuardFinding> judge(const ImpactCase& seen, const std::vector<Gap>& gaps,
                                std::size_t sets_in_scope) {
  std::vector<GuardFinding> findings;
  GuardCase judged{seen, gaps, sets_in_scope, findings};
  judge_inbound(judged);
  judge_sending(judged);
  judge_policies(judged);
  judge_zone(judged);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const GuardFinding& a, const GuardFinding& b) {
                     return position_of(a.id) < position_of(b.id);
                   });
  return findings;
}

}  // namespace mxsmith::plan
