#include "engine/check.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plan/live_sets.hpp"
#include "plan/rule_findings.hpp"

namespace mxsmith::engine {

namespace {

Unchecked unchecked_of(const mail::NotChecked& one) {
  return {std::string(one.rule->id), one.subject.key.text(), one.reason};
}

/// Judges the states of one zone, oldest first; what is told of one is not told of the next.
class StateJudge {
 public:
  StateJudge(Task& task, mail::Resolver* world, const mail::Catalogue& services,
             mail::KeyCache& keys)
      : task_(task), world_(world), services_(services), keys_(keys) {}

  void judge(const plan::Desired& desired, const spec::Moment* from) {
    const plan::LiveZone zone = plan::live_from(desired);
    const plan::LiveSets sets(zone);
    const auto judgement =
        mail::judge_mail({sets, zone.coverage, desired.mail, services_, world_, keys_});
    for (const auto& finding : judgement.findings) {
      // What nothing declares is a matter of the zone as a whole.
      auto pos = plan::place_in_spec(desired, finding.subject);
      if (!pos.known()) pos = desired.pos;
      auto diagnostic = plan::diagnostic_of(finding, pos);
      if (!told_.insert(diagnostic.rule + "\n" + diagnostic.record + "\n" + diagnostic.message)
               .second) {
        continue;
      }
      if (from != nullptr) {
        diagnostic.notes.push_back({"so from " +
                                        base::print_instant_local(from->at, base::WithDate::yes) +
                                        " on, by " + from->name,
                                    from->pos});
      }
      task_.report.findings.push_back(std::move(diagnostic));
    }
    for (const auto& one : judgement.not_checked) {
      Unchecked unchecked = unchecked_of(one);
      auto& known = task_.report.not_checked;
      if (std::find(known.begin(), known.end(), unchecked) == known.end()) {
        known.push_back(std::move(unchecked));
      }
    }
  }

 private:
  Task& task_;
  mail::Resolver* world_;
  const mail::Catalogue& services_;
  mail::KeyCache& keys_;
  std::set<std::string> told_;
};

const spec::ZoneSpec* spec_of(const spec::Project& project, const dns::Name& zone) {
  const auto found = std::lower_bound(
      project.zones.begin(), project.zones.end(), zone,
      [](const spec::ZoneSpec& one, const dns::Name& wanted) { return one.zone < wanted; });
  return found != project.zones.end() && found->zone == zone ? &*found : nullptr;
}

}  // namespace

void judge_specs(std::vector<Task>& tasks, const spec::Project& project, const Records& records,
                 base::Instant now, base::Diagnostics& diagnostics) {
  mail::KeyCache keys;
  const auto world = records.resolver();
  for (Task& task : tasks) {
    const spec::ZoneSpec* zone = spec_of(project, task.key.zone);
    // A zone at several providers is one desired state.
    const bool again = &task != &tasks.front() && (&task - 1)->key.zone == task.key.zone;
    if (!task.desired || zone == nullptr || again) continue;
    StateJudge judge(task, world.get(), project.services.catalogue(), keys);
    judge.judge(*task.desired, nullptr);
    for (const spec::Moment& moment : spec::moments(*zone, diagnostics)) {
      if (moment.at <= now) continue;
      plan::Desired desired = spec::evaluate(*zone, moment.at, diagnostics);
      take_project_rules(desired.mail, project.file);
      judge.judge(desired, &moment);
    }
  }
}

ZoneReport judge_records(const dns::Name& zone, const Records& records,
                         const mail::Catalogue& services) {
  const dns::Zone held = records.zone(zone);
  if (held.size() == 0) {
    throw base::Error(base::ErrorKind::not_found,
                      "the records hold nothing at or below " + zone.display())
        .with_hint("--records wants zone files that hold the zone");
  }
  ZoneReport report;
  report.zone = zone;
  const mail::SetsOfZone sets(held);
  const auto world = records.resolver();
  mail::KeyCache keys;
  const auto judgement =
      mail::judge_mail({sets, mail::Coverage::whole, {}, services, world.get(), keys});
  for (const auto& finding : judgement.findings) {
    report.findings.push_back(plan::diagnostic_of(finding, records.place(finding.subject)));
  }
  for (const auto& one : judgement.not_checked) report.not_checked.push_back(unchecked_of(one));
  return report;
}

}  // namespace mxsmith::engine
