// Plans and manifests as JSON: reading. Strict, because what is read here is applied: unknown keys,
// keys given twice, wrong types, altered sets and steps that do not add up are all refused.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/plan_file.hpp"
#include "plan/plan_format.hpp"
#include "plan/plan_reading.hpp"

namespace mxsmith::plan {

namespace {

using reading::Fields;
using reading::Json;
using reading::Problem;
using reading::read_change;
using reading::read_gap;
using reading::read_impact;
using reading::read_key;
using reading::read_list;
using reading::read_name;
using reading::read_pos;
using reading::read_step;
using reading::read_unit;
using reading::read_values;

constexpr int kDeepest = 64;

dns::Key read_whole_key(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  dns::Key key = read_key(fields);
  fields.done();
  return key;
}

GuardFinding read_guard(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  GuardFinding guard;
  guard.id = fields.text("id");
  guard.message = fields.text("message");
  guard.keys = read_list(fields, "keys", read_whole_key);
  guard.pos = read_pos(fields);
  guard.allowed = fields.flag("allowed");
  guard.allowed_by = fields.text("allowed_by");
  fields.done();
  return guard;
}

base::Severity read_severity(Fields& fields) {
  const std::string word = fields.text("severity");
  for (const auto severity :
       {base::Severity::info, base::Severity::warning, base::Severity::error}) {
    if (word == base::severity_name(severity)) return severity;
  }
  fields.problem().tell(fields.place("severity"), "\"" + word + "\" is no severity");
  return base::Severity::error;
}

base::Diagnostic read_finding(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  base::Diagnostic finding;
  finding.severity = read_severity(fields);
  finding.rule = fields.text("rule");
  finding.message = fields.text("message");
  finding.hint = fields.text("hint");
  if (fields.find("record") != nullptr) finding.record = fields.text("record");
  finding.pos = read_pos(fields);
  fields.each("notes", [&](const Json& one, const std::string& place) {
    Fields note(one, place, problem);
    std::string message = note.text("message");
    finding.notes.push_back({std::move(message), read_pos(note)});
    note.done();
  });
  fields.done();
  return finding;
}

ScopeNote read_note(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  ScopeNote note;
  note.row = static_cast<int>(fields.number("row", 1000));
  note.unit = read_unit(fields);
  note.text = fields.text("text");
  note.worth_showing = fields.flag("worth_showing");
  fields.done();
  return note;
}

StageClock::Window read_window(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  StageClock::Window window;
  window.name = fields.text("name");
  window.at = fields.instant("at");
  window.until = fields.instant("until");
  window.digest_before = fields.text("digest_before");
  window.pos = read_pos(fields);
  fields.done();
  return window;
}

StageClock read_stages(Fields fields) {
  StageClock stages;
  stages.active = fields.texts("active");
  if (fields.find("next_at") != nullptr) stages.next_at = fields.instant("next_at");
  stages.next_name = fields.text("next_name");
  stages.closed = read_list(fields, "closed", read_window);
  fields.done();
  return stages;
}

ManifestItem read_item(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  ManifestItem item;
  item.unit = read_unit(fields);
  item.values = read_values(fields, item.unit.key.type);
  if (fields.find("ttl") != nullptr) {
    item.ttl = static_cast<std::uint32_t>(fields.number("ttl", dns::kMaxTtl));
  }
  if (fields.find("spf_terms") != nullptr) item.spf_terms = fields.texts("spf_terms");
  fields.done();
  return item;
}

Manifest read_manifest(Fields fields) {
  Manifest manifest;
  manifest.spec_digest = fields.text("spec_digest");
  manifest.items = read_list(fields, "items", read_item);
  fields.done();
  const auto& items = manifest.items;
  const auto disordered = std::adjacent_find(
      items.begin(), items.end(),
      [](const ManifestItem& a, const ManifestItem& b) { return !(a.unit < b.unit); });
  if (disordered != items.end()) {
    fields.problem().tell(fields.place("items"),
                          "not in order at " + std::next(disordered)->unit.text());
  }
  return manifest;
}

Target read_target(Fields fields) {
  Target target;
  target.account = fields.text("account");
  target.provider = fields.text("provider");
  target.fingerprint = fields.text("fingerprint");
  target.zone_id = fields.text("zone_id");
  fields.done();
  return target;
}

PlanKind read_kind(Fields& fields) {
  const std::string word = fields.text("kind");
  for (const auto kind : {PlanKind::apply, PlanKind::rollback, PlanKind::redo}) {
    if (word == plan_kind_name(kind)) return kind;
  }
  fields.problem().tell(fields.place("kind"), "\"" + word + "\" is no kind of plan");
  return PlanKind::apply;
}

/// Changes in order and inside the zone, each in exactly one step; gaps in steps there are.
void check_sums(const ZonePlan& plan, const Fields& fields) {
  const auto& changes = plan.changes;
  Problem& problem = fields.problem();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].key.name.is_at_or_below(plan.zone)) {
      problem.tell(fields.place("changes"), changes[i].key.text() + " is not in the zone");
    }
    if (i > 0 && !(changes[i - 1].key < changes[i].key)) {
      problem.tell(fields.place("changes"), "not in order at " + changes[i].key.text());
    }
  }
  std::vector<bool> placed(changes.size(), false);
  for (const auto& step : plan.steps) {
    for (const std::size_t i : step.changes) {
      if (i >= placed.size() || placed[i]) {
        problem.tell(fields.place("steps"),
                     "change " + std::to_string(i) +
                         (i >= placed.size() ? " is not there" : " stands in two steps"));
        return;
      }
      placed[i] = true;
    }
  }
  if (std::find(placed.begin(), placed.end(), false) != placed.end()) {
    problem.tell(fields.place("steps"), "a change is in no step");
  }
  for (const auto& gap : plan.gaps) {
    if (gap.step >= plan.steps.size()) problem.tell(fields.place("gaps"), "a step is not there");
  }
}

