#include "engine/engine.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

#include "base/file.hpp"
#include "engine/check.hpp"
#include "engine/intake.hpp"
#include "engine/planning.hpp"
#include "engine/rollback.hpp"
#include "engine/task.hpp"
#include "engine/timeline.hpp"
#include "spec/service_files.hpp"

namespace mxsmith::engine {

namespace {

using base::Error;
using base::ErrorKind;

/// "20261205T163100Z-3f9a"
std::string new_run_id(base::Instant now) {
  std::string id;
  for (const char c : base::print_instant(now)) {
    if (c != '-' && c != ':') id += c;
  }
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  id += '-';
  for (int i = 0; i < 4; ++i) id += kDigits[random() % kDigits.size()];
  return id;
}

/// A task for a saved plan's zone, with that plan.
Task task_of(const spec::Project& project, const plan::ZonePlan& plan) {
  spec::ProviderChoice choice;
  choice.account = plan.target.account;
  choice.zone_id = plan.target.zone_id;
  Task task = make_task(project, choice, plan.zone);
  task.report.spec_file = plan.spec_file;
  task.report.plan = plan;
  task.report.status = plan.empty() ? ZoneStatus::nothing : ZoneStatus::planned;
  return task;
}

/// What forbids a saved plan whatever the zone looks like.
void check_saved(const Task& task, state::Store& store, base::Instant now) {
  const plan::ZonePlan& plan = *task.report.plan;
  const std::string zone = plan.zone.display();
  if (plan.for_looking) {
    throw Error(ErrorKind::refused,
                "the plan for " + zone + " was made for looking (--at or --against)")
        .with_hint("make one without them");
  }
  if (plan.target.fingerprint != task.provider->fingerprint()) {
    throw Error(ErrorKind::stale, "the plan for " + zone + " was made for another account than " +
                                      task.account.name + " is now")
        .with_hint("plan again");
  }
  if (now > plan.valid_until) {
    throw Error(ErrorKind::stale,
                "the plan for " + zone + " was valid until " +
                    base::print_instant_local(plan.valid_until, base::WithDate::yes))
        .with_hint("plan again");
  }
  if (plan.refused()) {
    throw Error(ErrorKind::refused, "the plan for " + zone + " was refused by a guard")
        .with_hint("plan again and let the guard through there");
  }
  const plan::HoldView hold = hold_view(store, task.key);
  if (hold.by_hand) {
    throw Error(ErrorKind::refused, zone + " is held: " + hold.reason)
        .with_hint("`mxsmith hold " + zone + " --lift` lifts it (--all for a hold over all zones)");
  }
  for (const auto& digest : hold.undone_digests) {
    if (digest != plan.spec_digest) continue;
    throw Error(ErrorKind::refused,
                zone + " is held: this spec state was undone (" + hold.undone_by + ")")
        .with_hint("change the spec, or `mxsmith hold " + zone + " --lift`");
  }
}

PlanContext context_of(const PlanRequest& request, base::Instant at) {
  PlanContext context;
  context.at = at;
  context.for_looking = request.at.has_value();
  context.reviewed = request.reviewed;
  context.allow = request.allow;
  return context;
}

Task prune_task(const spec::Project& project, state::Store& store, const state::ZoneKey& key,
                base::Instant now) {
  Task task = make_task(project, choice_for(store, key), key.zone);
  plan::Desired nothing;
  nothing.zone = key.zone;
  nothing.at = now;
  task.desired = std::move(nothing);
  task.report.notices.push_back("abandoned: no spec names this zone; what was ours goes");
  return task;
}

/// What was done is done, but others who share the store do not know it yet: that must not look
/// like success.
void tell_unsent(std::vector<Task>& tasks, state::Store& store) {
  for (const auto& unsent : store.flush()) {
    for (auto& task : tasks) {
      if (task.key != unsent.zone || task.report.error) continue;
      task.report.error =
          Error(ErrorKind::unavailable,
                "what was done is recorded on this machine, but not in the shared history: " +
                    unsent.why)
              .with_hint(
                  "run `mxsmith apply` again from this clone: it sends the record first; "
                  "runs elsewhere read the zone back");
    }
  }
}

/// Whether somebody looks at the plans of a run before they are carried out.
enum class Attended : std::uint8_t { no, yes };

/// Sets that plans of a run may keep between them until they are carried out.
constexpr std::size_t kSetsKept = 1'000'000;

}  // namespace

struct Engine::Impl : Workshop {
  using Workshop::Workshop;

