#include "plan/schedule.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "dns/rdata.hpp"
#include "plan/phase.hpp"
#include "plan/simulate.hpp"

namespace mxsmith::plan {

namespace {

/// Changes that belong together: one set, or all sets of a name at which a CNAME and other data
/// change places.
struct Group {
  Phase phase = Phase::publish;
  std::vector<std::size_t> changes;
};

bool is_swap(const std::vector<Change>& changes, const std::vector<std::size_t>& at_name) {
  const bool cname = std::any_of(at_name.begin(), at_name.end(), [&](std::size_t i) {
    return changes[i].key.type == dns::Type::CNAME;
  });
  return cname && at_name.size() > 1;
}

/// What goes makes room for what comes: no server takes a CNAME beside other data (RFC 1034 section
/// 3.6.2).
void removals_first(const std::vector<Change>& changes, std::vector<std::size_t>& at_name) {
  std::stable_partition(at_name.begin(), at_name.end(),
                        [&](std::size_t i) { return changes[i].kind() == Change::Kind::remove; });
}

std::vector<std::size_t> by_key(const std::vector<Change>& changes) {
  std::vector<std::size_t> order(changes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return changes[a].key < changes[b].key; });
  return order;
}

std::vector<Group> groups_of(const std::vector<Change>& changes) {
  const auto order = by_key(changes);
  std::vector<Group> groups;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && changes[order[end]].key.name == changes[order[begin]].key.name) {
      ++end;
    }
    std::vector<std::size_t> at_name(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                     order.begin() + static_cast<std::ptrdiff_t>(end));
    if (is_swap(changes, at_name)) {
      removals_first(changes, at_name);
      groups.push_back({Phase::move, std::move(at_name)});
    } else {
      for (const std::size_t i : at_name) groups.push_back({phase_of(changes[i]), {i}});
    }
    begin = end;
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.phase < b.phase; });
  return groups;
}

const char* title_of(Phase phase) {
  switch (phase) {
    case Phase::publish: return "publish before the move";
    case Phase::move: return "the move";
    case Phase::tighten: break;
  }
  return "tighten and tidy up";
}

void append(Step& step, const Group& group) {
  step.changes.insert(step.changes.end(), group.changes.begin(), group.changes.end());
}

/// How full a step may become, and how full it is.
class Load {
 public:
  Load(const std::vector<Change>& changes, const Traits& traits)
      : changes_(changes), traits_(traits) {}

  /// Takes the group on, unless something is loaded already and a limit would be passed.
  bool take(const Group& group) {
    const std::size_t count = group.changes.size();
    const std::size_t values = values_in(group);
    const std::size_t octets = traits_.max_octets_per_step == 0 ? 0 : weight_of(group);
    const std::size_t writes = traits_.max_writes_per_step == 0 ? 0 : writes_of(group);
    if (count_ != 0 && (passes(count_ + count, traits_.max_changes_per_step) ||
                        passes(writes_ + writes, traits_.max_writes_per_step) ||
                        passes(values_ + values, traits_.max_values_per_step) ||
                        passes(octets_ + octets, traits_.max_octets_per_step))) {
      return false;
    }
    count_ += count;
    values_ += values;
    octets_ += octets;
    writes_ += writes;
    return true;
  }
  void clear() { count_ = values_ = octets_ = writes_ = 0; }

 private:
  static bool passes(std::size_t size, std::size_t limit) { return limit != 0 && size > limit; }

  [[nodiscard]] std::size_t values_in(const Group& group) const {
    std::size_t values = 0;
    for (const std::size_t i : group.changes) {
      values += values_of(changes_[i], traits_.step_cost);
    }
    return values;
  }
  [[nodiscard]] std::size_t weight_of(const Group& group) const {
    std::size_t octets = 0;
    for (const std::size_t i : group.changes) {
      octets += octets_of(changes_[i], traits_.step_cost);
    }
    return octets;
  }

  [[nodiscard]] std::size_t writes_of(const Group& group) const {
    std::size_t writes = 0;
    for (const std::size_t i : group.changes) {
      writes += record_ops(changes_[i], traits_.update_in_place).size();
    }
    return writes;
  }

  const std::vector<Change>& changes_;
  const Traits& traits_;
  std::size_t count_ = 0;
  std::size_t values_ = 0;
  std::size_t octets_ = 0;
  std::size_t writes_ = 0;
};

bool all_fit(const std::vector<Group>& groups, Load load) {
  return std::all_of(groups.begin(), groups.end(),
                     [&](const Group& group) { return load.take(group); });
}

Step in_one(const std::vector<Group>& groups) {
  const bool one_phase = groups.front().phase == groups.back().phase;
  Step step{one_phase ? title_of(groups.front().phase) : "all in one write", {}, true};
  for (const auto& group : groups) append(step, group);
  return step;
}

/// What a change has of each state that counts by that cost.
template <class Add>
void for_each_state(const Change& change, const StepCost& cost, Add add) {
  if (change.after) add(change.after->set);
  if (change.before && cost.before == Support::yes) add(change.before->set);
}

}  // namespace

std::size_t octets_of(const Change& change, const StepCost& cost) {
  const std::size_t name = cost.per_octet * change.key.name.text().size();
  std::size_t octets = cost.per_change + cost.names_per_change * name;
  for_each_state(change, cost, [&](const dns::RRset& set) {
    for (const auto& value : set.values) {
      octets += cost.per_value + cost.names_per_value * name +
                cost.per_octet * dns::print_rdata(value).size();
    }
  });
  return octets;
}

std::size_t values_of(const Change& change, const StepCost& cost) {
  std::size_t values = 0;
  for_each_state(change, cost, [&](const dns::RRset& set) { values += set.values.size(); });
  return values;
}

std::vector<Step> schedule(const std::vector<Change>& changes, const Traits& traits) {
  if (changes.empty()) return {};
  const auto groups = groups_of(changes);
  const bool atomic = visible_at_once(traits);
  Load load(changes, traits);
  if (atomic && all_fit(groups, load)) return {in_one(groups)};
  std::vector<Step> steps;
  const Phase* phase = nullptr;
  for (const auto& group : groups) {
    if (phase == nullptr || *phase != group.phase || !load.take(group)) {
      steps.push_back({title_of(group.phase), {}, atomic});
      load.clear();
      load.take(group);
    }
    append(steps.back(), group);
    phase = &group.phase;
  }
  return steps;
}

}  // namespace mxsmith::plan
