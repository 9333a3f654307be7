#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "mail/dkim.hpp"
#include "spec/life_cycle.hpp"

namespace mxsmith::spec {

namespace {

using base::Severity;
using mail::SelectorState;
using plan::DesiredUnit;

constexpr base::Seconds kHour{3600};
/// Senders try for four to five days (RFC 5321 section 4.5.4.1): so long a message may be under way
/// with a signature by the old key.
constexpr base::Seconds kUnderWay{5 * 24 * 3600};

/// One selector at one state.
struct Selector {
  const mail::DeclaredSelector* declared = nullptr;  ///< Null: not declared then.
  const DesiredUnit* unit = nullptr;
  bool alias = false;
  std::optional<mail::DkimKey> key;  ///< Nothing: an alias, revoked, or unreadable.

  [[nodiscard]] bool is(SelectorState state) const {
    return declared != nullptr && declared->state == state;
  }
  [[nodiscard]] bool publishes() const { return declared && !is(SelectorState::revoked); }
  /// Where its key is written.
  [[nodiscard]] base::SourcePos key_pos() const {
    return unit->values.empty() ? unit->pos : unit->values.front().pos;
  }
};

const DesiredUnit* unit_of(const plan::Desired& desired, const std::string& selector) {
  const auto name = dns::Name::parse(selector + "._domainkey", desired.zone);
  if (!name) return nullptr;
  const auto found = std::find_if(
      desired.units.begin(), desired.units.end(),
      [&](const DesiredUnit& unit) { return unit.unit.key.name == *name && !unit.ttl_only; });
  return found == desired.units.end() ? nullptr : &*found;
}

Selector selector_at(const plan::Desired& desired, const std::string& name) {
  Selector result;
  const mail::DeclaredSelector* declared = desired.mail.selector(name);
  const DesiredUnit* unit = declared == nullptr ? nullptr : unit_of(desired, name);
  if (unit == nullptr) return result;
  result.declared = declared;
  result.unit = unit;
  result.alias = unit->unit.key.type == dns::Type::CNAME;
  if (result.alias || unit->values.empty()) return result;
  const auto* txt = std::get_if<dns::Txt>(&unit->values.front().value);
  auto key = txt == nullptr ? std::nullopt : mail::parse_dkim(txt->octets);
  if (key && !key->revoked()) result.key = std::move(*key);
  return result;
}

std::string signer_words(const std::string& signer) {
  return signer.empty() ? "the domain's own signer" : "the signer " + signer;
}

class LifeCheck {
 public:
  LifeCheck(std::span<const SpecState> states, base::Diagnostics& diagnostics)
      : states_(states), diagnostics_(diagnostics) {}

  void run() {
    std::set<std::string> names;
    std::set<std::string> signers;
    for (const SpecState& state : states_) {
      for (const mail::DeclaredSelector& one : state.desired.mail.selectors) {
        names.insert(one.selector);
        signers.insert(one.signer);
      }
    }
    for (const std::string& name : names) check_selector(name);
    for (const std::string& signer : signers) check_signer(signer);
  }

 private:
  void check_selector(const std::string& name) {
    std::vector<Selector> life;
    life.reserve(states_.size());
    for (const SpecState& state : states_) life.push_back(selector_at(state.desired, name));
    std::optional<std::size_t> published;
    for (std::size_t i = 0; i < life.size(); ++i) {
      if (life[i].key) {
        if (published) check_key(name, life[*published], life[i], i);
        published = i;
      }
      if (i == 0) continue;
      check_revived(name, life, i);
      check_removed(name, life, i);
      check_revoked(name, life, i);
      check_ahead(name, life, i);
    }
  }

  void check_key(const std::string& name, const Selector& before, const Selector& after,
                 std::size_t i) {
    if (mail::same_key(*before.key, *after.key)) return;
    tell(Severity::error, "spec-dkim-key-changed", after.key_pos(),
         in_stage(i) + " puts another key under selector " + name +
             ": signatures by the old one fail, and the old one lives on in caches",
         "a new key is a new selector: leave this one, and declare the new key under another name",
         "the key until then", before.key_pos());
  }

  void check_revived(const std::string& name, const std::vector<Selector>& life, std::size_t i) {
    if (!life[i - 1].is(SelectorState::revoked) || !life[i].publishes()) return;
    tell(Severity::warning, "spec-dkim-revived", life[i].declared->pos,
         in_stage(i) + " publishes selector " + name + " again, which was revoked",
         "a revoked key counts as lost: make a new one (mxsmith dkim new)", "revoked here",
         life[i - 1].declared->pos);
  }

  void check_removed(const std::string& name, const std::vector<Selector>& life, std::size_t i) {
    const Selector& before = life[i - 1];
    if (life[i].declared != nullptr || before.declared == nullptr || before.alias) return;
    const bool active = before.is(SelectorState::active);
    if (!active && !before.is(SelectorState::retiring)) return;
    tell(active ? Severity::error : Severity::warning, "spec-dkim-not-revoked",
         states_[i].stage->pos,
         in_stage(i) + " takes away selector " + name + ", which is " +
             (active ? "active" : "retiring") + " until then",
         "revoke it first: a stage with mail.dkim." + name +
             ".state = \"revoked\", and weeks later one that unsets it",
         "declared here", before.declared->pos);
  }

