#include "conformance/walk.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include "conformance/expectation.hpp"
#include "conformance/outside.hpp"
#include "conformance/spec_text.hpp"
#include "conformance/workplace.hpp"

namespace mxsmith::conformance {

namespace {

using engine::ZoneStatus;

const dns::Name& the_zone() {
  static const dns::Name kZone = dns::Name::of("example.com");
  return kZone;
}

/// The report's only zone, or null.
const engine::ZoneReport* only_zone(const engine::Report& report) {
  return report.zones.size() == 1 ? &report.zones.front() : nullptr;
}

const plan::ZonePlan* plan_of(const engine::Report& report) {
  const auto* zone = only_zone(report);
  return zone != nullptr && zone->plan && !zone->error ? &*zone->plan : nullptr;
}

std::string first_changes(const plan::ZonePlan& plan) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(plan.changes.size(), 4); ++i) {
    const auto& change = plan.changes[i];
    text.append("\n  ").append(1, static_cast<char>(change.kind()));
    text.append(" ").append(change.key.text());
    if (!change.reasons.empty()) text.append(" (").append(change.reasons.front().text).append(")");
  }
  return text;
}

class Walk {
 public:
  Walk(Subject& subject, const Group& group)
      : subject_(subject), group_(group), place_(with_zone(subject), the_zone()) {}

  std::vector<Failure> run() {
    traits_ = place_.traits();
    put_outside(subject_, the_zone(), neighbours_of(group_, traits_));
    for (const State& state : group_.states()) {
      state_ = &state;
      try {
        take(state);
      } catch (const std::exception& unforeseen) {
        fail(std::string("thrown: ") + unforeseen.what());
      }
      // What follows builds on what should be there by now.
      if (!failures_.empty()) break;
    }
    return std::move(failures_);
  }

 private:
  static Subject& with_zone(Subject& subject) {
    subject.make_zone(the_zone());
    return subject;
  }

  Look look() { return {place_.read(), subject_.texts(the_zone())}; }

  void fail(std::string what) { failures_.push_back({state_->title, std::move(what)}); }

  void take(const State& state) {
    act_outside(subject_, the_zone(), state.outside);
    const dns::Zone before = subject_.records(the_zone());
    const Look looked = look();
    spoken_.merge(spoken_of(state, the_zone()));
    const dns::Zone expected = expected_zone(group_, state, before, traits_);
    if (state.rollback) return take_back(expected, looked);
    place_.write_spec(spec_text(the_zone(), group_.manage(), state));
    auto refused = refusals(state, the_zone(), traits_);
    if (state.refused) refused.push_back({{the_zone(), dns::Type{}}, *state.refused});
    if (!refused.empty()) return is_refused(refused, before);
    const bool wanted = after_refusal_ ? !difference(expected, before).empty() : state.changes;
    after_refusal_ = false;
    if (!plans(wanted) || !applies(wanted)) return;
    is_as(expected, looked);
    plans_nothing_more();
  }

  /// 1. Said by name and before anything is sent, by plan and by apply.
  void is_refused(const std::vector<Refusal>& refusals, const dns::Zone& before) {
    after_refusal_ = true;
    const std::size_t sent = place_.sent().steps;
    for (const engine::Report& report : {place_.plan(), place_.apply()}) {
      const std::string said = trouble(report);
      for (const Refusal& refusal : refusals) {
        const bool named =
            refusal.key.type == dns::Type{} || said.find(refusal.key.text()) != std::string::npos;
        if (!named || said.find(refusal.words) == std::string::npos) {
          fail("not refused with \"" + refusal.words + "\" for " + refusal.key.text() +
               ", but: " + said);
        }
      }
    }
    if (place_.sent().steps != sent) fail("refused, and yet something was sent");
    const std::string moved = difference(before, subject_.records(the_zone()));
    if (!moved.empty()) fail("refused, and yet the zone changed:" + moved);
  }

  /// 2, first half.
  bool plans(bool wanted) {
    const std::string mark = subject_.mark(the_zone());
    const engine::Report report = place_.plan();
    const plan::ZonePlan* plan = plan_of(report);
    if (plan == nullptr || !trouble(report).empty()) {
      fail("no plan: " + trouble(report));
      return false;
    }
    if (plan->empty() == wanted) {
      fail(wanted ? "the plan is empty" : "the plan is not empty:" + first_changes(*plan));
    }
    if (has_ttl_out_of_range(*state_, traits_)) {
      const bool noted = std::any_of(plan->notes.begin(), plan->notes.end(),
                                     [](const auto& note) { return note.row == 24; });
      if (!noted) fail("a TTL is moved into the provider's range, and the plan does not say so");
    }
    if (subject_.mark(the_zone()) != mark) fail("planning wrote to the zone");
    return failures_.empty();
  }

  /// 2, second half.
  bool applies(bool wanted) {
    const std::string mark = subject_.mark(the_zone());
    const std::size_t sent = place_.sent().steps;
    const engine::Report report = place_.apply();
    const auto* zone = only_zone(report);
    const ZoneStatus status = wanted ? ZoneStatus::applied : ZoneStatus::nothing;
    if (zone == nullptr || zone->status != status || zone->error) {
      fail("apply ended as " +
           (zone ? std::string(engine::zone_status_name(zone->status)) : std::string("no zone")) +
           ": " + trouble(report));
    }
    if (!wanted && (place_.sent().steps != sent || subject_.mark(the_zone()) != mark)) {
      fail("there was nothing to do, and yet something was sent");
    }
    return failures_.empty();
  }

  /// 3.
  void plans_nothing_more() {
    const engine::Report report = place_.plan();
    const plan::ZonePlan* plan = plan_of(report);
    if (plan == nullptr) {
      fail("no second plan: " + trouble(report));
    } else if (!plan->empty()) {
      fail("a second plan is not empty:" + first_changes(*plan));
    }
  }

  /// 4.
  void is_as(const dns::Zone& expected, const Look& before) {
    const std::string other = difference(stored(expected), subject_.records(the_zone()));
    if (!other.empty()) fail("the zone is not what the state says:" + other);
    const std::string disturbed = touched(before, look(), expected, spoken_);
    if (!disturbed.empty()) fail("a set that nobody spoke of changed:" + disturbed);
  }

  /// As the provider says that it keeps it.
  dns::Zone stored(const dns::Zone& zone) {
    const auto provider = place_.provider();
    const auto refs = provider->find(the_zone());
    dns::Zone kept(zone.apex());
    for (const auto& set : zone.sets()) kept.put(provider->stored(refs.front(), set));
    return kept;
  }

  void take_back(const dns::Zone& expected, const Look& before) {
    const engine::Report report = place_.rollback();
    const auto* zone = only_zone(report);
    if (zone == nullptr || zone->status != ZoneStatus::applied) {
      return fail("rollback did not go through: " + trouble(report));
    }
    is_as(expected, before);
  }

  Subject& subject_;
  const Group& group_;
  Workplace place_;
  plan::Traits traits_;
  const State* state_ = nullptr;
  bool after_refusal_ = false;
  std::set<dns::Key> spoken_;  ///< Of this state, and of earlier ones: what was ours may go again.
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> walk(Subject& subject, const Group& group) {
  return Walk(subject, group).run();
}

}  // namespace mxsmith::conformance