  Report start() {
    Report report;
    report.started = env.clock.now();
    report.run = new_run_id(report.started);
    env.actor.run = report.run;
    return report;
  }

  void announce(std::size_t zones) const {
    if (env.progress != nullptr) env.progress->begin(zones);
  }

  void finish(std::vector<Task>& tasks, Report& report) const {
    collect(tasks, report);
    report.interrupted = stopping();
  }

  /// Locks, for as long as the task lives, and settles.
  void take_over(Task& task, state::Store& store, state::Claim claim) {
    task.lock = store.lock(task.key, env.actor, claim);
    settle(task, store, *this);
  }

  /// Plans are made: asks, then writes. Fills the report. With somebody who looks at the plans
  /// before they are carried out, no read from before that counts any more.
  void carry_out(std::vector<Task>& tasks, state::Store& store, const Confirm& confirm,
                 Attended attended, Report& report) {
    hold_back_siblings(tasks);
    collect(tasks, report);
    const auto pending = [](const Task& task) {
      return task.open() && task.report.plan && !task.report.plan->empty();
    };
    bool go = std::none_of(tasks.begin(), tasks.end(), pending);
    if (!go) go = confirm(report);
    std::size_t open = 0;
    for (auto& task : tasks) {
      if (!go && pending(task)) task.report.status = ZoneStatus::skipped;
      if (attended == Attended::yes) task.forget_live();
      open += task.open() ? 1 : 0;
    }
    announce(open);
    for_each(tasks, [&](Task& task) {
      if (task.report.plan) execute(task, store, *this);
      task.forget_live();
    });
    tell_unsent(tasks, store);
    finish(tasks, report);
  }

  /// Tasks of a saved plan, checked; nothing is written unless all of them fit.
  std::vector<Task> saved_tasks(const ApplyRequest& request, const spec::Project& project,
                                state::Store& store) {
    const auto file = plan::parse_plan_file(base::read_file(*request.plan_file));
    if (!file) {
      throw Error(ErrorKind::invalid,
                  request.plan_file->string() + " is not a plan: " + file.fault().message)
          .with_hint(file.fault().hint);
    }
    std::vector<Task> tasks;
    tasks.reserve(file->zones.size());
    for (const auto& plan : file->zones) tasks.push_back(task_of(project, plan));
    announce(tasks.size());
    for_each(tasks, [&](Task& task) {
      connect(task, *this);
      take_over(task, store, request.claim);
      check_saved(task, store, env.clock.now());
      read_live(task, *this);
      const auto freshness = plan::compare_with_live(*task.report.plan, task.live);
      if (freshness.moved.empty()) return;
      for (const auto& moved : freshness.moved) task.report.moved.push_back(moved.message);
      throw Error(ErrorKind::stale, "the zone is no longer as it was when this plan was made")
          .with_hint("plan again and review what is new");
    });
    const bool all =
        std::all_of(tasks.begin(), tasks.end(), [](const Task& t) { return t.open(); });
    for (auto& task : tasks) {
      if (all || !task.open()) continue;
      task.report.status = ZoneStatus::skipped;
      task.report.notices.push_back("not begun: another zone of this plan stands in the way");
    }
    return tasks;
  }

  Report apply_saved(const ApplyRequest& request, const Confirm& confirm) {
    Report report = start();
    const auto project = load_project(request.plan.selection, *this);
    state::Store& store = store_of(project.file);
    report.store_shared = store.shared();
    auto tasks = saved_tasks(request, project, store);
    carry_out(tasks, store, confirm, Attended::yes, report);
    return report;
  }