  /// Revoked before mail that it signed has arrived.
  void check_revoked(const std::string& name, const std::vector<Selector>& life, std::size_t i) {
    if (life[i].publishes() || life[i - 1].alias) return;
    if (life[i - 1].is(SelectorState::active) && life[i].is(SelectorState::revoked)) {
      tell(Severity::warning, "spec-dkim-grace", life[i].declared->pos,
           in_stage(i) + " revokes selector " + name +
               " while it is active: mail that it signed and that is under way fails",
           "make it \"retiring\" for a week before, unless the key is lost", "active here",
           life[i - 1].declared->pos);
    }
    if (!life[i - 1].is(SelectorState::retiring)) return;
    std::size_t since = i - 1;
    while (since > 0 && life[since - 1].is(SelectorState::retiring)) --since;
    const Stage* began = states_[since].stage;
    const base::Seconds had = began == nullptr ? kUnderWay : states_[i].stage->at - began->at;
    if (had >= kUnderWay) return;
    const base::SourcePos& pos = life[i].declared ? life[i].declared->pos : states_[i].stage->pos;
    tell(Severity::warning, "spec-dkim-grace", pos,
         in_stage(i) + " ends selector " + name + " " + base::print_duration_words(had) +
             " after it stopped signing: mail is under way for up to five days",
         "leave a week between", "retiring since here", life[i - 1].declared->pos);
  }

  /// Signing begins with a key that not everybody can see yet.
  void check_ahead(const std::string& name, const std::vector<Selector>& life, std::size_t i) {
    const Selector& now = life[i];
    if (now.alias || !now.is(SelectorState::active) || life[i - 1].is(SelectorState::active)) {
      return;
    }
    if (!takes_over(now.declared->signer, i)) return;
    std::size_t since = i;
    while (since > 0 && life[since - 1].publishes()) --since;
    const Stage* began = states_[since].stage;
    if (began == nullptr) return;  // Published before the first stage: since when is not known.
    const base::Seconds had = states_[i].stage->at - began->at;
    const base::Seconds wanted =
        std::max(kHour, base::Seconds(now.unit->ttl.value_or(plan::kDefaultTtl)));
    if (had >= wanted) return;
    tell(Severity::warning, "spec-dkim-not-ahead", now.declared->pos,
         in_stage(i) + " begins to sign with selector " + name +
             (had.count() == 0 ? " at the moment it is published"
                               : " " + base::print_duration_words(had) + " after it is published"),
         "publish it in a stage before, with state = \"next\", at least " +
             base::print_duration_words(wanted) +
             " ahead: so long some resolvers know that there is no such name",
         "published here", began->pos);
  }

  /// Whether another selector of the signer stops to be active at that stage.
  [[nodiscard]] bool takes_over(const std::string& signer, std::size_t i) const {
    const auto& before = states_[i - 1].desired.mail.selectors;
    return std::any_of(before.begin(), before.end(), [&](const mail::DeclaredSelector& one) {
      if (one.signer != signer || one.state != SelectorState::active) return false;
      const auto* now = states_[i].desired.mail.selector(one.selector);
      return now == nullptr || now->state != SelectorState::active;
    });
  }

  // ---- each signer ----

  struct Count {
    const mail::DeclaredSelector* active = nullptr;
    const mail::DeclaredSelector* next = nullptr;
    const mail::DeclaredSelector* retiring = nullptr;
  };
  [[nodiscard]] Count count(const std::string& signer, std::size_t i) const {
    Count result;
    for (const mail::DeclaredSelector& one : states_[i].desired.mail.selectors) {
      if (one.signer != signer) continue;
      if (one.state == SelectorState::active && result.active == nullptr) result.active = &one;
      if (one.state == SelectorState::next) result.next = &one;
      if (one.state == SelectorState::retiring) result.retiring = &one;
    }
    return result;
  }

  void check_signer(const std::string& signer) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const Count now = count(signer, i);
      if (now.active != nullptr || states_[i].desired.mail.no_mail) continue;
      const Count before = i == 0 ? Count{} : count(signer, i - 1);
      // Told at the state where it begins, and not again at each that follows.
      if (now.next != nullptr && (now.retiring != nullptr || before.active != nullptr)) {
        if (i == 0 || before.active != nullptr) nobody_signs(signer, i, *now.next, before);
      } else if (before.active != nullptr) {
        signing_ends(signer, i, before);
      }
    }
  }

  void nobody_signs(const std::string& signer, std::size_t i, const mail::DeclaredSelector& next,
                    const Count& before) {
    tell(Severity::error, "spec-dkim-no-active", next.pos,
         (i == 0 ? "no selector of " : in_stage(i) + " leaves no active selector of ") +
             signer_words(signer) + (i == 0 ? " is active" : "") + ", and selector " +
             next.selector + " still waits as \"next\"",
         "state = \"active\" at " + next.selector + ", from the moment it signs",
         "active until then", before.active == nullptr ? base::SourcePos{} : before.active->pos);
  }

  void signing_ends(const std::string& signer, std::size_t i, const Count& before) {
    tell(Severity::warning, "spec-dkim-no-active", states_[i].stage->pos,
         in_stage(i) + " leaves no active selector of " + signer_words(signer) +
             ": from then on it must not sign any more",
         "keep one active for as long as it signs", "active until then", before.active->pos);
  }

  [[nodiscard]] std::string in_stage(std::size_t i) const {
    return "stage " + states_[i].stage->name;
  }

  void tell(Severity severity, std::string rule, const base::SourcePos& pos, std::string message,
            std::string hint, std::string note, const base::SourcePos& earlier) {
    base::Diagnostic diagnostic{severity, std::move(rule), std::move(message), std::move(hint),
                                pos};
    if (earlier.known()) diagnostic.notes.push_back({std::move(note), earlier});
    diagnostics_.add(std::move(diagnostic));
  }

  std::span<const SpecState> states_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

void check_dkim_life(std::span<const SpecState> states, base::Diagnostics& diagnostics) {
  LifeCheck(states, diagnostics).run();
}

}  // namespace mxsmith::spec