ZonePlan read_zone_plan(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  ZonePlan plan;
  plan.zone = read_name(fields, "zone");
  plan.target = read_target(fields.object("target"));
  plan.kind = read_kind(fields);
  plan.title = fields.text("title");
  plan.spec_file = fields.text("spec_file");
  plan.spec_digest = fields.text("spec_digest");
  plan.read_at = fields.instant("read_at");
  plan.made_at = fields.instant("made_at");
  plan.valid_until = fields.instant("valid_until");
  plan.for_looking = fields.flag("for_looking");
  plan.changes = read_list(fields, "changes", read_change);
  plan.steps = read_list(fields, "steps", read_step);
  plan.gaps = read_list(fields, "gaps", read_gap);
  plan.impact = read_impact(fields.object("impact"));
  plan.guards = read_list(fields, "guards", read_guard);
  plan.findings = read_list(fields, "findings", read_finding);
  if (fields.find("findings_before") != nullptr) {
    plan.findings_before = fields.size("findings_before");
  }
  plan.notes = read_list(fields, "notes", read_note);
  plan.not_checked = fields.texts("not_checked");
  plan.left_alone = fields.size("left_alone");
  plan.stages = read_stages(fields.object("stages"));
  plan.manifest = read_manifest(fields.object("manifest"));
  fields.done();
  if (!problem.fault) check_sums(plan, fields);
  return plan;
}

/// Refuses keys that stand twice in one object: the parser would let the last one win without a
/// word.
class DuplicateKeys {
 public:
  bool operator()(int, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto key = parsed.get<std::string>();
      if (!open_.back().insert(key).second && !twice_) twice_ = key;
    }
    return true;
  }
  [[nodiscard]] const std::optional<std::string>& twice() const { return twice_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::optional<std::string> twice_;
};

/// The whole text as a document of one format, handed to `read`; the first problem, if any.
template <class Read>
std::optional<base::Fault> read_document(std::string_view text, std::string_view format,
                                         Read read) {
  if (!is_nested_within(text, kDeepest)) {
    return base::Fault{"nested over " + std::to_string(kDeepest) + " deep", {}, 0};
  }
  DuplicateKeys duplicates;
  Json json;
  try {
    json = Json::parse(text.begin(), text.end(), std::ref(duplicates));
  } catch (const Json::exception& error) {
    const auto* at = dynamic_cast<const Json::parse_error*>(&error);
    return base::Fault{"not JSON", "the file may be cut off or damaged",
                       at == nullptr || at->byte == 0 ? 0 : at->byte - 1};
  }
  Problem problem;
  if (duplicates.twice()) problem.tell({}, "the key \"" + *duplicates.twice() + "\" stands twice");
  Fields fields(json, {}, problem);
  const std::string found = fields.text("format");
  if (!problem.fault && found != format) {
    problem.tell("format", "\"" + found + "\" is not known here; this version reads \"" +
                               std::string(format) + "\"");
  }
  if (!problem.fault) read(fields);
  if (!problem.fault) fields.done();
  return problem.fault;
}

}  // namespace

base::Parsed<PlanFile> parse_plan_file(std::string_view json) {
  PlanFile file;
  const auto fault = read_document(json, kPlanFormat, [&](Fields& fields) {
    file.tool = fields.text("tool");
    file.made_at = fields.instant("made_at");
    file.zones = read_list(fields, "zones", read_zone_plan);
  });
  if (fault) return *fault;
  return file;
}

base::Parsed<ZonePlan> parse_zone_plan(std::string_view json) {
  ZonePlan plan;
  const auto fault = read_document(json, kZonePlanFormat, [&](Fields& fields) {
    plan = read_zone_plan(fields.need("plan"), "plan", fields.problem());
  });
  if (fault) return *fault;
  return plan;
}

base::Parsed<Manifest> parse_manifest(std::string_view json) {
  Manifest manifest;
  const auto fault = read_document(json, kManifestFormat, [&](Fields& fields) {
    manifest = read_manifest(fields.object("manifest"));
  });
  if (fault) return *fault;
  return manifest;
}

}  // namespace mxsmith::plan