  /// Without any provider, store or credentials.
  Report plan_against(const PlanRequest& request) {
    Report report = start();
    const auto project = load_project(request.selection, *this);
    report.diagnostics.append(project.diagnostics);
    auto tasks = tasks_of(project, request.selection, request.at.value_or(report.started),
                          report.diagnostics);
    if (report.diagnostics.has_errors()) return report;
    announce(tasks.size());
    tasks = plan_offline(request, std::move(tasks), *this, report.diagnostics);
    if (!report.diagnostics.has_errors()) finish(tasks, report);
    return report;
  }
};

Engine::Engine(Environment environment) : impl_(std::make_unique<Impl>(std::move(environment))) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

Report Engine::check(const CheckRequest& request) {
  Report report = impl_->start();
  const Records records(request.records, request.zone.value_or(dns::Name()), report.diagnostics);
  if (request.zone) {
    if (report.diagnostics.has_errors()) return report;
    report.zones.push_back(judge_records(*request.zone, records, spec::built_in_services()));
    return report;
  }
  const auto project = load_project(request.selection, *impl_);
  report.diagnostics.append(project.diagnostics);
  auto tasks = tasks_of(project, request.selection, report.started, report.diagnostics);
  for (const auto& zone : project.zones) {
    for (const auto& moment : spec::moments(zone, report.diagnostics)) {
      spec::evaluate(zone, moment.at, report.diagnostics);
    }
  }
  // What cannot be read right is not judged: one fault would be told as many.
  if (!report.diagnostics.has_errors()) {
    judge_specs(tasks, project, records, report.started, report.diagnostics);
  }
  collect(tasks, report);
  return report;
}

Report Engine::plan(const PlanRequest& request) {
  if (request.against) return impl_->plan_against(request);
  Report report = impl_->start();
  PlanContext context = context_of(request, request.at.value_or(report.started));
  state::Store* store = nullptr;
  const auto look = [&](Task& task) {
    connect(task, *impl_);
    read_live(task, *impl_);
  };
  const auto plan = [&](Task& task) {
    plan_task(task, *store, *impl_, context);
    task.forget_live();
  };
  Intake intake(*impl_, request.selection, context.at, {look, plan});
  const auto project = intake.load(report.diagnostics);
  context.stand_in =
      stand_in_manifests(request, project, *impl_, report.started, report.diagnostics);
  if (report.diagnostics.has_errors()) return report;
  store = &impl_->store_of(project.file);
  report.store_shared = store->shared();
  report.abandoned = abandoned_zones(project, request.selection, *store);
  impl_->announce(intake.size());
  auto tasks = intake.carry_on();
  impl_->finish(tasks, report);
  return report;
}

Report Engine::apply(const ApplyRequest& request, const Confirm& confirm) {
  if (request.plan_file) return impl_->apply_saved(request, confirm);
  Report report = impl_->start();
  const Selection& selection = request.plan.selection;
  PlanContext context = context_of(request.plan, report.started);
  const auto attended = request.plan.reviewed ? Attended::yes : Attended::no;
  state::Store* store = nullptr;
  std::atomic<std::size_t> kept{0};
  const auto plan = [&](Task& task) {
    impl_->take_over(task, *store, request.claim);
    if (!is_fresh(task, *impl_)) read_live(task, *impl_);
    plan_task(task, *store, *impl_, context);
    const bool may_serve = attended == Attended::no && !task.report.plan->empty();
    if (!may_serve || (kept += task.live.sets().size()) > kSetsKept) task.forget_live();
  };
  // No zone is locked or read before the specs are known to be right: a plan must not mix a read
  // from before the lock with history from after it.
  Intake intake(*impl_, selection, context.at, {[&](Task& task) { connect(task, *impl_); }, plan});
  const auto project = intake.load(report.diagnostics);
  store = &impl_->store_of(project.file);
  report.store_shared = store->shared();
  context.stand_in =
      stand_in_manifests(request.plan, project, *impl_, report.started, report.diagnostics);
  if (report.diagnostics.has_errors()) return report;
  report.abandoned = abandoned_zones(project, selection, *store);
  if (request.prune_zone) {
    for (const auto& key : report.abandoned) {
      intake.add(prune_task(project, *store, key, report.started));
    }
  }
  impl_->announce(intake.size());
  auto tasks = intake.carry_on();
  impl_->carry_out(tasks, *store, confirm, attended, report);
  return report;
}

Report Engine::rollback(const RollbackRequest& request, const Confirm& confirm) {
  Report report = impl_->start();
  const auto project = load_project(request.selection, *impl_);
  state::Store& store = impl_->store_of(project.file);
  report.store_shared = store.shared();
  auto tasks = rollback_tasks(request, project, store, *impl_, report.diagnostics);
  if (report.diagnostics.has_errors()) return report;
  impl_->announce(tasks.size());
  impl_->for_each(tasks, [&](Task& task) {
    connect(task, *impl_);
    impl_->take_over(task, store, request.claim);
    if (!is_fresh(task, *impl_)) read_live(task, *impl_);
    plan_rollback(task, request, project, store, *impl_);
  });
  impl_->carry_out(tasks, store, confirm, Attended::yes, report);
  return report;
}

plan::LiveZone Engine::read_zone(const ImportRequest& request) {
  const auto project = load_project({{request.project}, {}}, *impl_);
  spec::ProviderChoice choice;
  choice.account = request.provider;
  choice.zone_id = request.zone_id;
  Task task = make_task(project, choice, request.zone);
  connect(task, *impl_);
  read_live(task, *impl_);
  return std::move(task.live);
}

std::string Engine::import_zone(const ImportRequest& request) {
  const plan::LiveZone live = read_zone(request);
  return spec::write_spec(live, {request.provider, request.zone_id, request.mail_only});
}

bool AccountReport::good() const {
  using Result = provider::AccountCheck::Line::Result;
  return !error && std::none_of(check.lines.begin(), check.lines.end(),
                                [](const auto& line) { return line.result == Result::bad; });
}

std::vector<AccountReport> Engine::check_accounts(const fs::path& project,
                                                  const std::vector<std::string>& wanted) {
  // Specs may be wrong, or missing: only the project file matters here.
  const auto loaded = load_project({{project}, {}}, *impl_);
  std::vector<std::string> names = wanted;
  if (names.empty()) {
    for (const auto& [name, account] : loaded.file.accounts) names.push_back(name);
  }
  if (names.empty()) {
    throw base::Error(base::ErrorKind::not_found, "there is no account in mxsmith.toml here")
        .with_hint(
            "name a provider type to look at what the environment has for it: `mxsmith "
            "providers check cloudflare`");
  }
  std::vector<AccountReport> reports;
  for (const auto& name : names) {
    spec::ProviderChoice choice;
    choice.account = name;
    const base::Account account = loaded.account_for(choice);
    AccountReport& report = reports.emplace_back();
    report.account = account.name;
    report.provider = account.type;
    try {
      report.check = impl_->provider_of(account)->check();
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::interrupted) throw;
      report.error = error;
    }
  }
  return reports;
}

