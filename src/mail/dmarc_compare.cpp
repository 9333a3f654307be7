// What gets stricter and what weaker from one DMARC record to the next.
#include <array>

#include "mail/dmarc.hpp"

namespace mxsmith::mail {
namespace {

using Effect = Difference::Effect;

struct Group {
  const char* tag;
  const char* whose;
  DmarcAction DmarcPolicy::*action;
};
constexpr std::array<Group, 3> kGroups = {
    {{"p", "its own mail", &DmarcPolicy::domain},
     {"sp", "mail of its subdomains", &DmarcPolicy::subdomains},
     {"np", "mail of names that do not exist", &DmarcPolicy::nonexistent}}};

void compare_policies(Differences& result, const DmarcPolicy& before, const DmarcPolicy& after) {
  for (const Group& group : kGroups) {
    const DmarcAction old = before.*group.action;
    const DmarcAction now = after.*group.action;
    if (old == now) continue;
    Difference one;
    one.effect = now < old ? Effect::weaker : Effect::stricter;
    one.tag = group.tag;
    one.affected = group.whose;
    one.text = std::string(group.whose) + " would get " + std::string(action_word(now)) +
               " instead of " + std::string(action_word(old));
    result.push_back(std::move(one));
  }
}

void compare_alignment(Differences& result, const char* tag, const char* what,
                       const std::optional<DmarcAlignment>& before,
                       const std::optional<DmarcAlignment>& after) {
  const auto old = before.value_or(DmarcAlignment::relaxed);
  const auto now = after.value_or(DmarcAlignment::relaxed);
  if (old == now) return;
  const bool strict = now == DmarcAlignment::strict;
  result.push_back({strict ? Effect::stricter : Effect::weaker, tag,
                    std::string(what) + (strict ? " counts only for the very same domain"
                                                : " counts for the whole organization"),
                    "mail sent from other names of the organization"});
}

std::string psd_text(PublicSuffix suffix) {
  if (suffix == PublicSuffix::yes) return "domains are registered below this one (psd=y)";
  return suffix == PublicSuffix::no ? "this name is an organization of its own (psd=n)"
                                    : "where the organization ends is left to the tree walk";
}

/// What changes for reports and for where the record holds.
void compare_rest(Differences& result, const DmarcRecord& before, const DmarcRecord& after) {
  const auto addresses = [&](const char* tag, const std::vector<ReportUri>& old,
                             const std::vector<ReportUri>& now, const char* what) {
    if (old == now) return;
    const std::string text = std::string(what) + (now.empty()   ? " are no longer asked for"
                                                  : old.empty() ? " are asked for"
                                                                : " go to other addresses");
    result.push_back({Effect::neutral, tag, text, {}});
  };
  addresses("rua", before.rua, after.rua, "reports");
  addresses("ruf", before.ruf, after.ruf, "reports of single messages");
  const auto old = before.public_suffix.value_or(PublicSuffix::unknown);
  const auto now = after.public_suffix.value_or(PublicSuffix::unknown);
  if (old != now) result.push_back({Effect::neutral, "psd", psd_text(now), "alignment"});
}

/// Receivers of RFC 7489 take a share of the mail, those of RFC 9989 all of it.
void compare_share(Differences& result, const DmarcRecord& before, const DmarcRecord& after) {
  const unsigned old = before.percent.value_or(100);
  const unsigned now = after.percent.value_or(100);
  if (old == now || after.policy.value_or(DmarcAction::none) == DmarcAction::none) return;
  result.push_back({now < old ? Effect::weaker : Effect::stricter, "pct",
                    "old receivers apply the policy to " + std::to_string(now) + " % of the mail",
                    "mail to receivers that follow RFC 7489"});
}

}  // namespace

Differences compare_dmarc(const std::optional<DmarcRecord>& before,
                          const std::optional<DmarcRecord>& after) {
  const auto old = before ? effective_policy(*before) : std::nullopt;
  const auto now = after ? effective_policy(*after) : std::nullopt;
  Differences result;
  compare_policies(result, old.value_or(DmarcPolicy{}), now.value_or(DmarcPolicy{}));
  const DmarcRecord nothing;
  const DmarcRecord& from = before ? *before : nothing;
  const DmarcRecord& to = after ? *after : nothing;
  if (old && now) {
    compare_alignment(result, "adkim", "DKIM", from.dkim_alignment, to.dkim_alignment);
    compare_alignment(result, "aspf", "SPF", from.spf_alignment, to.spf_alignment);
    compare_share(result, from, to);
  }
  compare_rest(result, from, to);
  return result;
}

}  // namespace mxsmith::mail
