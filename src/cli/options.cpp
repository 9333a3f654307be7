#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "cli/command_table.hpp"
#include "cli/options_raw.hpp"

namespace mxsmith::cli {

namespace {

// ---- flags, shared between commands ----

void add_list(CLI::App& app, const char* flag, std::vector<std::string>& into, const char* help,
              const char* what) {
  // Without this, "--zone a.example spec.toml" would take the spec for a second zone.
  app.add_option(flag, into, help)->allow_extra_args(false)->type_name(what);
}

void add_common(CLI::App& app, Raw& raw) {
  app.add_option("--format", raw.format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}).description(""))
      ->type_name("FORMAT");
  app.add_option("--color", raw.color, "auto, always or never; NO_COLOR is respected")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", raw.quiet, "only results and errors");
  app.add_flag("-v,--verbose", raw.verbose, "whole values, every zone by itself, progress");
}

/// For commands that speak to providers.
void add_http(CLI::App& app, Raw& raw) {
  app.add_flag("--trace-http", raw.trace_http, "show every HTTP exchange, secrets hidden");
  app.add_option("--record-http", raw.record_http,
                 "write every HTTP exchange to a new file, secrets hidden")
      ->type_name("FILE");
  app.add_option("--replay-http", raw.replay_http,
                 "answer from such a recording; the network is not used")
      ->type_name("FILE");
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
                 "what stands in for a history that is not there: a spec, or the commit before")
      ->type_name("auto|git:REV|FILE");
}

void add_take_over(CLI::App& app, Raw& raw) {
  app.add_flag("--take-over", raw.take_over,
               "do not wait for the lease of a run elsewhere that is known to be dead");
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
  add_http(app, raw);
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
  add_http(app, raw);
}

void flags_check(CLI::App& app, Raw& raw) {
  app.add_option("specs", raw.positional,
                 "spec files and folders of them (default: here); with --records a zone, "
                 "with --explain rules")
      ->type_name("SPEC|ZONE|RULE");
  add_list(app, "--zone", raw.zones, "only this zone; may be given several times", "ZONE");
  add_list(app, "--records", raw.records,
           "a zone file that answers for what specs do not declare, or that holds ZONE", "FILE");
  app.add_flag("--explain", raw.explain, "what rules look for, and why; without RULE list them");
}

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
  add_http(app, raw);
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
  add_take_over(app, raw);
  add_http(app, raw);
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
  add_take_over(app, raw);
  add_project(app, raw);
  add_http(app, raw);
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

void flags_dkim_new(CLI::App& app, Raw& raw) {
  app.add_option("domain", raw.positional, "the domain that is to sign")
      ->required()
      ->expected(1)
      ->type_name("DOMAIN");
  app.add_option("--selector", raw.selector, "name of the key (default: by date, s202611a)")
      ->type_name("SELECTOR");
  app.add_option("--rsa", raw.rsa_bits, "an RSA key of 2048 to 4096 bits (default: 2048)")
      ->check(CLI::Range(2048U, 4096U).description(""))
      ->type_name("BITS");
  app.add_flag("--ed25519", raw.ed25519, "an Ed25519 key, beside an RSA one")->excludes("--rsa");
  app.add_option("-o,--out", raw.out, "folder for the two files (default: here)")
      ->type_name("FOLDER");
  app.add_option("--spec", raw.spec, "the domain's spec, so that no selector of it is taken")
      ->type_name("FILE");
}

void flags_explain(CLI::App& app, Raw& raw) {
  app.add_option("what", raw.positional, "a spec, a zone of the project, or a zone file")
      ->required()
      ->expected(1)
      ->type_name("SPEC|ZONE|FILE");
  app.add_flag("--live", raw.live, "the zone as its provider has it, not as it is declared");
  add_at(app, raw, "what is declared for that time");
  add_project(app, raw);
  add_http(app, raw);
}

void flags_mta_sts(CLI::App& app, Raw& raw) {
  app.add_option("what", raw.positional, "a spec, a folder of them, or a zone of the project")
      ->required()
      ->expected(1)
      ->type_name("SPEC|ZONE");
  add_at(app, raw, "the policy of that time");
  app.add_option("-o,--out", raw.out, "write a document root for each host below this folder")
      ->type_name("FOLDER");
  add_project(app, raw);
}

void flags_services(CLI::App& app, Raw& raw) {
  app.add_option("name", raw.positional, "id of one service (default: list all)")
      ->expected(0, 1)
      ->type_name("NAME");
  add_project(app, raw);
}

