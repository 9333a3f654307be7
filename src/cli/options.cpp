#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "cli/command_table.hpp"

namespace mxsmith::cli {

namespace {

/// Raw strings of one command line; turned into values once the library has done its part.
struct Raw {
  std::vector<std::string> positional;
  std::vector<std::string> zones;
  std::vector<std::string> allow;
  std::string format = "text";
  std::string color = "auto";
  std::string reason, at, out, against, previous, provider, zone_id, zone, project, spec, run, only;
  std::optional<std::uint64_t> undo, to;
  bool quiet = false, verbose = false, yes = false, detailed = false, all = false, lift = false;
  bool live = false, check = false, mail_only = false, prune_zone = false;
};

/// What is wrong with a value that the library took for text.
struct ValueFault {
  std::string message;
  std::string hint;
};

dns::Name zone_name(const std::string& text) {
  auto name = dns::Name::parse_absolute(text);
  if (name && !name->is_root()) return *name;
  const std::string why = name ? "the root is no zone of ours" : name.fault().message;
  throw ValueFault{"`" + text + "` is not a zone name: " + why, "zone names look like example.com"};
}

std::vector<dns::Name> zone_names(const std::vector<std::string>& texts) {
  std::vector<dns::Name> names;
  for (const auto& text : texts) names.push_back(zone_name(text));
  return names;
}

engine::AllowOption allow_option(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw ValueFault{"--allow wants GUARD:ZONE, not `" + text + "`",
                     "for example --allow spf-sender-removed:example.com"};
  }
  const std::string guard = text.substr(0, colon);
  if (plan::find_guard(guard) == nullptr) {
    std::vector<std::string> known;
    for (const auto& info : plan::all_guards()) known.emplace_back(info.id);
    const auto near = base::did_you_mean(guard, known);
    throw ValueFault{
        "there is no guard `" + guard + "`" + (near ? ", did you mean `" + *near + "`?" : ""),
        "guards: " + base::join(known, ", ")};
  }
  return {guard, zone_name(text.substr(colon + 1))};
}

base::Instant instant(const std::string& flag, const std::string& text) {
  auto when = base::parse_instant(text);
  if (when) return *when;
  throw ValueFault{flag + " `" + text + "`: " + when.fault().message, when.fault().hint};
}

template <class T>
std::optional<T> given(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return T(text);
}

engine::Selection selection_of(const Raw& raw) {
  engine::Selection selection;
  for (const auto& path : raw.positional) selection.specs.emplace_back(path);
  selection.zones = zone_names(raw.zones);
  return selection;
}

/// The selection of commands that name zones and find the project by --project.
engine::Selection project_selection(const Raw& raw, const std::vector<std::string>& zones) {
  engine::Selection selection;
  if (!raw.project.empty()) selection.specs.emplace_back(raw.project);
  selection.zones = zone_names(zones);
  return selection;
}

engine::PlanRequest plan_request(const Raw& raw) {
  engine::PlanRequest request;
  request.selection = selection_of(raw);
  if (!raw.at.empty()) request.at = instant("--at", raw.at);
  request.against = given<std::string>(raw.against);
  request.previous = given<std::string>(raw.previous);
  for (const auto& text : raw.allow) request.allow.push_back(allow_option(text));
  return request;
}

using Command = decltype(Invocation::command);

Command make_init(const Raw& raw) {
  InitOptions options;
  if (!raw.positional.empty()) options.folder = raw.positional.front();
  if (!raw.zone.empty()) options.zone = zone_name(raw.zone);
  options.provider = raw.provider;
  return options;
}

Command make_import(const Raw& raw) {
  ImportOptions options;
  options.request.zone = zone_name(raw.positional.front());
  options.request.provider = raw.provider;
  options.request.zone_id = given<std::string>(raw.zone_id);
  options.request.project = raw.project.empty() ? fs::path(".") : fs::path(raw.project);
  options.request.mail_only = raw.mail_only;
  options.out = given<fs::path>(raw.out);
  return options;
}

Command make_export(const Raw& raw) {
  ExportOptions options;
  options.what = raw.positional.front();
  options.live = raw.live;
  options.project = raw.project;
  if (!raw.at.empty()) options.at = instant("--at", raw.at);
  options.out = given<fs::path>(raw.out);
  return options;
}

Command make_check(const Raw& raw) { return CheckOptions{selection_of(raw)}; }

Command make_plan(const Raw& raw) {
  PlanOptions options;
  options.request = plan_request(raw);
  options.out = given<fs::path>(raw.out);
  options.detailed = raw.detailed ? engine::Detailed::yes : engine::Detailed::no;
  options.request.reviewed = options.out.has_value();
  const bool for_looking = options.request.at || options.request.against;
  if (for_looking && options.out) {
    throw ValueFault{"a plan made with --at or --against cannot be applied, so --out has no use",
                     "leave --out away, or plan for now against the live zone"};
  }
  return options;
}

/// `apply plan.json` is a saved plan, whatever else would be a spec or a folder.
bool is_plan_file(const std::string& path) { return fs::path(path).extension() == ".json"; }

Command make_apply(const Raw& raw) {
  ApplyOptions options;
  options.yes = raw.yes;
  Raw rest = raw;
  const auto plans = std::count_if(raw.positional.begin(), raw.positional.end(), is_plan_file);
  if (plans > 0) {
    if (raw.positional.size() != 1) {
      throw ValueFault{"a saved plan is applied by itself, without other plans or specs",
                       "apply them one after the other"};
    }
    if (!raw.allow.empty() || !raw.previous.empty() || !raw.zones.empty() || raw.prune_zone) {
      throw ValueFault{
          "a saved plan is applied as it was reviewed: --allow, --zone, --previous and "
          "--prune-zone belong to `mxsmith plan`",
          "make the plan again with them"};
    }
    options.request.plan_file = raw.positional.front();
    rest.positional.clear();
  }
  options.request.plan = plan_request(rest);
  options.request.prune_zone = raw.prune_zone;
  return options;
}

Command make_rollback(const Raw& raw) {
  RollbackOptions options;
  auto& request = options.request;
  request.selection = project_selection(raw, raw.positional);
  request.undo = raw.undo;
  request.to = raw.to;
  request.run = given<std::string>(raw.run);
  request.spec = given<std::string>(raw.spec);
  request.only = given<std::string>(raw.only);
  for (const auto& text : raw.allow) request.allow.push_back(allow_option(text));
  const int ways = int(raw.undo.has_value()) + int(raw.to.has_value()) + int(!raw.run.empty()) +
                   int(!raw.spec.empty());
  if (ways > 1) {
    throw ValueFault{"--undo, --to, --run and --spec are four ways to go back: name one of them",
                     "see `mxsmith rollback --help`"};
  }
  if (request.selection.zones.empty() && raw.run.empty()) {
    throw ValueFault{"rollback wants the name of a zone, or --run ID for all zones of a run",
                     "for example mxsmith rollback example.com"};
  }
  options.yes = raw.yes;
  return options;
}

Command make_hold(const Raw& raw) {
  HoldOptions options;
  options.selection = project_selection(raw, raw.positional);
  options.all = raw.all;
  options.lift = raw.lift;
  if (raw.all && !raw.positional.empty()) {
    throw ValueFault{"name zones or say --all, not both", ""};
  }
  if (raw.lift && !raw.all && raw.positional.empty()) {
    throw ValueFault{"--lift wants the name of a zone, or --all for the hold over everything",
                     "`mxsmith hold` lists what is held"};
  }
  return options;
}

Command make_history(const Raw& raw) {
  HistoryOptions options;
  options.check = raw.check;
  std::vector<std::string> zones = raw.positional;
  if (zones.size() > 1) {
    const std::string& text = zones.back();
    const bool digits =
        !text.empty() && text.size() < 19 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) throw ValueFault{"`" + text + "` is not the number of an entry", ""};
    options.id = std::stoull(text);
    zones.pop_back();
  }
  options.selection = project_selection(raw, zones);
  return options;
}

