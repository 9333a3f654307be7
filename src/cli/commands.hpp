// The commands: each takes its options, calls the engine, hands the result to a renderer. One file
// per command. They return the exit code and throw base::Error.
#pragma once

#include "cli/options.hpp"
#include "cli/session.hpp"

namespace mxsmith::cli {

engine::ExitCode run(const InitOptions& options, Session& session);
engine::ExitCode run(const ImportOptions& options, Session& session);
engine::ExitCode run(const ExportOptions& options, Session& session);
engine::ExitCode run(const CheckOptions& options, Session& session);
engine::ExitCode run(const PlanOptions& options, Session& session);
engine::ExitCode run(const ApplyOptions& options, Session& session);
engine::ExitCode run(const RollbackOptions& options, Session& session);
engine::ExitCode run(const HoldOptions& options, Session& session);
engine::ExitCode run(const HistoryOptions& options, Session& session);
engine::ExitCode run(const TimelineOptions& options, Session& session);
engine::ExitCode run(const DkimNewOptions& options, Session& session);
engine::ExitCode run(const ExplainOptions& options, Session& session);
engine::ExitCode run(const MtaStsOptions& options, Session& session);
engine::ExitCode run(const ServicesOptions& options, Session& session);
engine::ExitCode run(const ServicesDetectOptions& options, Session& session);
engine::ExitCode run(const ProvidersOptions& options, Session& session);
engine::ExitCode run(const ProvidersCheckOptions& options, Session& session);
engine::ExitCode run(const SpfEvalOptions& options, Session& session);
engine::ExitCode run(const SpfFlattenOptions& options, Session& session);
engine::ExitCode run(const CompletionOptions& options, Session& session);
engine::ExitCode run(const VersionOptions& options, Session& session);
engine::ExitCode run(const HelpOptions& options, Session& session);
engine::ExitCode run(const UsageFault& fault, Session& session);

// ---- shared between commands ----

/// "mxsmith apply example.com.toml": what makes the planned changes.
std::string apply_command(const engine::PlanRequest& request);
/// " --project DIR" words that let `rollback` find the project of these specs; empty where the
/// working directory does.
std::string project_arguments(const engine::Selection& selection);
/// Shows the plans and asks; true without a question when `yes`. Throws Error{refused} when there
/// is nobody to ask.
class Confirmation {
 public:
  Confirmation(Session& session, bool yes, std::string question);
  /// Before anything is read: whether it can be asked at all.
  void require_answerable() const;
  bool operator()(const engine::Report& planned) const;

 private:
  Session& session_;
  bool yes_;
  std::string question_;
};

/// Prints what an apply or a rollback came to. `shown` is the report the confirmation saw, if it
/// was asked: what that said is not said twice, and a refused plan that it did not see is shown
/// now.
void show_result(engine::Report& report, const std::optional<engine::Report>& shown,
                 render::Deed deed, const render::View& view, Session& session);

/// Zones of the project by the names given; throws Error{not_found} when one is unknown to specs
/// and history.
std::vector<state::ZoneKey> known_zones(const engine::Selection& selection, Session& session);

}  // namespace mxsmith::cli
