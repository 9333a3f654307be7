#include "engine/intake.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mxsmith::engine {

Intake::Intake(Workshop& workshop, Selection selection, base::Instant at, Crew::Work work)
    : workshop_(workshop),
      selection_(std::move(selection)),
      at_(at),
      crew_(workshop, std::move(work)) {}

spec::Project Intake::load(base::Diagnostics& diagnostics) {
  const auto on_zone = [&](const spec::Project& so_far, const spec::ZoneSpec& zone) {
    take(so_far, zone, diagnostics);
  };
  auto project = load_project(selection_, workshop_, {}, on_zone);
  diagnostics.append(project.diagnostics);
  return project;
}

void Intake::take(const spec::Project& project, const spec::ZoneSpec& zone,
                  base::Diagnostics& diagnostics) {
  for (auto& task : tasks_of_zone(project, zone, selection_, at_, diagnostics)) {
    const bool sound = !diagnostics.has_errors() && !project.diagnostics.has_errors();
    // A zone that is declared twice is a fault, and no two threads may meet in it until that is
    // told.
    const bool first = known_.insert(task.key).second;
    tasks_.push_back(std::move(task));
    if (sound && first) crew_.add(tasks_.back());
  }
}

void Intake::add(Task task) {
  tasks_.push_back(std::move(task));
  crew_.add(tasks_.back());
}

std::vector<Task> Intake::carry_on() {
  crew_.go_on();
  crew_.finish();
  std::vector<Task> tasks(std::make_move_iterator(tasks_.begin()),
                          std::make_move_iterator(tasks_.end()));
  tasks_.clear();
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.report.zone < b.report.zone; });
  return tasks;
}

}  // namespace mxsmith::engine