Command make_timeline(const Raw& raw) { return TimelineOptions{selection_of(raw)}; }

Command make_providers(const Raw& raw) {
  return ProvidersOptions{raw.positional.empty() ? "" : raw.positional.front()};
}

Command make_completion(const Raw& raw) { return CompletionOptions{raw.positional.front()}; }

Command make_version(const Raw&) { return VersionOptions{}; }

// ---- flags, shared between commands ----

void add_list(CLI::App& app, const char* flag, std::vector<std::string>& into, const char* help,
              const char* what) {
  // Without this, "--zone a.example spec.toml" would take the spec for a second zone.
  app.add_option(flag, into, help)->allow_extra_args(false)->type_name(what);
}

void add_common(CLI::App& app, Raw& raw) {
  app.add_option("--format", raw.format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->type_name("FORMAT");
  app.add_option("--color", raw.color, "auto, always or never; NO_COLOR is respected")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", raw.quiet, "only results and errors");
  app.add_flag("-v,--verbose", raw.verbose, "whole values, every zone by itself, progress");
}

void add_project(CLI::App& app, Raw& raw) {
  app.add_option("--project", raw.project, "folder with mxsmith.toml or the specs (default: here)")
      ->type_name("PATH");
}

void add_specs(CLI::App& app, Raw& raw) {
  app.add_option("specs", raw.positional, "spec files and folders of them (default: here)")
      ->type_name("SPEC");
  add_list(app, "--zone", raw.zones, "only this zone; may be given several times", "ZONE");
}

void add_allow(CLI::App& app, Raw& raw) {
  add_list(app, "--allow", raw.allow, "let one guard through for one zone", "GUARD:ZONE");
}

void add_previous(CLI::App& app, Raw& raw) {
  app.add_option("--previous", raw.previous,
                 "a spec that stands in for a history that is not there")
      ->type_name("git:REV|FILE");
}

void add_yes(CLI::App& app, Raw& raw) {
  app.add_flag("-y,--yes", raw.yes, "do not ask; needed where nobody can answer");
  app.add_option("--reason", raw.reason, "why, for the history")->type_name("TEXT");
}

void add_at(CLI::App& app, Raw& raw, const char* help) {
  app.add_option("--at", raw.at, help)->type_name("TIME");
}

void add_out(CLI::App& app, Raw& raw, const char* help) {
  app.add_option("-o,--out", raw.out, help)->type_name("FILE");
}

void flags_init(CLI::App& app, Raw& raw) {
  app.add_option("folder", raw.positional, "where (default: here)")
      ->expected(0, 1)
      ->type_name("FOLDER");
  app.add_option("--zone", raw.zone, "name of the first zone")->type_name("ZONE");
  app.add_option("--provider", raw.provider, "where it is kept (default: zonefile)")
      ->type_name("PROVIDER");
}

void flags_import(CLI::App& app, Raw& raw) {
  app.add_option("zone", raw.positional, "name of the zone")
      ->required()
      ->expected(1)
      ->type_name("ZONE");
  app.add_option("--provider", raw.provider, "account of mxsmith.toml, or type of a provider")
      ->required()
      ->type_name("PROVIDER");
  app.add_option("--zone-id", raw.zone_id, "the provider's own id, where a name has several zones")
      ->type_name("ID");
  app.add_flag("--mail-only", raw.mail_only, "only records that mail needs");
  add_out(app, raw, "write the spec to a new file (default: standard output)");
  add_project(app, raw);
}

void flags_export(CLI::App& app, Raw& raw) {
  app.add_option("what", raw.positional, "a spec, or a zone of the project")
      ->required()
      ->expected(1)
      ->type_name("SPEC|ZONE");
  app.add_flag("--live", raw.live, "the zone as its provider has it, not as it is declared");
  add_at(app, raw, "what is declared for that time");
  add_out(app, raw, "write to a new file (default: standard output)");
  add_project(app, raw);
}

void flags_check(CLI::App& app, Raw& raw) { add_specs(app, raw); }

void flags_plan(CLI::App& app, Raw& raw) {
  add_specs(app, raw);
  add_out(app, raw, "save the plan, for `mxsmith apply FILE`; the name ends in .json");
  app.add_flag("--detailed-exitcode", raw.detailed, "exit 2 when changes are pending");
  add_at(app, raw, "look at another time, as 2026-12-05T22:00:00+05:30");
  app.add_option("--against", raw.against,
                 "compare with another spec or a zone file instead of the live zone")
      ->type_name("git:REV|FILE");
  add_previous(app, raw);
  add_allow(app, raw);
}

void flags_apply(CLI::App& app, Raw& raw) {
  app.add_option("specs", raw.positional, "specs and folders (default: here), or one saved plan")
      ->type_name("SPEC|PLAN.json");
  add_list(app, "--zone", raw.zones, "only this zone; may be given several times", "ZONE");
  add_yes(app, raw);
  add_previous(app, raw);
  add_allow(app, raw);
  app.add_flag("--prune-zone", raw.prune_zone,
               "delete what mxsmith put into zones whose spec is gone");
}

void flags_rollback(CLI::App& app, Raw& raw) {
  app.add_option("zones", raw.positional, "names of zones")->type_name("ZONE");
  app.add_option("--undo", raw.undo, "undo this entry of the history (default: the newest)")
      ->type_name("ID");
  app.add_option("--to", raw.to, "as it was right after this entry")->type_name("ID");
  app.add_option("--run", raw.run, "all zones of a run")->type_name("RUN");
  app.add_option("--spec", raw.spec, "to an earlier spec")->type_name("git:REV|FILE");
  app.add_option("--only", raw.only, "a part: mx, spf, dkim, dmarc, ... or NAME/TYPE")
      ->type_name("PART");
  add_yes(app, raw);
  add_allow(app, raw);
  add_project(app, raw);
}

void flags_hold(CLI::App& app, Raw& raw) {
  app.add_option("zones", raw.positional, "names of zones; none: list what is held")
      ->type_name("ZONE");
  app.add_flag("--all", raw.all, "every zone");
  app.add_flag("--lift", raw.lift, "end the hold");
  app.add_option("--reason", raw.reason, "why")->type_name("TEXT");
  add_project(app, raw);
}

void flags_history(CLI::App& app, Raw& raw) {
  app.add_option("zone", raw.positional, "name of a zone, and the number of one entry")
      ->expected(0, 2)
      ->type_name("ZONE [ID]");
  app.add_flag("--check", raw.check, "verify the chains of hashes");
  add_project(app, raw);
}

void flags_timeline(CLI::App& app, Raw& raw) { add_specs(app, raw); }

void flags_providers(CLI::App& app, Raw& raw) {
  app.add_option("type", raw.positional, "one provider, with its settings")
      ->expected(0, 1)
      ->type_name("TYPE");
}

void flags_completion(CLI::App& app, Raw& raw) {
  app.add_option("shell", raw.positional, "bash, zsh or fish")
      ->required()
      ->expected(1)
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
}

void flags_version(CLI::App&, Raw&) {}

struct Row {
  std::string_view name;
  void (*flags)(CLI::App&, Raw&);
  Command (*make)(const Raw&);
};
constexpr std::array kRows = {
    Row{"init", flags_init, make_init},
    Row{"import", flags_import, make_import},
    Row{"export", flags_export, make_export},
    Row{"check", flags_check, make_check},
    Row{"plan", flags_plan, make_plan},
    Row{"apply", flags_apply, make_apply},
    Row{"rollback", flags_rollback, make_rollback},
    Row{"hold", flags_hold, make_hold},
    Row{"history", flags_history, make_history},
    Row{"timeline", flags_timeline, make_timeline},
    Row{"providers", flags_providers, make_providers},
    Row{"completion", flags_completion, make_completion},
    Row{"version", flags_version, make_version},
};

const Row* find_row(std::string_view name) {
  const auto found =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return row.name == name; });
  return found == kRows.end() ? nullptr : &*found;
}

