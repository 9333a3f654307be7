// The engine: from what the user asked to what was done, zone by zone.
//
// It is the only place where specs, providers, stores and the clock meet. It prints nothing: it
// returns reports, and tells a Progress what it is about. One zone's failure leaves the others
// going. Every write goes the same way, whether the plan was made a moment ago, was saved last week
// or undoes something:
//
//   lock -> settle what a dead run left -> plan -> confirm -> begin -> (intended, send, outcome)
//   per step -> read back -> end
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/settings.hpp"
#include "http/client.hpp"
#include "plan/plan.hpp"
#include "plan/plan_file.hpp"
#include "provider/provider.hpp"
#include "spec/spec.hpp"
#include "state/store.hpp"

namespace mxsmith::engine {

namespace fs = std::filesystem;

enum class ZoneStatus : std::uint8_t {
  nothing,  ///< In order, nothing to do.
  planned,  ///< Changes are pending.
  refused,  ///< A guard or hold says no.
  stale,    ///< A saved plan no longer fits.
  applied,
  partly,   ///< Something was written and something planned was not.
  unknown,  ///< Something may have been written; history says how to find out.
  failed,   ///< An error; nothing was written.
  skipped,  ///< Not begun: interrupted, not confirmed, or another zone stood in the way.
};
std::string_view zone_status_name(ZoneStatus status);

/// Told what is being worked on; calls may come from any thread, one at a time.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A part of the run begins (planning, applying) that so many zones go through.
  virtual void begin(std::size_t /*zones*/) {}
  /// "reading", "applying step 2 of 3", "reading back"
  virtual void zone(const std::string& /*zone*/, const std::string& /*doing*/) {}
  /// The zone is through with this part.
  virtual void end(const std::string& /*zone*/, ZoneStatus /*status*/) {}
};

/// The world as the engine sees it.
struct Environment {
  base::Clock& clock;
  http::Client& http;
  /// Null: no such type.
  std::function<const provider::ProviderInfo*(std::string_view type)> find_provider;
  std::vector<std::string> provider_types;
  std::function<std::unique_ptr<state::Store>(const base::StateSettings&)> open_store;
  state::Actor actor;  ///< `run` is filled in by the engine.
  Progress* progress = nullptr;
  /// Whether a signal asked to stop; asked between steps and zones.
  std::function<bool()> stop_requested;
};

/// Which zones, and by which specs.
struct Selection {
  std::vector<fs::path> specs;   ///< Files and folders; none: the working directory.
  std::vector<dns::Name> zones;  ///< Only these; none: all.
};

struct AllowOption {
  std::string guard;
  dns::Name zone;
};

struct PlanRequest {
  Selection selection;
  std::optional<base::Instant> at;  ///< For looking only.
  std::optional<std::string>
      against;  ///< "git:REV", a spec, or a zone file: compare offline, no credentials.
  /// "git:REV", a spec, or "auto" (previous_commit.hpp): stands in for a missing manifest.
  std::optional<std::string> previous;
  std::string
      before;  ///< For "auto": the commit that the pipeline says was there before, or empty.
  std::vector<AllowOption> allow;
  bool reviewed = false;  ///< See plan::PlanInput::reviewed.
};

/// What a rule could not learn.
struct Unchecked {
  std::string rule;    ///< Its id.
  std::string record;  ///< The set it judges, "example.com/MX".
  std::string reason;  ///< A phrase: what was not looked up; hostile text.
  friend bool operator==(const Unchecked&, const Unchecked&) = default;
};

struct ZoneReport {
  dns::Name zone;
  std::string account;
  std::string provider;
  std::string spec_file;
  ZoneStatus status = ZoneStatus::nothing;
  std::optional<plan::ZonePlan> plan;
  std::vector<state::StepOutcome> outcomes;
  std::vector<std::string> settled;  ///< What was found of a dead run and how it was closed.
  std::vector<std::string>
      notices;  ///< "no history: nothing is deleted but [[absent]]", "hold lifted: ..."
  std::vector<std::string> moved;          ///< stale: what is other than the plan says.
  std::vector<base::Diagnostic> findings;  ///< `check`: what the rules of mail find.
  std::vector<Unchecked> not_checked;      ///< `check`: what no rule could learn.
  std::optional<base::Error> error;
  std::optional<std::uint64_t> entry;  ///< The history entry it wrote.
  bool write_confirmed = false;        ///< Something certainly was written.
};

