#include <string>
#include <utility>

#include "mail/dmarc.hpp"
#include "spec/life_cycle.hpp"

namespace mxsmith::spec {

namespace {

using mail::DmarcAction;
using plan::DesiredUnit;

constexpr base::Seconds kDay{24 * 3600};
/// Reports come once a day; two weeks show what is sent once a week.
constexpr base::Seconds kWatched = 14 * kDay;
/// t=y rehearses what the next step makes real.
constexpr base::Seconds kRehearsed = 7 * kDay;

/// The zone's DMARC record at one state.
struct Policy {
  const DesiredUnit* unit = nullptr;  ///< Null: nothing is declared.
  mail::DmarcRecord record;
  DmarcAction level = DmarcAction::none;

  [[nodiscard]] bool testing() const { return record.testing.value_or(false); }
};

Policy policy_of(const plan::Desired& desired) {
  Policy policy;
  for (const DesiredUnit& unit : desired.units) {
    const bool apex = unit.unit.key.name.parent() == desired.zone;
    if (unit.unit.owned != plan::OwnedClass::dmarc || !apex || unit.values.empty()) continue;
    const auto* txt = std::get_if<dns::Txt>(&unit.values.front().value);
    auto record = txt == nullptr ? std::nullopt : mail::parse_dmarc(txt->octets);
    if (!record) continue;
    policy.unit = &unit;
    policy.record = std::move(*record);
    const auto effective = mail::effective_policy(policy.record);
    policy.level = effective ? effective->domain : DmarcAction::none;
  }
  return policy;
}

base::SourcePos place_of(const Policy& policy, std::string_view tag) {
  for (const auto& [part, pos] : policy.unit->parts) {
    if (part == tag) return pos;
  }
  return policy.unit->pos;
}

std::string words_of(const Policy& policy) {
  if (policy.unit == nullptr) return "no DMARC record";
  std::string words =
      "p=" + std::string(mail::action_word(policy.record.policy.value_or(DmarcAction::none)));
  if (policy.testing()) words += " (t=y)";
  return words;
}

class RampCheck {
 public:
  RampCheck(std::span<const SpecState> states, base::Diagnostics& diagnostics)
      : states_(states), diagnostics_(diagnostics) {
    policies_.reserve(states.size());
    for (const SpecState& state : states) policies_.push_back(policy_of(state.desired));
  }

  void run() {
    for (std::size_t i = 1; i < states_.size(); ++i) {
      const Policy& after = policies_[i];
      if (after.unit == nullptr || after.unit->path == "mail.none") continue;
      if (policies_[i - 1].level < after.level) check_step(i);
    }
  }

 private:
  void check_step(std::size_t i) {
    const Policy& before = policies_[i - 1];
    const Policy& after = policies_[i];
    if (before.level == DmarcAction::none && after.level == DmarcAction::reject) {
      tell(i, "spec-dmarc-step",
           "goes from " + words_of(before) + " to " + words_of(after) + " in one step",
           "two weeks of quarantine in between show what would be lost");
    } else if (before.unit == nullptr) {
      tell(i, "spec-dmarc-step", "begins with " + words_of(after),
           "two weeks of policy = \"none\" with `rua` show whose mail would fail");
    } else {
      check_time(i);
    }
    if (before.unit != nullptr && before.record.rua.empty()) {
      tell(i, "spec-dmarc-no-reports",
           "makes DMARC stricter (" + words_of(after) + "), and until then nobody gets reports",
           "mail.dmarc.rua = [\"mailto:dmarc@example.com\"], two weeks ahead");
    }
  }

  void check_time(std::size_t i) {
    const std::size_t since = first_like(i - 1);
    const Stage* began = states_[since].stage;
    if (began == nullptr) return;  // Nobody knows how long it has been there.
    const base::Seconds wanted = policies_[i - 1].testing() ? kRehearsed : kWatched;
    const base::Seconds had = states_[i].stage->at - began->at;
    if (had >= wanted) return;
    tell(i, "spec-dmarc-soon",
         "goes on to " + words_of(policies_[i]) + " after " + base::print_duration_words(had) +
             " of " + words_of(policies_[i - 1]),
         base::print_duration_words(wanted) + " of reports show what the step would lose");
  }

  /// The first state from which the policy has been as it is at `i`.
  [[nodiscard]] std::size_t first_like(std::size_t i) const {
    const auto same = [](const Policy& a, const Policy& b) {
      return a.unit != nullptr && b.unit != nullptr && a.record.policy == b.record.policy &&
             a.testing() == b.testing();
    };
    while (i > 0 && same(policies_[i - 1], policies_[i])) --i;
    return i;
  }

  void tell(std::size_t i, std::string rule, const std::string& what, std::string hint) {
    const bool same_policy = policies_[i - 1].unit != nullptr &&
                             place_of(policies_[i - 1], "p") == place_of(policies_[i], "p");
    base::Diagnostic diagnostic{base::Severity::warning, std::move(rule),
                                "stage " + states_[i].stage->name + " " + what, std::move(hint),
                                same_policy ? states_[i].stage->pos : place_of(policies_[i], "p")};
    if (policies_[i - 1].unit != nullptr) {
      diagnostic.notes.push_back({"until then", place_of(policies_[i - 1], "p")});
    }
    diagnostics_.add(std::move(diagnostic));
  }

  std::span<const SpecState> states_;
  base::Diagnostics& diagnostics_;
  std::vector<Policy> policies_;
};

}  // namespace

void check_dmarc_ramp(std::span<const SpecState> states, base::Diagnostics& diagnostics) {
  RampCheck(states, diagnostics).run();
}

}  // namespace mxsmith::spec
