// A plan for one zone: what will change, in which steps, what that means for mail, and what stands
// in the way.
//
// make_plan is pure: desired, live, manifest, facts in; plan out. The same value is shown, saved,
// applied, journalled and turned round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "mail/difference.hpp"
#include "mail/service.hpp"
#include "plan/change.hpp"
#include "plan/desired.hpp"
#include "plan/facts.hpp"
#include "plan/guard.hpp"
#include "plan/live.hpp"
#include "plan/scope.hpp"

namespace mxsmith::plan {

/// Changes that are sent together.
struct Step {
  std::string title;  ///< "publish before the move", "the move", "tighten and tidy up"
  std::vector<std::size_t>
      changes;          ///< Positions in ZonePlan::changes, in the order they are sent.
  bool atomic = false;  ///< By the traits: all of it becomes visible at once.
};

/// A state between or within steps that a resolver could see and that is not as good as before or
/// after.
struct Gap {
  std::size_t step = 0;  ///< From 0.
  std::string message;   ///< "no MX at example.com", "CNAME and TXT at s1._domainkey.example.com"
  bool mail_relevant = false;
};

/// What the plan means, in words' raw material. Each `now`/`after` pair is equal when nothing
/// changes. Texts may quote what is live: hostile.
struct Impact {
  using Effect = mail::Difference::Effect;
  /// What means something else afterwards, and for whom.
  struct Line {
    Effect effect = Effect::neutral;
    std::string about;  ///< "DMARC", "DKIM key s1", "SPF", "Inbound mail", "DANE of mx.example.com"
    std::string domain;    ///< Below the zone's apex: "sub.example.com"; empty for the apex.
    std::string part;      ///< Tag or mechanism: "p", "t", "include:x"; may be empty.
    std::string text;      ///< "its own mail would get none instead of reject"
    std::string affected;  ///< Who feels it: "its own mail"; may be empty.
  };
  /// Of the apex.
  struct Inbound {
    std::vector<std::string> now;  ///< "mx1.oldmail.net (10)"; "nobody (null MX)"; empty: no MX
    std::vector<std::string> after;
    std::uint32_t old_ttl = 0;  ///< How long old answers live on, seconds.
    bool changes = false;
  };
  /// Of the apex, as far as the zone's own records and Facts tell.
  struct Sending {
    std::vector<std::string> now;  ///< "203.0.113.25", "_spf.oldmail.net"
    std::vector<std::string> gains;
    std::vector<std::string> loses;             ///< By their addresses where these are known.
    std::vector<std::string> addresses_gained;  ///< Networks, the fewest; not those of +all.
    std::vector<std::string> addresses_lost;
    std::string all_now;  ///< "-", "~", "?", "+", "" (no all), "none" (no SPF record)
    std::string all_after;
    std::size_t lookups_now = 0;  ///< RFC 7208 section 4.6.4, through all that is included.
    std::size_t lookups_after = 0;
    bool lookups_complete = false;           ///< Both are exact, else what is sure at least.
    std::vector<std::string> not_looked_up;  ///< Names that `lookups_after` would need.
    bool changes = false;
  };
  struct Key {
    std::string selector;
    char sign = '=';   ///< '+', '-', '~'
    std::string text;  ///< "RSA 2048", "revoked", "CNAME to ..."
  };
  struct Policy {      ///< DMARC, MTA-STS, TLS-RPT, DANE
    std::string what;  ///< "DMARC"
    std::string now;   ///< "none", "p=none"; empty: no record
    std::string after;
    int direction = 0;  ///< 1 stricter, -1 weaker, 0 neither
  };
  Inbound inbound;
  Sending sending;
  std::vector<Key> keys;         ///< Only those that change.
  std::vector<Policy> policies;  ///< Only those that change.
  std::vector<Line> lines;       ///< All of it part by part: what weakens, what tightens, the rest.
};

/// Who and what the plan is for, so that a saved plan cannot be applied elsewhere.
struct Target {
  std::string account;      ///< Name of the account, "main" or the provider's type.
  std::string provider;     ///< Type: "zonefile".
  std::string fingerprint;  ///< Of the credentials and endpoint; never the credentials.
  std::string zone_id;
};

enum class PlanKind : std::uint8_t { apply, rollback, redo };
std::string_view plan_kind_name(PlanKind kind);

struct ZonePlan {
  dns::Name zone;
  Target target;
  PlanKind kind = PlanKind::apply;
  std::string title;        ///< For rollbacks: "undo of entry 12 (apply, 2026-12-05 16:30 UTC)".
  std::string spec_file;    ///< As the user named it; may be empty.
  std::string spec_digest;  ///< Desired::digest; of the spec state that will hold afterwards.
  base::Instant read_at{};
  base::Instant made_at{};
  base::Instant valid_until{};  ///< min(next stage, made_at + 24 h)
  bool for_looking = false;     ///< Made with --at or --against: cannot be applied.
  std::vector<Change> changes;  ///< Sorted by key.
  std::vector<Step> steps;      ///< Each change in exactly one.
  std::vector<Gap> gaps;
  Impact impact;
  std::vector<GuardFinding> guards;
  /// What the plan brings about: errors first, which only rules of mail/rule.hpp tell.
  std::vector<base::Diagnostic> findings;
  std::size_t findings_before = 0;  ///< Of those rules, what was so before and stays.
  std::vector<ScopeNote> notes;
  std::vector<std::string> not_checked;  ///< "that in.newmail.example answers on port 25"
  std::size_t left_alone = 0;
  StageClock stages;
  Manifest manifest;  ///< Owned after it.

