#include "mail/rule.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mxsmith::mail {

namespace {

using Group = std::span<const Rule> (*)();
constexpr std::array<Group, 14> kGroups = {
    txt_rules,  spf_rules, dkim_rules, dmarc_rules,  mx_rules,  mta_sts_rules, tls_rpt_rules,
    dane_rules, caa_rules, bimi_rules, client_rules, dns_rules, service_rules, life_cycle_rules,
};

std::vector<Rule> gather() {
  std::vector<Rule> all;
  for (const Group group : kGroups) {
    const std::span<const Rule> rows = group();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  std::sort(all.begin(), all.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  return all;
}

using Function = void (*)(Judged&);

/// Each function once, whatever number of rules share it.
const std::vector<Function>& functions() {
  static const std::vector<Function> kAll = [] {
    std::vector<Function> found;
    for (const Rule& rule : all_rules()) {
      const bool known = std::find(found.begin(), found.end(), rule.judge) != found.end();
      if (rule.judge != nullptr && !known) found.push_back(rule.judge);
    }
    return found;
  }();
  return kAll;
}

const RuleSetting* setting_of(const Declared& declared, std::string_view rule) {
  const auto found = std::find_if(declared.rules.begin(), declared.rules.end(),
                                  [&](const RuleSetting& setting) { return setting.rule == rule; });
  return found == declared.rules.end() ? nullptr : &*found;
}

bool is_off(const Declared& declared, std::string_view rule) {
  const RuleSetting* setting = setting_of(declared, rule);
  return setting != nullptr && !setting->severity;
}

/// Nobody asks beyond the zone.
class NoWorld final : public Resolver {
 public:
  Answer lookup(const dns::Name&, dns::Type) override {
    Answer answer;
    answer.reason = "it was not looked up";
    return answer;
  }
};

}  // namespace

std::string_view needs_word(RuleNeeds needs) {
  switch (needs) {
    case RuleNeeds::nothing: return "offline";
    case RuleNeeds::lookups: return "dns";
    case RuleNeeds::connection: return "connection";
    case RuleNeeds::history: return "history";
    case RuleNeeds::changes: break;
  }
  return "plan";
}

std::span<const Rule> all_rules() {
  static const std::vector<Rule> kAll = gather();
  return kAll;
}

const Rule* find_rule(std::string_view id) {
  const std::span<const Rule> all = all_rules();
  const auto found =
      std::lower_bound(all.begin(), all.end(), id,
                       [](const Rule& rule, std::string_view wanted) { return rule.id < wanted; });
  return found != all.end() && found->id == id ? &*found : nullptr;
}

Subject Subject::of(const TxtPlace& place, Span at, std::string part) {
  return {place.set->key(), std::string(place.octets), at, std::move(part)};
}

Judged::Judged(const JudgeInput& input, const MailZone& mail_zone, Resolver& answers)
    : zone(mail_zone),
      declared(input.declared),
      services(input.services),
      keys(input.keys),
      resolver(answers),
      coverage(input.coverage) {}

void Judged::tell(std::string_view id, Subject subject, std::string message, std::string hint,
                  std::optional<base::Severity> severity) {
  const Rule* rule = find_rule(id);
  if (rule == nullptr) return;
  const RuleSetting* setting = setting_of(declared, id);
  if (setting != nullptr && !setting->severity) return;
  const base::Severity counts =
      setting != nullptr ? *setting->severity : severity.value_or(rule->severity);
  judgement_.findings.push_back(
      {rule, counts, std::move(subject), std::move(message), std::move(hint)});
}

void Judged::tell(const TxtPlace& place, const Finding& finding) {
  tell(finding.rule, Subject::of(place, finding.at), finding.message, finding.hint,
       finding.severity);
}

void Judged::tell(const TxtPlace& place, const Findings& findings) {
  for (const Finding& finding : findings.all()) tell(place, finding);
}

void Judged::not_checked(std::string_view id, Subject subject, std::string reason) {
  const Rule* rule = find_rule(id);
  if (rule == nullptr || is_off(declared, id)) return;
  judgement_.not_checked.push_back({rule, std::move(subject), std::move(reason)});
}

Judgement Judged::take() {
  std::stable_sort(judgement_.findings.begin(), judgement_.findings.end(),
                   [](const ZoneFinding& a, const ZoneFinding& b) {
                     if (a.severity != b.severity) return a.severity > b.severity;
                     const auto order = a.subject.key <=> b.subject.key;
                     return order != 0 ? order < 0 : a.rule->id < b.rule->id;
                   });
  auto& open = judgement_.not_checked;
  const auto by_record = [](const NotChecked& a, const NotChecked& b) {
    const auto order = a.subject.key <=> b.subject.key;
    if (order != 0) return order < 0;
    return a.rule != b.rule ? a.rule->id < b.rule->id : a.reason < b.reason;
  };
  std::stable_sort(open.begin(), open.end(), by_record);
  open.erase(std::unique(open.begin(), open.end(),
                         [&](const NotChecked& a, const NotChecked& b) {
                           return !by_record(a, b) && !by_record(b, a);
                         }),
             open.end());
  return std::move(judgement_);
}

Judgement judge_mail(const JudgeInput& input) {
  const MailZone zone(input.sets, input.keys);
  ZoneResolver own(input.sets, input.coverage);
  NoWorld nobody;
  ChainedResolver resolver(own, input.world == nullptr ? nobody : *input.world);
  Judged judged(input, zone, resolver);
  for (const Function function : functions()) function(judged);
  return judged.take();
}

}  // namespace mxsmith::mail
