// Plans and manifests as JSON: writing. Reading is in plan_file_read.cpp; both follow
// schemas/plan-v1.json.
#include "plan/plan_file.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "base/text.hpp"
#include "plan/plan_format.hpp"

namespace mxsmith::plan {

namespace {

using Json = nlohmann::ordered_json;

/// Messages may quote what is live. They are for people, so octets that are no UTF-8 may be shown
/// escaped; values never come this way.
Json text(std::string_view octets) {
  return base::is_utf8(octets) ? std::string(octets) : base::escape_for_terminal(octets);
}

Json texts(const std::vector<std::string>& list) {
  Json array = Json::array();
  for (const auto& one : list) array.push_back(text(one));
  return array;
}

Json instant(base::Instant when) { return base::print_instant(when); }

void put_pos(Json& object, const base::SourcePos& pos) {
  if (!pos.file) return;
  object["pos"] = {{"file", text(*pos.file)}, {"line", pos.line}, {"column", pos.column}};
}

Json values(const std::vector<dns::Rdata>& list) {
  Json array = Json::array();
  for (const auto& value : list) array.push_back(dns::print_rdata(value));
  return array;
}

void put_key(Json& object, const dns::Key& key) {
  object["name"] = key.name.text();
  object["type"] = dns::type_name(key.type);
}

void put_unit(Json& object, const Unit& unit) {
  put_key(object, unit.key);
  object["class"] = class_name(unit.owned);
  if (unit.owned == OwnedClass::value) object["value"] = dns::print_rdata(dns::Txt{unit.octets});
}

Json state(const std::optional<SetState>& state) {
  if (!state) return nullptr;
  Json object;
  object["ttl"] = state->set.ttl;
  object["values"] = values(state->set.values);
  if (!state->meta.empty()) {
    Json& meta = object["meta"] = Json::object();
    for (const auto& [name, value] : state->meta) meta[text(name).get<std::string>()] = text(value);
  }
  object["digest"] = dns::digest(state->set);
  if (!state->verbatim.empty()) object["verbatim"] = escape_octets(state->verbatim);
  return object;
}

Json change(const Change& change) {
  Json object;
  put_key(object, change.key);
  object["before"] = state(change.before);
  object["after"] = state(change.after);
  Json& reasons = object["reasons"] = Json::array();
  for (const auto& reason : change.reasons) {
    reasons.push_back({{"row", reason.row}, {"text", text(reason.text)}});
  }
  put_pos(object, change.pos);
  if (change.parts.empty()) return object;
  Json& parts = object["parts"] = Json::array();
  for (const auto& [identity, pos] : change.parts) {
    Json part{{"identity", text(identity)}};
    put_pos(part, pos);
    parts.push_back(std::move(part));
  }
  return object;
}

Json inbound(const Impact::Inbound& inbound) {
  return {{"now", texts(inbound.now)},
          {"after", texts(inbound.after)},
          {"old_ttl", inbound.old_ttl},
          {"changes", inbound.changes}};
}

Json sending(const Impact::Sending& sending) {
  return {{"now", texts(sending.now)},
          {"gains", texts(sending.gains)},
          {"loses", texts(sending.loses)},
          {"addresses_gained", texts(sending.addresses_gained)},
          {"addresses_lost", texts(sending.addresses_lost)},
          {"all_now", text(sending.all_now)},
          {"all_after", text(sending.all_after)},
          {"lookups_now", sending.lookups_now},
          {"lookups_after", sending.lookups_after},
          {"lookups_complete", sending.lookups_complete},
          {"not_looked_up", texts(sending.not_looked_up)},
          {"changes", sending.changes}};
}

Json line(const Impact::Line& line) {
  return {{"effect", mail::effect_word(line.effect)},
          {"about", text(line.about)},
          {"domain", text(line.domain)},
          {"part", text(line.part)},
          {"text", text(line.text)},
          {"affected", text(line.affected)}};
}

Json impact(const Impact& impact) {
  Json object{{"inbound", inbound(impact.inbound)}, {"sending", sending(impact.sending)}};
  Json& keys = object["keys"] = Json::array();
  for (const auto& key : impact.keys) {
    keys.push_back({{"selector", text(key.selector)},
                    {"sign", std::string(1, key.sign)},
                    {"text", text(key.text)}});
  }
  Json& policies = object["policies"] = Json::array();
  for (const auto& policy : impact.policies) {
    policies.push_back({{"what", text(policy.what)},
                        {"now", text(policy.now)},
                        {"after", text(policy.after)},
                        {"direction", policy.direction}});
  }
  Json& lines = object["lines"] = Json::array();
  for (const auto& one : impact.lines) lines.push_back(line(one));
  return object;
}

Json guard(const GuardFinding& guard) {
  Json object{{"id", text(guard.id)}, {"message", text(guard.message)}};
  Json& keys = object["keys"] = Json::array();
  for (const auto& key : guard.keys) {
    Json one;
    put_key(one, key);
    keys.push_back(std::move(one));
  }
  put_pos(object, guard.pos);
  object["allowed"] = guard.allowed;
  object["allowed_by"] = text(guard.allowed_by);
  return object;
}

Json finding(const base::Diagnostic& finding) {
  Json object{{"severity", base::severity_name(finding.severity)},
              {"rule", text(finding.rule)},
              {"message", text(finding.message)},
              {"hint", text(finding.hint)}};
  if (!finding.record.empty()) object["record"] = text(finding.record);
  put_pos(object, finding.pos);
  Json& notes = object["notes"] = Json::array();
  for (const auto& note : finding.notes) {
    Json one{{"message", text(note.message)}};
    put_pos(one, note.pos);
    notes.push_back(std::move(one));
  }
  return object;
}

Json note(const ScopeNote& note) {
  Json object{{"row", note.row}};
  put_unit(object, note.unit);
  object["text"] = text(note.text);
  object["worth_showing"] = note.worth_showing;
  return object;
}

Json stages(const StageClock& stages) {
  Json object{{"active", texts(stages.active)}};
  if (stages.next_at) object["next_at"] = instant(*stages.next_at);
  object["next_name"] = text(stages.next_name);
  Json& closed = object["closed"] = Json::array();
  for (const auto& window : stages.closed) {
    Json one{{"name", text(window.name)},
             {"at", instant(window.at)},
             {"until", instant(window.until)},
             {"digest_before", text(window.digest_before)}};
    put_pos(one, window.pos);
    closed.push_back(std::move(one));
  }
  return object;
}

Json manifest_json(const Manifest& manifest) {
  Json object{{"spec_digest", text(manifest.spec_digest)}};
  Json& items = object["items"] = Json::array();
  for (const auto& item : manifest.items) {
    Json one = Json::object();
    put_unit(one, item.unit);
    one["values"] = values(item.values);
    if (item.ttl) one["ttl"] = *item.ttl;
    if (!item.spf_terms.empty()) one["spf_terms"] = texts(item.spf_terms);
    items.push_back(std::move(one));
  }
  return object;
}

template <class List, class Print>
Json array_of(const List& list, Print print) {
  Json array = Json::array();
  for (const auto& one : list) array.push_back(print(one));
  return array;
}

Json step(const Step& step) {
  return {{"title", text(step.title)}, {"changes", step.changes}, {"atomic", step.atomic}};
}

Json gap(const Gap& gap) {
  return {{"step", gap.step}, {"message", text(gap.message)}, {"mail_relevant", gap.mail_relevant}};
}

Json zone_plan(const ZonePlan& plan) {
  Json object;
  object["zone"] = plan.zone.text();
  object["target"] = {{"account", text(plan.target.account)},
                      {"provider", text(plan.target.provider)},
                      {"fingerprint", text(plan.target.fingerprint)},
                      {"zone_id", text(plan.target.zone_id)}};
  object["kind"] = plan_kind_name(plan.kind);
  object["title"] = text(plan.title);
  object["spec_file"] = text(plan.spec_file);
  object["spec_digest"] = text(plan.spec_digest);
  object["read_at"] = instant(plan.read_at);
  object["made_at"] = instant(plan.made_at);
  object["valid_until"] = instant(plan.valid_until);
  object["for_looking"] = plan.for_looking;
  object["changes"] = array_of(plan.changes, change);
  object["steps"] = array_of(plan.steps, step);
  object["gaps"] = array_of(plan.gaps, gap);
  object["impact"] = impact(plan.impact);
  object["guards"] = array_of(plan.guards, guard);
  object["findings"] = array_of(plan.findings, finding);
  object["findings_before"] = plan.findings_before;
  object["notes"] = array_of(plan.notes, note);
  object["not_checked"] = texts(plan.not_checked);
  object["left_alone"] = plan.left_alone;
  object["stages"] = stages(plan.stages);
  object["manifest"] = manifest_json(plan.manifest);
  return object;
}

/// The first key of every document, so that a reader knows what it holds before anything else.
Json document(std::string_view format) { return {{"format", format}}; }

/// Every string went through text() or is ASCII, so this cannot throw; replacing is the net below.
std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string print_plan_file(const PlanFile& file) {
  Json json = document(kPlanFormat);
  json["tool"] = text(file.tool);
  json["made_at"] = instant(file.made_at);
  json["zones"] = array_of(file.zones, zone_plan);
  return dump(json, 2) + "\n";
}

std::string print_zone_plan(const ZonePlan& plan) {
  Json json = document(kZonePlanFormat);
  json["plan"] = zone_plan(plan);
  return dump(json, -1);
}

std::string print_manifest(const Manifest& manifest) {
  Json json = document(kManifestFormat);
  json["manifest"] = manifest_json(manifest);
  return dump(json, -1);
}

}  // namespace mxsmith::plan