  [[nodiscard]] bool empty() const { return changes.empty(); }
  [[nodiscard]] bool refused() const;  ///< A guard is not let through.
  struct Counts {
    std::size_t created = 0, updated = 0, removed = 0;
    [[nodiscard]] std::size_t total() const { return created + updated + removed; }
  };
  [[nodiscard]] Counts counts() const;
};

/// The state of a zone's hold, as far as planning is concerned.
struct HoldView {
  bool by_hand = false;
  std::string reason;  ///< For by_hand, and who.
  std::vector<std::string>
      undone_digests;     ///< Spec states that a rollback undid; refused by guard rolled-back.
  std::string undone_by;  ///< "rollback of entry 12 by kim, 2026-12-05 17:02 UTC"
};

struct PlanInput {
  const Desired& desired;
  const LiveZone& live;
  const Manifest& previous;
  HistoryKnown history = HistoryKnown::no;
  const Traits& traits;
  Target target = {};
  std::string spec_file = {};
  base::Instant now{};
  Facts facts;
  HoldView hold;
  std::vector<std::string> allow;  ///< Guard ids from --allow for this zone.
  bool reviewed = false;  ///< A person looks at it before it is applied: drift is let through.
  const mail::Catalogue* services = nullptr;  ///< For rules about services; null: none are known.
};

/// The plan, or the diagnostics that keep it from being made.
struct PlanResult {
  std::optional<ZonePlan> plan;
  base::Diagnostics diagnostics;
};
/// A hold by hand is among the plan's guards with the id "held", which nothing lets through: it is
/// no guard of all_guards(), and it is lifted, not allowed.
PlanResult make_plan(const PlanInput& input);

/// A plan for given changes (rollback, tests): schedule, simulation, impact and guards, without
/// scope. Guards that would stop what was live before are let through when `kind` is not apply.
ZonePlan plan_for_changes(std::vector<Change> changes, const LiveZone& live, const Traits& traits,
                          const Target& target, PlanKind kind, base::Instant now,
                          const Facts& facts);

/// Every change turned round, steps in reverse: applying it after `plan` gives the zone from
/// before.
ZonePlan invert(const ZonePlan& plan, const LiveZone& live_after, const Traits& traits,
                base::Instant now);

/// Groups plans whose changes are equal once zone names are set aside, for showing many customers'
/// zones once. Each inner vector holds positions in `plans`.
std::vector<std::vector<std::size_t>> group_equal(const std::vector<ZonePlan>& plans);

}  // namespace mxsmith::plan
