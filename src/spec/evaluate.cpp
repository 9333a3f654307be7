// A zone's spec at a moment, and the moments at which it changes.

#include <algorithm>
#include <utility>

#include "spec/cutover.hpp"
#include "spec/declaring.hpp"
#include "spec/life_cycle.hpp"
#include "spec/merge.hpp"
#include "spec/spec.hpp"
#include "spec/zone_tree.hpp"

namespace mxsmith::spec {

namespace {

/// What is declared after the first 0, 1, 2, ... stages, and the cut-overs between.
class StageWalk {
 public:
  explicit StageWalk(const ZoneSpec& spec) : spec_(spec) {
    Node base = spec.tree->spec->base;
    Node filled = base;
    base::Diagnostics told_by_the_states;
    fill_tree(filled, spec.tree->variables, spec.tree->zone_pos, told_by_the_states);
    cutover_ = cutover_of(filled);
    add_state(base, {});
    for (const Stage& stage : stages()) {
      base::Diagnostics diagnostics;
      lay_over(base, stage.overlay, diagnostics);
      add_state(base, std::move(diagnostics));
    }
    for (std::size_t i = 0; i < stages().size(); ++i) find_lowerings(i);
  }

  [[nodiscard]] const std::vector<Stage>& stages() const { return spec_.tree->spec->stages; }
  [[nodiscard]] const std::vector<Lowering>& lowerings() const { return lowerings_; }
  [[nodiscard]] const CutOver& cutover() const { return cutover_; }

  [[nodiscard]] std::size_t stages_in_force(base::Instant at) const {
    std::size_t count = 0;
    while (count < stages().size() && stages()[count].at <= at) ++count;
    return count;
  }

  struct State {
    plan::Desired desired;
    base::Diagnostics diagnostics;
  };
  [[nodiscard]] const State& after(std::size_t count) const { return states_[count]; }

  /// What has to hold from one stage to the next; not asked of states that have errors.
  void check_life_cycles(base::Diagnostics& diagnostics) const {
    if (stages().empty()) return;
    std::vector<SpecState> states;
    states.reserve(states_.size());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].diagnostics.has_errors()) return;
      states.push_back({states_[i].desired, i == 0 ? nullptr : &stages()[i - 1]});
    }
    check_dkim_life(states, diagnostics);
    check_dmarc_ramp(states, diagnostics);
  }

  /// Stages, TTL lowerings and the ends of cut-overs, ascending.
  [[nodiscard]] std::vector<Moment> moments() const {
    std::vector<Moment> result;
    const std::string ttl = "TTL " + base::print_duration(base::Seconds(cutover_.ttl));
    for (const Stage& stage : stages()) {
      result.push_back({stage.at, "stage " + stage.name, stage.pos, Moment::Kind::stage});
      for (const Lowering& lowering : lowerings_) {
        if (lowering.at != stage.at) continue;
        if (lowering.begin) {
          add_once(result, {*lowering.begin, ttl + " ahead of stage " + stage.name, stage.pos,
                            Moment::Kind::ttl_down});
        }
        if (lowering.end) {
          add_once(result, {*lowering.end, "TTL up again after stage " + stage.name, stage.pos,
                            Moment::Kind::ttl_up});
        }
      }
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Moment& a, const Moment& b) { return a.at < b.at; });
    return result;
  }

 private:
  static void add_once(std::vector<Moment>& moments, Moment moment) {
    for (const Moment& known : moments) {
      if (known.at == moment.at && known.name == moment.name) return;
    }
    moments.push_back(std::move(moment));
  }

  void add_state(const Node& tree, base::Diagnostics diagnostics) {
    State state;
    state.diagnostics = std::move(diagnostics);
    state.desired = declare(tree, *spec_.tree, spec_.zone, state.diagnostics);
    states_.push_back(std::move(state));
  }

  void find_lowerings(std::size_t stage) {
    const State& before = states_[stage];
    const State& after = states_[stage + 1];
    // A state with errors says nothing reliable about what changes.
    if (before.diagnostics.has_errors() || after.diagnostics.has_errors()) return;
    for (Lowering& found :
         spec::lowerings(before.desired, after.desired, stages()[stage].at, cutover_)) {
      lowerings_.push_back(std::move(found));
    }
  }

  const ZoneSpec& spec_;
  CutOver cutover_;
  std::vector<State> states_;
  std::vector<Lowering> lowerings_;
};

plan::StageClock clock_at(const StageWalk& walk, base::Instant at) {
  plan::StageClock clock;
  const std::size_t in_force = walk.stages_in_force(at);
  for (std::size_t i = 0; i < in_force; ++i) {
    const Stage& stage = walk.stages()[i];
    clock.active.push_back(stage.name);
    if (!stage.window || at <= stage.at + *stage.window) continue;
    clock.closed.push_back(
        {stage.name, stage.at, stage.at + *stage.window, walk.after(i).desired.digest, stage.pos});
  }
  for (const Moment& moment : walk.moments()) {
    if (moment.at <= at) continue;
    clock.next_at = moment.at;
    clock.next_name = moment.name;
    break;
  }
  return clock;
}

}  // namespace

plan::Desired evaluate(const ZoneSpec& spec, base::Instant at, base::Diagnostics& diagnostics) {
  const StageWalk walk(spec);
  const StageWalk::State& state = walk.after(walk.stages_in_force(at));
  diagnostics.append(state.diagnostics);
  plan::Desired desired = state.desired;
  desired.at = at;
  apply_cutover(desired, walk.lowerings(), at, walk.cutover());
  desired.stages = clock_at(walk, at);
  return desired;
}

std::vector<Moment> moments(const ZoneSpec& spec, base::Diagnostics& diagnostics) {
  const StageWalk walk(spec);
  for (std::size_t i = 0; i <= walk.stages().size(); ++i) {
    diagnostics.append(walk.after(i).diagnostics);
  }
  walk.check_life_cycles(diagnostics);
  return walk.moments();
}

}  // namespace mxsmith::spec
