// Raw words of the command line to what commands work with.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cli/options_raw.hpp"

namespace mxsmith::cli {

namespace {

dns::Name zone_name(const std::string& text) {
  auto name = dns::Name::parse_absolute(text);
  if (name && !name->is_root()) return *name;
  const std::string why = name ? "the root is no zone of ours" : name.fault().message;
  throw ValueFault{"`" + text + "` is not a zone name: " + why, "zone names look like example.com"};
}

std::vector<dns::Name> zone_names(const std::vector<std::string>& texts) {
  std::vector<dns::Name> names;
  names.reserve(texts.size());
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

state::Claim claim_of(const Raw& raw) {
  return raw.take_over ? state::Claim::take_over : state::Claim::ask;
}

/// `apply plan.json` is a saved plan, whatever else would be a spec or a folder.
bool is_plan_file(const std::string& path) { return fs::path(path).extension() == ".json"; }

}  // namespace

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

Command make_check(const Raw& raw) {
  CheckOptions options;
  options.explain = raw.explain;
  if (raw.explain) {
    options.rules = raw.positional;
    return options;
  }
  options.request.records.assign(raw.records.begin(), raw.records.end());
  // A spec is a path that says so; what else stands beside records is the zone to be judged.
  const bool spec = raw.positional.size() != 1 ||
                    fs::path(raw.positional[0]).extension() == ".toml" ||
                    raw.positional[0].find('/') != std::string::npos || raw.positional[0] == ".";
  if (!raw.records.empty() && !spec) {
    options.request.zone = zone_name(raw.positional[0]);
    return options;
  }
  options.request.selection = selection_of(raw);
  return options;
}

Command make_plan(const Raw& raw) {
  PlanOptions options;
  options.request = plan_request(raw);
  options.out = given<fs::path>(raw.out);
  options.detailed = raw.detailed ? engine::Detailed::yes : engine::Detailed::no;
  options.request.reviewed = options.out.has_value();
  if (options.out && !is_plan_file(options.out->string())) {
    throw ValueFault{
        "a saved plan has a name that ends in .json, by which `mxsmith apply` knows it",
        "for example --out change.json"};
  }
  const bool for_looking = options.request.at || options.request.against;
  if (for_looking && options.out) {
    throw ValueFault{"a plan made with --at or --against cannot be applied, so --out has no use",
                     "leave --out away, or plan for now against the live zone"};
  }
  return options;
}

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
  options.request.claim = claim_of(raw);
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
  request.claim = claim_of(raw);
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

Command make_dkim_new(const Raw& raw) {
  DkimNewOptions options;
  options.domain = zone_name(raw.positional.front());
  options.selector = raw.selector;
  options.rsa_bits = raw.ed25519 ? 0 : raw.rsa_bits;
  if (!raw.out.empty()) options.out = raw.out;
  options.spec = given<fs::path>(raw.spec);
  return options;
}

Command make_explain(const Raw& raw) {
  ExplainOptions options;
  options.what = raw.positional.front();
  options.live = raw.live;
  options.project = raw.project;
  if (!raw.at.empty()) options.at = instant("--at", raw.at);
  return options;
}

Command make_mta_sts(const Raw& raw) {
  MtaStsOptions options;
  options.what = raw.positional.front();
  options.project = raw.project;
  if (!raw.at.empty()) options.at = instant("--at", raw.at);
  options.out = given<fs::path>(raw.out);
  return options;
}

Command make_services(const Raw& raw) {
  return ServicesOptions{raw.positional.empty() ? "" : raw.positional.front(), raw.project};
}

Command make_services_detect(const Raw& raw) {
  ServicesDetectOptions options;
  options.what = raw.positional.front();
  if (!raw.zone.empty()) options.zone = zone_name(raw.zone);
  options.project = raw.project;
  return options;
}

Command make_providers(const Raw& raw) {
  return ProvidersOptions{raw.positional.empty() ? "" : raw.positional.front()};
}

Command make_providers_check(const Raw& raw) {
  return ProvidersCheckOptions{raw.positional, raw.project};
}

namespace {

std::vector<fs::path> paths_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// Neither specs nor records: there is nobody to ask.
void require_answers(const Raw& raw, const std::string& command) {
  if (!raw.records.empty() || !raw.spec.empty()) return;
  throw ValueFault{command + " asks no name server: it wants --records FILE or --spec SPEC",
                   "see `mxsmith " + command + " --help`"};
}

SpfQuestion spf_question(const Raw& raw) {
  SpfQuestion question;
  const auto ip = mail::Ip::parse(raw.ip);
  if (!ip) throw ValueFault{"--ip \"" + raw.ip + "\" is no IP address", ""};
  question.ip = *ip;
  question.mail_from = without_angles(raw.mail_from);
  question.helo = raw.helo;
  if (question.mail_from.empty() && question.helo.empty()) {
    throw ValueFault{"spf eval wants --mail-from or --helo: one of them names the domain", ""};
  }
  return question;
}

}  // namespace

std::string without_angles(const std::string& address) {
  const bool angles = address.size() >= 2 && address.front() == '<' && address.back() == '>';
  return angles ? address.substr(1, address.size() - 2) : address;
}

Command make_spf_eval(const Raw& raw) {
  require_answers(raw, "spf eval");
  SpfEvalOptions options;
  options.records = paths_of(raw.records);
  if (!raw.spec.empty()) options.specs.emplace_back(raw.spec);
  if (!raw.receiver.empty()) options.receiver = raw.receiver;
  options.queries = raw.file;
  const bool one = !raw.ip.empty() || !raw.mail_from.empty() || !raw.helo.empty();
  if (one == !raw.file.empty()) {
    throw ValueFault{"spf eval wants either --ip with --mail-from and --helo, or --file",
                     "see `mxsmith spf eval --help`"};
  }
  if (one) options.question = spf_question(raw);
  return options;
}

Command make_spf_flatten(const Raw& raw) {
  require_answers(raw, "spf flatten");
  SpfFlattenOptions options;
  options.records = paths_of(raw.records);
  if (!raw.spec.empty()) options.specs.emplace_back(raw.spec);
  options.includes = raw.includes;
  options.volatiles = raw.take_volatile ? mail::SpfVolatile::taken : mail::SpfVolatile::refused;
  options.out = given<fs::path>(raw.out);
  options.check = given<fs::path>(raw.file);
  if (raw.positional.empty() != options.check.has_value()) {
    throw ValueFault{"spf flatten wants the name of a record, or --check FILE",
                     "for example mxsmith spf flatten example.com --spec example.com.toml"};
  }
  if (options.check && (!raw.includes.empty() || raw.take_volatile)) {
    throw ValueFault{"--check compares what the file says: --include and --volatile have no use",
                     ""};
  }
  if (!raw.positional.empty()) options.name = zone_name(raw.positional.front());
  return options;
}

Command make_completion(const Raw& raw) { return CompletionOptions{raw.positional.front()}; }

Command make_version(const Raw&) { return VersionOptions{}; }

}  // namespace mxsmith::cli
