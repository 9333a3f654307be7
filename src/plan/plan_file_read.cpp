// Plans and manifests as JSON: reading. Strict, because what is read here is applied: unknown keys,
// keys given twice, wrong types, altered sets and steps that do not add up are all refused.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/plan_fields.hpp"
#include "plan/plan_file.hpp"
#include "plan/plan_format.hpp"

namespace mxsmith::plan {

namespace {

using reading::Fields;
using reading::Json;
using reading::Problem;

constexpr int kDeepest = 64;

base::SourcePos read_pos(Fields& fields) {
  if (fields.find("pos") == nullptr) return {};
  Fields pos = fields.object("pos");
  base::SourcePos result;
  result.file = std::make_shared<const std::string>(pos.text("file"));
  result.line = static_cast<std::uint32_t>(pos.number("line", 0xffffffff));
  result.column = static_cast<std::uint32_t>(pos.number("column", 0xffffffff));
  pos.done();
  return result;
}

dns::Name read_name(Fields& fields, const char* key) {
  const auto name = dns::Name::parse_absolute(fields.text(key));
  if (name) return *name;
  fields.problem().tell(fields.place(key), name.fault().message);
  return {};
}

dns::Key read_key(Fields& fields) {
  dns::Key key;
  key.name = read_name(fields, "name");
  const std::string word = fields.text("type");
  const auto type = dns::parse_type(word);
  if (!type) fields.problem().tell(fields.place("type"), "\"" + word + "\" is no record type");
  key.type = type.value_or(dns::Type::A);
  return key;
}

std::vector<dns::Rdata> read_values(Fields& fields, dns::Type type) {
  std::vector<dns::Rdata> values;
  fields.each("values", [&](const Json& one, const std::string& where) {
    if (!one.is_string()) {
      fields.problem().tell(where, "a string is expected");
      return;
    }
    auto value = dns::parse_rdata(type, one.get<std::string>(), dns::Name());
    if (!value) {
      fields.problem().tell(where, value.fault().message);
      return;
    }
    if (std::find(values.begin(), values.end(), *value) != values.end()) {
      fields.problem().tell(where, "the value stands there twice");
    }
    values.push_back(std::move(*value));
  });
  return values;
}

Unit read_unit(Fields& fields) {
  Unit unit;
  unit.key = read_key(fields);
  const std::string word = fields.text("class");
  const auto owned = parse_class(word);
  if (!owned) fields.problem().tell(fields.place("class"), "\"" + word + "\" is no class");
  unit.owned = owned.value_or(OwnedClass::whole);
  if (unit.owned != OwnedClass::value) return unit;
  const auto value = dns::parse_rdata(dns::Type::TXT, fields.text("value"), dns::Name());
  if (value) {
    unit.octets = std::get<dns::Txt>(*value).octets;
  } else {
    fields.problem().tell(fields.place("value"), value.fault().message);
  }
  return unit;
}

Meta read_meta(Fields& fields) {
  Meta meta;
  const Json* json = fields.find("meta");
  if (json == nullptr) return meta;
  if (!json->is_object()) fields.problem().tell(fields.place("meta"), "an object is expected");
  for (const auto& [name, value] : json->items()) {
    if (value.is_string()) {
      meta.emplace(name, value.get<std::string>());
    } else {
      fields.problem().tell(fields.place("meta") + "." + name, "a string is expected");
    }
  }
  return meta;
}

std::string read_verbatim(Fields& fields) {
  if (fields.find("verbatim") == nullptr) return {};
  auto octets = unescape_octets(fields.text("verbatim"));
  if (!octets) fields.problem().tell(fields.place("verbatim"), "not escaped as it should be");
  return octets.value_or(std::string());
}

std::optional<SetState> read_state(Fields& change, const char* which, const dns::Key& key) {
  if (change.need(which).is_null()) return std::nullopt;
  Fields fields = change.object(which);
  SetState state;
  state.set.name = key.name;
  state.set.type = key.type;
  state.set.ttl = static_cast<std::uint32_t>(fields.number("ttl", dns::kMaxTtl));
  state.set.values = read_values(fields, key.type);
  state.meta = read_meta(fields);
  state.verbatim = read_verbatim(fields);
  const std::string digest = fields.text("digest");
  fields.done();
  if (state.set.values.empty()) {
    change.problem().tell(change.place(which), "a set without values; null stands for no set");
  }
  if (!change.problem().fault && digest != dns::digest(state.set)) {
    change.problem().tell(change.place(which),
                          "the set " + key.text() + " was altered: its digest is another",
                          "make the plan again");
  }
  return state;
}

Change read_change(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Change change;
  change.key = read_key(fields);
  change.before = read_state(fields, "before", change.key);
  change.after = read_state(fields, "after", change.key);
  fields.each("reasons", [&](const Json& one, const std::string& place) {
    Fields reason(one, place, problem);
    const int row = static_cast<int>(reason.number("row", 1000));
    change.reasons.push_back({row, reason.text("text")});
    reason.done();
  });
  change.pos = read_pos(fields);
  if (fields.find("parts") != nullptr) {
    fields.each("parts", [&](const Json& one, const std::string& place) {
      Fields part(one, place, problem);
      std::string identity = part.text("identity");
      change.parts.emplace_back(std::move(identity), read_pos(part));
      part.done();
    });
  }
  fields.done();
  if (!change.before && !change.after) problem.tell(where, "a change from nothing to nothing");
  return change;
}

Step read_step(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Step step;
  step.title = fields.text("title");
  fields.each("changes", [&](const Json& one, const std::string& place) {
    if (one.is_number_unsigned()) {
      step.changes.push_back(one.get<std::size_t>());
    } else {
      problem.tell(place, "the position of a change is expected");
    }
  });
  step.atomic = fields.flag("atomic");
  fields.done();
  return step;
}

Gap read_gap(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Gap gap;
  gap.step = fields.size("step");
  gap.message = fields.text("message");
  gap.mail_relevant = fields.flag("mail_relevant");
  fields.done();
  return gap;
}

Impact::Inbound read_inbound(Fields fields) {
  Impact::Inbound inbound;
  inbound.now = fields.texts("now");
  inbound.after = fields.texts("after");
  inbound.old_ttl = static_cast<std::uint32_t>(fields.number("old_ttl", dns::kMaxTtl));
  inbound.changes = fields.flag("changes");
  fields.done();
  return inbound;
}

Impact::Sending read_sending(Fields fields) {
  Impact::Sending sending;
  sending.now = fields.texts("now");
  sending.gains = fields.texts("gains");
  sending.loses = fields.texts("loses");
  sending.all_now = fields.text("all_now");
  sending.all_after = fields.text("all_after");
  sending.lookups_now = fields.size("lookups_now");
  sending.lookups_after = fields.size("lookups_after");
  sending.lookups_complete = fields.flag("lookups_complete");
  sending.changes = fields.flag("changes");
  fields.done();
  return sending;
}

Impact::Key read_impact_key(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Impact::Key key;
  key.selector = fields.text("selector");
  const std::string sign = fields.text("sign");
  if (sign.size() != 1) problem.tell(fields.place("sign"), "one sign is expected");
  key.sign = sign.empty() ? '=' : sign[0];
  key.text = fields.text("text");
  fields.done();
  return key;
}

Impact::Policy read_policy(const Json& json, const std::string& where, Problem& problem) {
  Fields fields(json, where, problem);
  Impact::Policy policy;
  policy.what = fields.text("what");
  policy.now = fields.text("now");
  policy.after = fields.text("after");
  const Json& direction = fields.need("direction");
  if (direction.is_number_integer() && direction >= -1 && direction <= 1) {
    policy.direction = direction.get<int>();
  } else {
    problem.tell(fields.place("direction"), "-1, 0 or 1 is expected");
  }
  fields.done();
  return policy;
}

/// Every element of an array by its own reader.
template <class T>
std::vector<T> read_list(Fields& fields, const char* key,
                         T (*read)(const Json&, const std::string&, Problem&)) {
  std::vector<T> list;
  fields.each(key, [&](const Json& one, const std::string& where) {
    list.push_back(read(one, where, fields.problem()));
  });
  return list;
}

Impact read_impact(Fields fields) {
  Impact impact;
  impact.inbound = read_inbound(fields.object("inbound"));
  impact.sending = read_sending(fields.object("sending"));
  impact.keys = read_list(fields, "keys", read_impact_key);
  impact.policies = read_list(fields, "policies", read_policy);
  fields.done();
  return impact;
}

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
