#include "conformance/cases.hpp"

#include <memory>
#include <utility>

#include "conformance/story.hpp"
#include "conformance/trial.hpp"

namespace mxsmith::conformance {

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  std::vector<std::shared_ptr<const Group>> list;  // shared: some hold thousands of lines
  for (Group& group : whole_list()) list.push_back(std::make_shared<Group>(std::move(group)));
  for (const SubjectEntry& entry : subjects()) {
    const auto sample = entry.make();
    for (const Trial& trial : all_trials()) {
      if (!offers(*sample, trial.needs)) continue;
      cases.push_back({entry.name + ": " + trial.title, entry.tag, [entry, trial] {
                         const auto subject = entry.make();
                         return run_trial(*subject, trial);
                       }});
    }
    for (const auto& group : list) {
      cases.push_back({entry.name + ": " + group->title(), entry.tag, [entry, group] {
                         const auto subject = entry.make();
                         return walk(*subject, *group);
                       }});
    }
  }
  return cases;
}

}  // namespace mxsmith::conformance