std::vector<Timeline> Engine::timeline(const Selection& selection, base::Diagnostics& diagnostics) {
  std::vector<Timeline> lines;
  const auto project = load_project(selection, *impl_);
  diagnostics.append(project.diagnostics);
  const base::Instant now = impl_->env.clock.now();
  for (const auto& zone : project.zones) {
    if (!selection.zones.empty() && std::find(selection.zones.begin(), selection.zones.end(),
                                              zone.zone) == selection.zones.end()) {
      continue;
    }
    if (diagnostics.has_errors()) {
      spec::moments(zone, diagnostics);  // All faults are told at once.
      continue;
    }
    const Task names = make_task(project, zone.providers.front(), zone.zone);
    lines.push_back(timeline_of(zone, impl_->info_of(names.account).traits,
                                {names.account.name, names.account.type, "", ""}, now,
                                diagnostics));
  }
  return lines;
}

state::Store& Engine::store(const Selection& selection) {
  return impl_->store_of(load_project(selection, *impl_).file);
}

std::vector<state::ZoneKey> Engine::zone_keys(const Selection& selection) {
  const auto project = load_project(selection, *impl_);
  std::vector<state::ZoneKey> keys = impl_->store_of(project.file).zones();
  for (const auto& zone : project.zones) {
    for (const auto& choice : zone.providers) {
      const auto key = make_task(project, choice, zone.zone).key;
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  std::erase_if(keys, [&](const state::ZoneKey& key) {
    return !selection.zones.empty() && std::find(selection.zones.begin(), selection.zones.end(),
                                                 key.zone) == selection.zones.end();
  });
  return keys;
}

}  // namespace mxsmith::engine
