// From spec files to tasks: each zone goes to a crew as soon as it is parsed and evaluated.
#pragma once

#include <deque>
#include <set>
#include <vector>

#include "engine/crew.hpp"

namespace mxsmith::engine {

class Intake {
 public:
  /// Specs are evaluated at `at`. `work.ahead` must not write anything anywhere: specs may yet turn
  /// out to be faulty.
  Intake(Workshop& workshop, Selection selection, base::Instant at, Crew::Work work);

  /// Parses all specs; zones are worked on meanwhile, until the first fault is found. Faults go to
  /// `diagnostics`.
  spec::Project load(base::Diagnostics& diagnostics);
  /// One more task, of no spec.
  void add(Task task);
  [[nodiscard]] std::size_t size() const { return tasks_.size(); }

  /// The specs are in order: does the second part of the work. Returns when everything is done,
  /// with the tasks in the order of their zones.
  std::vector<Task> carry_on();

 private:
  void take(const spec::Project& project, const spec::ZoneSpec& zone,
            base::Diagnostics& diagnostics);

  Workshop& workshop_;
  Selection selection_;
  base::Instant at_;
  std::set<state::ZoneKey> known_;
  std::deque<Task> tasks_;  ///< Stay in place while the crew works on them.
  Crew crew_;
};

}  // namespace mxsmith::engine