std::unique_ptr<CLI::App> make_app(const Row& row, Raw& raw) {
  auto app = std::make_unique<CLI::App>(std::string(find_command(row.name)->summary),
                                        "mxsmith " + std::string(row.name));
  app->get_formatter()->column_width(30);
  row.flags(*app, raw);
  add_common(*app, raw);
  app->footer(command_footer(row.name));
  return app;
}

CommonOptions common_of(const Raw& raw) {
  CommonOptions common;
  common.format = raw.format == "json"       ? Format::json
                  : raw.format == "markdown" ? Format::markdown
                                             : Format::text;
  common.color = raw.color == "always"  ? ColorWish::always
                 : raw.color == "never" ? ColorWish::never
                                        : ColorWish::automatic;
  common.quiet = raw.quiet;
  common.verbose = raw.verbose;
  common.reason = raw.reason;
  return common;
}

std::vector<std::string> long_flags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

/// The library's words for a fault, with ours for the commonest slip: a flag that does not exist.
UsageFault usage_fault(const CLI::App& app, const CLI::ParseError& error,
                       const std::vector<std::string>& arguments) {
  const std::string hint = "see `" + app.get_name() + " --help`";
  const auto known = long_flags(app);
  for (const auto& argument : arguments) {
    if (argument == "--") break;
    if (argument.size() < 3 || argument.compare(0, 2, "--") != 0) continue;
    const std::string flag = argument.substr(0, argument.find('='));
    if (std::find(known.begin(), known.end(), flag) != known.end()) continue;
    const auto near = base::did_you_mean(flag, known);
    return {"`" + app.get_name() + "` has no option " + flag +
                (near ? ", did you mean " + *near + "?" : ""),
            hint};
  }
  return {app.get_name() + ": " + error.what(), hint};
}