struct Report {
  std::string run;
  base::Instant started{};
  std::vector<ZoneReport> zones;
  std::vector<state::ZoneKey> abandoned;  ///< Zones with a manifest and without a spec (row 23).
  base::Diagnostics
      diagnostics;  ///< Faults in specs: when there are errors, nothing was planned or written.
  bool interrupted = false;
  bool store_shared = false;  ///< For rollback's last line.
};

/// Asked once all plans of a run are made; false: nothing is written.
using Confirm = std::function<bool(const Report& planned)>;

struct ApplyRequest {
  PlanRequest plan;
  std::optional<fs::path> plan_file;  ///< A saved plan instead of specs.
  bool prune_zone = false;            ///< Delete what abandoned zones of the selection own.
  state::Claim claim = state::Claim::ask;
};

struct RollbackRequest {
  Selection selection;                ///< `zones` name them; specs tell project and accounts.
  std::optional<std::uint64_t> undo;  ///< One entry.
  std::optional<std::uint64_t> to;    ///< As it was right after that entry.
  std::optional<std::string> run;     ///< All zones of a run.
  std::optional<std::string> spec;    ///< "git:REV" or a file: an earlier spec.
  std::optional<std::string> only;    ///< "mx", "spf", "dkim", "dmarc", ... or "NAME/TYPE".
  std::vector<AllowOption> allow;
  state::Claim claim = state::Claim::ask;
};

struct CheckRequest {
  Selection selection;
  /// Zone files: of one zone, or of names of any domain.
  std::vector<fs::path> records;
  std::optional<dns::Name> zone;  ///< Judge that one as it stands in the records, without specs.
};

struct ImportRequest {
  dns::Name zone;
  std::string provider;  ///< Account name or provider type.
  std::optional<std::string> zone_id;
  fs::path project;  ///< Folder with mxsmith.toml.
  bool mail_only = false;
};

/// A future state of a zone, for `timeline`.
struct TimelinePoint {
  spec::Moment moment;
  plan::ZonePlan plan;    ///< From the state before, as the specs say; for looking.
  mail::Declared before;  ///< What was said of mail until then,
  mail::Declared after;   ///< and what is said from then on.
};
struct Timeline {
  spec::ZoneSpec spec;
  std::vector<std::string> in_force;  ///< Names of the stages that hold now, oldest first.
  mail::Declared now;
  std::vector<TimelinePoint> points;
};

/// What a look at one account found, nothing having been written.
struct AccountReport {
  std::string account;
  std::string provider;
  provider::AccountCheck check;
  std::optional<base::Error> error;  ///< Why nothing could be found out.
  /// Whether the account works: no error, and nothing bad was found.
  [[nodiscard]] bool good() const;
};

class Engine {
 public:
  explicit Engine(Environment environment);
  ~Engine();
  Engine(Engine&&) noexcept;

  /// Specs alone: load and evaluate, now and at every stage, and judge each state by the rules of
  /// mail; records answer for what the specs do not declare.
  Report check(const CheckRequest& request);
  Report plan(const PlanRequest& request);
  Report apply(const ApplyRequest& request, const Confirm& confirm);
  Report rollback(const RollbackRequest& request, const Confirm& confirm);
  /// The text of a spec.
  std::string import_zone(const ImportRequest& request);
  /// Zone as the provider has it.
  plan::LiveZone read_zone(const ImportRequest& request);
  /// Looks at the accounts of the project in that folder, or at those named (accounts, or provider
  /// types without one). Throws Error{not_found} where there are none.
  std::vector<AccountReport> check_accounts(const fs::path& project,
                                            const std::vector<std::string>& wanted);
  std::vector<Timeline> timeline(const Selection& selection, base::Diagnostics& diagnostics);

  /// The store of a project.
  state::Store& store(const Selection& selection);
  /// Zones of the selection by account, also those whose spec is gone; for hold and history.
  std::vector<state::ZoneKey> zone_keys(const Selection& selection);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether specs have errors, or rules of mail found any.
bool has_errors(const Report& report);

/// The exit code of a report (docs/exit-codes.md).
enum class ExitCode : int {
  ok = 0,
  error = 1,
  changes = 2,
  refused = 3,
  partly = 4,
  stale = 5,
  usage = 64,
  interrupted = 130,
};
enum class Detailed : std::uint8_t { no, yes };
ExitCode exit_code(const Report& report, Detailed detailed);

}  // namespace mxsmith::engine