void flags_services_detect(CLI::App& app, Raw& raw) {
  app.add_option("what", raw.positional, "a zone of the project, or a zone file")
      ->required()
      ->expected(1)
      ->type_name("ZONE|FILE");
  app.add_option("--zone", raw.zone, "the zone of a file that does not say so")->type_name("ZONE");
  add_project(app, raw);
  add_http(app, raw);
}

void flags_providers(CLI::App& app, Raw& raw) {
  app.add_option("type", raw.positional, "one provider, with its settings")
      ->expected(0, 1)
      ->type_name("TYPE");
}

void flags_providers_check(CLI::App& app, Raw& raw) {
  app.add_option("account", raw.positional,
                 "accounts of mxsmith.toml, or provider types; all accounts unless given")
      ->type_name("ACCOUNT|TYPE");
  add_project(app, raw);
  add_http(app, raw);
}

void add_offline(CLI::App& app, Raw& raw) {
  add_list(app, "--records", raw.records,
           "a zone file that answers for DNS, of names of any domain", "FILE");
  app.add_option("--spec", raw.spec, "a spec, or a folder of them, that answers for its zones")
      ->type_name("SPEC");
}

void flags_spf_eval(CLI::App& app, Raw& raw) {
  app.add_option("--ip", raw.ip, "the address of the client")->type_name("IP");
  app.add_option("--mail-from", raw.mail_from, "the sender, user@example.com; <> for a bounce")
      ->type_name("ADDRESS");
  app.add_option("--helo", raw.helo, "the name the client gives itself")->type_name("NAME");
  add_offline(app, raw);
  app.add_option("--receiver", raw.receiver, "name of the receiver, for explanations")
      ->type_name("NAME");
  app.add_option("--file", raw.file,
                 "lines IP MAIL-FROM HELO instead of one sender; - reads standard input")
      ->type_name("FILE");
}

void flags_spf_flatten(CLI::App& app, Raw& raw) {
  app.add_option("name", raw.positional, "name of the record")->expected(0, 1)->type_name("NAME");
  add_offline(app, raw);
  add_list(app, "--include", raw.includes, "replace this include only; may be given several times",
           "NAME");
  app.add_flag("--volatile", raw.take_volatile, "replace also what is likely to change soon");
  app.add_option("--check", raw.file, "tell whether a flattened record is out of date")
      ->type_name("FILE");
  add_out(app, raw, "where the source is kept (default: beside the spec, .spf.json)");
}

void flags_completion(CLI::App& app, Raw& raw) {
  app.add_option("shell", raw.positional, "bash, zsh or fish")
      ->required()
      ->expected(1)
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""))
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
    Row{"explain", flags_explain, make_explain},
    Row{"dkim new", flags_dkim_new, make_dkim_new},
    Row{"mta-sts", flags_mta_sts, make_mta_sts},
    Row{"services", flags_services, make_services},
    Row{"services detect", flags_services_detect, make_services_detect},
    Row{"providers", flags_providers, make_providers},
    Row{"providers check", flags_providers_check, make_providers_check},
    Row{"spf eval", flags_spf_eval, make_spf_eval},
    Row{"spf flatten", flags_spf_flatten, make_spf_flatten},
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
  app->set_help_flag("-h,--help", "this text");
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
  common.trace_http = raw.trace_http;
  common.record_http = raw.record_http;
  common.replay_http = raw.replay_http;
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
    std::vector<std::string> asked(arguments.begin() + 1, arguments.end());
    asked.emplace_back("--help");
    return parse_arguments(asked);
  }
  if (!first.empty() && first.front() == '-') {
    return {{},
            UsageFault{"options come after the command: mxsmith COMMAND " + first,
                       "`mxsmith --help` lists the commands"}};
  }
  if (arguments.size() > 1) {
    // "spf eval": the longer name goes before `services NAME`.
    if (const Row* row = find_row(first + " " + arguments[1])) {
      return parse_command(*row, {arguments.begin() + 2, arguments.end()});
    }
  }
  if (const Row* row = find_row(first)) {
    return parse_command(*row, {arguments.begin() + 1, arguments.end()});
  }
  const std::string group = group_overview(first);
  if (group.empty()) return {{}, unknown_command(first)};
  if (arguments.size() > 1 && (arguments[1] == "--help" || arguments[1] == "-h")) {
    return {{}, HelpOptions{group}};
  }
  return {
      {},
      UsageFault{arguments.size() == 1 ? "`mxsmith " + first + "` wants to know what to do"
                                       : "there is no command `" + first + " " + arguments[1] + "`",
                 "`mxsmith " + first + " --help` lists what there is"}};
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
      flag.takes_path =
          type == "FILE" || type == "PATH" || type == "FOLDER" || type == "git:REV|FILE";
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