Invocation parse_command(const Row& row, const std::vector<std::string>& arguments) {
  Raw raw;
  const auto app = make_app(row, raw);
  // The library takes its arguments from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return {common_of(raw), HelpOptions{app->help()}};
  } catch (const CLI::ParseError& error) {
    return {common_of(raw), usage_fault(*app, error, arguments)};
  }
  try {
    return {common_of(raw), row.make(raw)};
  } catch (const ValueFault& fault) {
    return {common_of(raw), UsageFault{fault.message, fault.hint}};
  }
}

UsageFault unknown_command(const std::string& word) {
  std::vector<std::string> known;
  for (const auto& command : all_commands()) known.emplace_back(command.name);
  const auto near = base::did_you_mean(word, known);
  return {"there is no command `" + word + "`" + (near ? ", did you mean `" + *near + "`?" : ""),
          "`mxsmith --help` lists them"};
}

}  // namespace

Invocation parse_arguments(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return {{}, HelpOptions{overview()}};
  const std::string& first = arguments.front();
  if (first == "--version" || first == "-V") return {{}, VersionOptions{}};
  if (first == "--help" || first == "-h" || first == "help") {
    if (first != "help" || arguments.size() == 1) return {{}, HelpOptions{overview()}};
    const Row* row = find_row(arguments[1]);
    if (row == nullptr) return {{}, unknown_command(arguments[1])};
    return parse_command(*row, {"--help"});
  }
  if (!first.empty() && first.front() == '-') {
    return {{},
            UsageFault{"options come after the command: mxsmith COMMAND " + first,
                       "`mxsmith --help` lists the commands"}};
  }
  const Row* row = find_row(first);
  if (row == nullptr) return {{}, unknown_command(first)};
  return parse_command(*row, {arguments.begin() + 1, arguments.end()});
}

std::vector<CommandShape> command_shapes() {
  std::vector<CommandShape> shapes;
  for (const Row& row : kRows) {
    Raw raw;
    const auto app = make_app(row, raw);
    CommandShape shape;
    shape.name = row.name;
    shape.summary = find_command(row.name)->summary;
    for (const CLI::Option* option : app->get_options()) {
      const std::string type = option->get_type_name();
      if (option->get_positional()) {
        shape.takes_paths = type.find("SPEC") != std::string::npos || type == "FOLDER";
        continue;
      }
      CommandShape::Flag flag;
      flag.name = "--" + option->get_lnames().front();
      flag.help = option->get_description();
      flag.takes_value = option->get_items_expected_max() > 0;
      flag.takes_path = type == "FILE" || type == "PATH" || type == "git:REV|FILE";
      if (flag.name == "--format") flag.values = {"text", "json", "markdown"};
      if (flag.name == "--color") flag.values = {"auto", "always", "never"};
      shape.flags.push_back(std::move(flag));
    }
    if (shape.name == "completion") shape.words = {"bash", "zsh", "fish"};
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

}  // namespace mxsmith::cli
