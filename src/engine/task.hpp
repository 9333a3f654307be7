// One zone at one account on its way through a run, and what all tasks of an engine share.
//
// A Task is touched by one thread at a time. Its report is what the caller sees in the end.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/zone_directory.hpp"

namespace mxsmith::engine {

struct Task {
  base::Account account;
  spec::ProviderChoice choice;
  state::ZoneKey key;
  std::optional<plan::Desired> desired;  ///< None for rollbacks by history and for saved plans.
  spec::KnownServices services;          ///< Those of its project.
  ZoneReport report;

  const provider::ProviderInfo* info = nullptr;
  std::shared_ptr<provider::Provider> provider;
  plan::ZoneRef ref;
  plan::Traits traits;
  plan::LiveZone live;
  std::optional<std::chrono::milliseconds> read_tick;  ///< When reading `live` began; none: unread.
  std::unique_ptr<state::Lock> lock;
  std::vector<std::uint64_t> undoes;
  std::optional<state::Hold> hold_after;  ///< Put in place before a rollback writes.

  [[nodiscard]] bool open() const;  ///< Still has something to be done.
  void fail(const base::Error& error);
  /// Lets go of the live zone: what needs it next reads it again.
  void forget_live();
};

/// What the functions of the engine need of it: the world, and the providers and stores made so
/// far.
class Workshop {
 public:
  explicit Workshop(Environment environment) : env(std::move(environment)) {}

  Environment env;

  /// One instance per account. Throws Error{usage} for a type there is not.
  std::shared_ptr<provider::Provider> provider_of(const base::Account& account);
  ZoneDirectory& directory_of(const base::Account& account);
  const provider::ProviderInfo& info_of(const base::Account& account);
  state::Store& store_of(const spec::ProjectFile& project);
  /// Held while a step is applied at a server that takes one writer at a time; accounts of one
  /// fingerprint share it.
  std::mutex& writer_at(const std::string& fingerprint);
  void tell(const Task& task, const std::string& doing);
  void tell_end(const Task& task);
  [[nodiscard]] bool stopping() const { return env.stop_requested && env.stop_requested(); }

  /// Calls `work` for each task that is open, several at a time (engine/crew.hpp).
  void for_each(std::vector<Task>& tasks, const std::function<void(Task&)>& work);

 private:
  struct Desk {
    std::shared_ptr<provider::Provider> provider;
    ZoneDirectory directory;
  };
  Desk& desk_of(const base::Account& account);

  std::mutex mutex_;
  std::mutex telling_;
  std::map<std::string, Desk> desks_;
  std::map<std::string, std::mutex> writers_;
  std::map<std::string, provider::ProviderInfo> plugins_;  ///< By type.
  std::map<fs::path, std::unique_ptr<state::Store>> stores_;
};

/// The project of a selection from the disk or, with "git:REV", from a revision.
/// `on_zone` as spec::load() has it.
spec::Project load_project(const Selection& selection, Workshop& workshop,
                           const std::string& git_revision = {}, const spec::OnZone& on_zone = {});

/// "abc" of "git:abc"; nothing for anything else.
std::optional<std::string> git_revision_of(const std::string& text);

/// A task without report details but its names; `zone` is known, nothing has been read.
Task make_task(const spec::Project& project, const spec::ProviderChoice& choice,
               const dns::Name& zone);
/// A project's settings of rules hold where the zone says nothing of that rule.
void take_project_rules(mail::Declared& declared, const spec::ProjectFile& project);
/// A task for each provider of the zone, `desired` evaluated at `at`; none for a zone that is not
/// selected. Faults go to `diagnostics`.
std::vector<Task> tasks_of_zone(const spec::Project& project, const spec::ZoneSpec& zone,
                                const Selection& selection, base::Instant at,
                                base::Diagnostics& diagnostics);
/// The same for all zones of a project, in their order.
std::vector<Task> tasks_of(const spec::Project& project, const Selection& selection,
                           base::Instant at, base::Diagnostics& diagnostics);

/// Provider, zone reference and traits. Throws Error{not_found}, Error{conflict} when several zones
/// match, Error{unsupported} for zones that cannot be written.
void connect(Task& task, Workshop& workshop);
/// The live zone into `task.live`.
void read_live(Task& task, Workshop& workshop);
/// Whether the live zone was read so short a time ago that it may be written by: somebody else's
/// change in between would be overwritten.
bool is_fresh(const Task& task, const Workshop& workshop);

/// How the target stands in plans.
plan::Target target_of(const Task& task);

/// What --previous stands for, and the manifest of the store, which goes before it.
struct Memory {
  plan::Manifest manifest;
  plan::HistoryKnown known = plan::HistoryKnown::no;
};
plan::HoldView hold_view(state::Store& store, const state::ZoneKey& key);

/// Closes what a run that died left behind (docs/life-of-a-change.md); under lock, before planning.
void settle(Task& task, state::Store& store, Workshop& workshop);

/// How a change stands to a zone as read.
state::ChangeState state_of(const plan::Change& change, const plan::LiveZone& live);
/// What is other than the plan says it should be, one sentence each.
std::vector<std::string> differences(const plan::ZonePlan& plan, const plan::LiveZone& live);
/// What is owned when not all of a plan took effect: by key, the new items where the change is
/// applied, the old ones where it is not, and those of both that are live in between.
plan::Manifest manifest_between(const plan::Manifest& before, const plan::ZonePlan& plan,
                                const plan::LiveZone& live);

/// Carries out task.report.plan: fresh read, compare, journal, send, read back, seal. Sets the
/// report's status; throws only what happened before anything was begun.
void execute(Task& task, state::Store& store, Workshop& workshop);

}  // namespace mxsmith::engine
