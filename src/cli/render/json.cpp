// JSON by schemas/report-v1.json: one document per command, keys in snake_case.
//
// It is written as ASCII, everything else as \u escapes, so that it is harmless on a terminal too;
// octets that are not UTF-8 appear as \DDD, as in zone files.
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/render/renderer.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using Json = nlohmann::ordered_json;

std::string utf8(std::string_view text) {
  return base::is_utf8(text) ? std::string(text) : base::escape_for_terminal(text);
}

std::string zone_text(const dns::Name& name) {
  const std::string text = name.text();
  return text.substr(0, text.size() - 1);
}

Json list(const std::vector<std::string>& texts) {
  Json array = Json::array();
  for (const auto& text : texts) array.push_back(utf8(text));
  return array;
}

Json optional_time(base::Instant when) {
  return when == base::Instant{} ? Json() : Json(base::print_instant(when));
}

Json place(const base::SourcePos& pos) {
  if (!pos.known()) return nullptr;
  return {{"file", utf8(*pos.file)}, {"line", pos.line}, {"column", pos.column}};
}

Json to_json(const base::Diagnostic& diagnostic) {
  Json notes = Json::array();
  for (const auto& note : diagnostic.notes) {
    notes.push_back({{"message", utf8(note.message)}, {"place", place(note.pos)}});
  }
  return {{"severity", base::severity_name(diagnostic.severity)},
          {"rule", utf8(diagnostic.rule)},
          {"message", utf8(diagnostic.message)},
          {"hint", utf8(diagnostic.hint)},
          {"place", place(diagnostic.pos)},
          {"notes", std::move(notes)}};
}

Json to_json(const std::vector<base::Diagnostic>& diagnostics) {
  Json array = Json::array();
  for (const auto& diagnostic : diagnostics) array.push_back(to_json(diagnostic));
  return array;
}

std::string_view kind_word(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::usage: return "usage";
    case base::ErrorKind::io: return "io";
    case base::ErrorKind::auth: return "auth";
    case base::ErrorKind::not_found: return "not_found";
    case base::ErrorKind::conflict: return "conflict";
    case base::ErrorKind::rate_limited: return "rate_limited";
    case base::ErrorKind::unavailable: return "unavailable";
    case base::ErrorKind::protocol: return "protocol";
    case base::ErrorKind::unsupported: return "unsupported";
    case base::ErrorKind::invalid: return "invalid";
    case base::ErrorKind::locked: return "locked";
    case base::ErrorKind::refused: return "refused";
    case base::ErrorKind::stale: return "stale";
    case base::ErrorKind::interrupted: return "interrupted";
  }
  return "invalid";
}

std::string_view effect_word(base::Effect effect) {
  switch (effect) {
    case base::Effect::none: return "none";
    case base::Effect::partial: return "partial";
    case base::Effect::unknown: break;
  }
  return "unknown";
}

Json to_json(const base::Error& error) {
  return {{"kind", kind_word(error.kind())},        {"effect", effect_word(error.effect())},
          {"message", utf8(error.what())},          {"key", utf8(error.key())},
          {"request_id", utf8(error.request_id())}, {"hint", utf8(error.hint())}};
}

// ---- plans ----

Json to_json(const std::optional<plan::SetState>& state) {
  if (!state) return nullptr;
  Json values = Json::array();
  for (const auto& value : dns::sorted_values(state->set)) {
    values.push_back(dns::print_rdata(value));
  }
  Json meta = Json::object();
  for (const auto& [name, value] : state->meta) meta[utf8(name)] = utf8(value);
  return {{"ttl", state->set.ttl}, {"values", std::move(values)}, {"meta", std::move(meta)}};
}

std::string_view action_word(plan::Change::Kind kind) {
  switch (kind) {
    case plan::Change::Kind::create: return "create";
    case plan::Change::Kind::remove: return "remove";
    case plan::Change::Kind::update: break;
  }
  return "update";
}

std::string_view delta_word(plan::Delta::Kind kind) {
  switch (kind) {
    case plan::Delta::Kind::added: return "added";
    case plan::Delta::Kind::removed: return "removed";
    case plan::Delta::Kind::changed: return "changed";
    case plan::Delta::Kind::kept: break;
  }
  return "kept";
}

Json deltas(const plan::Change& change, const plan::ChangeText& text) {
  Json array = Json::array();
  for (const auto& delta : text.deltas) {
    array.push_back({{"kind", delta_word(delta.kind)},
                     {"identity", utf8(delta.identity)},
                     {"before", utf8(delta.before)},
                     {"after", utf8(delta.after)},
                     {"place", place(place_of_part(change, delta.identity))}});
  }
  return array;
}

Json to_json(const plan::Change& change) {
  const plan::ChangeText text = plan::describe(change);
  Json reasons = Json::array();
  for (const auto& reason : change.reasons) {
    reasons.push_back({{"row", reason.row}, {"text", utf8(reason.text)}});
  }
  return {{"name", change.key.name.text()},       {"type", dns::type_name(change.key.type)},
          {"action", action_word(change.kind())}, {"before", to_json(change.before)},
          {"after", to_json(change.after)},       {"headline", utf8(text.headline)},
          {"deltas", deltas(change, text)},       {"untouched_values", list(text.other)},
          {"reasons", std::move(reasons)},        {"place", place(change.pos)}};
}

Json to_json(const plan::Impact& impact) {
  const auto& inbound = impact.inbound;
  const auto& sending = impact.sending;
  Json keys = Json::array();
  for (const auto& key : impact.keys) {
    keys.push_back({{"selector", utf8(key.selector)},
                    {"sign", std::string(1, key.sign)},
                    {"text", utf8(key.text)}});
  }
  Json policies = Json::array();
  for (const auto& policy : impact.policies) {
    policies.push_back({{"what", utf8(policy.what)},
                        {"now", utf8(policy.now)},
                        {"after", utf8(policy.after)},
                        {"direction", policy.direction}});
  }
  return {{"inbound",
           {{"changes", inbound.changes},
            {"now", list(inbound.now)},
            {"after", list(inbound.after)},
            {"old_ttl", inbound.old_ttl}}},
          {"sending",
           {{"changes", sending.changes},
            {"now", list(sending.now)},
            {"gains", list(sending.gains)},
            {"loses", list(sending.loses)},
            {"all_now", utf8(sending.all_now)},
            {"all_after", utf8(sending.all_after)},
            {"lookups_now", sending.lookups_now},
            {"lookups_after", sending.lookups_after},
            {"lookups_complete", sending.lookups_complete}}},
          {"keys", std::move(keys)},
          {"policies", std::move(policies)}};
}

Json steps(const plan::ZonePlan& plan) {
  Json array = Json::array();
  for (const auto& step : plan.steps) {
    Json changes = Json::array();
    for (const std::size_t position : step.changes) {
      changes.push_back(to_json(plan.changes.at(position)));
    }
    array.push_back(
        {{"title", utf8(step.title)}, {"atomic", step.atomic}, {"changes", std::move(changes)}});
  }
  return array;
}

Json guards(const plan::ZonePlan& plan) {
  Json array = Json::array();
  for (const auto& guard : plan.guards) {
    Json keys = Json::array();
    for (const auto& key : guard.keys) keys.push_back(key.text());
    Json entry = {{"id", utf8(guard.id)},
                  {"message", utf8(guard.message)},
                  {"keys", std::move(keys)},
                  {"allowed", guard.allowed},
                  {"allowed_by", utf8(guard.allowed_by)},
                  {"place", place(guard.pos)}};
    if (!guard.allowed) entry["allow_option"] = allow_lines(guard, plan).option;
    array.push_back(std::move(entry));
  }
  return array;
}

Json notes(const plan::ZonePlan& plan) {
  Json array = Json::array();
  for (const auto& note : plan.notes) {
    if (!note.worth_showing) continue;
    array.push_back(
        {{"row", note.row}, {"unit", utf8(note.unit.text())}, {"text", utf8(note.text)}});
  }
  return array;
}

Json gaps(const plan::ZonePlan& plan) {
  Json array = Json::array();
  for (const auto& gap : plan.gaps) {
    array.push_back({{"step", gap.step + 1},
                     {"message", utf8(gap.message)},
                     {"mail_relevant", gap.mail_relevant}});
  }
  return array;
}

Json to_json(const plan::ZonePlan& plan) {
  const auto counts = plan.counts();
  return {{"kind", plan::plan_kind_name(plan.kind)},
          {"title", utf8(plan.title)},
          {"read_at", optional_time(plan.read_at)},
          {"made_at", optional_time(plan.made_at)},
          {"valid_until", optional_time(plan.valid_until)},
          {"for_looking", plan.for_looking},
          {"refused", plan.refused()},
          {"counts",
           {{"created", counts.created}, {"updated", counts.updated}, {"removed", counts.removed}}},
          {"impact", to_json(plan.impact)},
          {"steps", steps(plan)},
          {"gaps", gaps(plan)},
          {"guards", guards(plan)},
          {"findings", to_json(plan.findings)},
          {"notes", notes(plan)},
          {"not_checked", list(plan.not_checked)},
          {"left_alone", plan.left_alone},
          {"stages",
           {{"active", list(plan.stages.active)},
            {"next_at", plan.stages.next_at ? optional_time(*plan.stages.next_at) : Json()},
            {"next", utf8(plan.stages.next_name)}}}};
}

// ---- reports ----

std::string_view change_state_word(state::ChangeState state) {
  switch (state) {
    case state::ChangeState::not_applied: return "not_applied";
    case state::ChangeState::applied: return "applied";
    case state::ChangeState::differs: break;
  }
  return "differs";
}

Json to_json(const std::vector<state::StepOutcome>& outcomes) {
  Json array = Json::array();
  for (const auto& outcome : outcomes) {
    Json changes = Json::array();
    for (const auto state : outcome.changes) changes.push_back(change_state_word(state));
    array.push_back({{"step", outcome.step + 1},
                     {"changes", std::move(changes)},
                     {"error", utf8(outcome.error)},
                     {"at", optional_time(outcome.at)}});
  }
  return array;
}

Json to_json(const engine::ZoneReport& zone) {
  return {{"zone", zone_text(zone.zone)},
          {"account", utf8(zone.account)},
          {"provider", utf8(zone.provider)},
          {"spec_file", utf8(zone.spec_file)},
          {"status", engine::zone_status_name(zone.status)},
          {"plan", zone.plan ? to_json(*zone.plan) : Json()},
          {"outcomes", to_json(zone.outcomes)},
          {"settled", list(zone.settled)},
          {"notices", list(zone.notices)},
          {"moved", list(zone.moved)},
          {"error", zone.error ? to_json(*zone.error) : Json()},
          {"entry", zone.entry ? Json(*zone.entry) : Json()}};
}

Json document(std::string_view kind) {
  return {{"$schema", "https://mxsmith.dev/schemas/report-v1.json"},
          {"kind", kind},
          {"tool", "mxsmith " + std::string(base::version())}};
}

std::string dumped(const Json& json) { return json.dump(2, ' ', true) + "\n"; }

std::string print_report(std::string_view kind, const engine::Report& report) {
  Json json = document(kind);
  json["run"] = utf8(report.run);
  json["started"] = optional_time(report.started);
  json["interrupted"] = report.interrupted;
  json["diagnostics"] = to_json(report.diagnostics.sorted());
  Json zones = Json::array();
  for (const auto& zone : report.zones) zones.push_back(to_json(zone));
  json["zones"] = std::move(zones);
  Json abandoned = Json::array();
  for (const auto& key : report.abandoned) {
    abandoned.push_back({{"zone", zone_text(key.zone)}, {"account", utf8(key.account)}});
  }
  json["abandoned"] = std::move(abandoned);
  return dumped(json);
}

// ---- history, holds, timeline, providers ----

Json to_json(const state::EntryInfo& info) {
  return {{"id", info.id},
          {"kind", plan::plan_kind_name(info.kind)},
          {"status", state::status_name(info.status)},
          {"started", optional_time(info.started)},
          {"ended", info.ended ? optional_time(*info.ended) : Json()},
          {"title", utf8(info.title)},
          {"counts",
           {{"created", info.counts.created},
            {"updated", info.counts.updated},
            {"removed", info.counts.removed}}},
          {"actor",
           {{"user", utf8(info.actor.user)},
            {"host", utf8(info.actor.host)},
            {"pid", info.actor.pid},
            {"command", utf8(info.actor.command)},
            {"run", utf8(info.actor.run)},
            {"commit", utf8(info.actor.commit)},
            {"reason", utf8(info.actor.reason)}}},
          {"hash", info.hash},
          {"previous_hash", info.previous_hash}};
}

Json to_json(const state::ZoneKey& key) {
  return {{"zone", zone_text(key.zone)}, {"account", utf8(key.account)}};
}

Json to_json(const state::Hold& hold) {
  const bool rolled_back = hold.kind == state::Hold::Kind::rolled_back;
  return {{"kind", rolled_back ? "rolled_back" : "by_hand"},
          {"reason", utf8(hold.reason)},
          {"by", utf8(hold.by)},
          {"since", optional_time(hold.since)},
          {"entry", hold.entry == 0 ? Json() : Json(hold.entry)}};
}

Json to_json(const provider::ProviderInfo& provider) {
  Json settings = Json::array();
  for (const auto& setting : provider.settings) {
    settings.push_back(
        {{"name", setting.name}, {"meaning", setting.meaning}, {"required", setting.required}});
  }
  const auto& traits = provider.traits;
  Json types = Json::array();
  for (const auto type : traits.types) types.push_back(dns::type_name(type));
  return {{"type", provider.type},
          {"summary", provider.summary},
          {"settings", std::move(settings)},
          {"environment", list(provider.environment)},
          {"traits",
           {{"granularity", plan::granularity_name(traits.granularity)},
            {"atomic_step", traits.atomic_step == plan::Support::yes},
            {"null_mx", traits.null_mx == plan::Support::yes},
            {"apex_ns", traits.apex_ns == plan::Support::yes},
            {"types", std::move(types)},
            {"min_ttl", traits.min_ttl},
            {"max_ttl", traits.max_ttl},
            {"max_txt_octets", traits.max_txt_octets},
            {"max_changes_per_step", traits.max_changes_per_step}}}};
}

class JsonRenderer final : public Renderer {
 public:
  [[nodiscard]] std::string plan(const engine::Report& report) const override {
    return print_report("plan", report);
  }
  [[nodiscard]] std::string result(const engine::Report& report, Deed deed) const override {
    return print_report(deed == Deed::apply ? "apply" : "rollback", report);
  }
  [[nodiscard]] std::string check(const engine::Report& report) const override {
    return print_report("check", report);
  }
  [[nodiscard]] std::string history(const std::vector<ZoneHistory>& zones) const override {
    Json json = document("history");
    json["zones"] = Json::array();
    for (const auto& zone : zones) {
      Json one = to_json(zone.key);
      one["entries"] = Json::array();
      for (const auto& info : zone.entries) one["entries"].push_back(to_json(info));
      json["zones"].push_back(std::move(one));
    }
    return dumped(json);
  }
  [[nodiscard]] std::string entry(const state::ZoneKey& key,
                                  const state::Entry& entry) const override {
    Json json = document("entry");
    json.update(to_json(key));
    json["entry"] = to_json(entry.info);
    json["plan"] = to_json(entry.plan);
    json["outcomes"] = to_json(entry.outcomes);
    json["read_back"] = entry.read_back;
    json["differences"] = list(entry.differences);
    json["undoes"] = entry.undoes;
    return dumped(json);
  }
  [[nodiscard]] std::string chains(const std::vector<ChainCheck>& chains) const override {
    Json json = document("chains");
    json["zones"] = Json::array();
    for (const auto& chain : chains) {
      Json one = to_json(chain.key);
      one["entries"] = chain.entries;
      one["fault"] = chain.fault ? Json(utf8(*chain.fault)) : Json();
      json["zones"].push_back(std::move(one));
    }
    return dumped(json);
  }
  [[nodiscard]] std::string timeline(const std::vector<engine::Timeline>& zones) const override {
    Json json = document("timeline");
    json["zones"] = Json::array();
    for (const auto& zone : zones) {
      Json points = Json::array();
      for (const auto& point : zone.points) {
        points.push_back({{"at", base::print_instant(point.moment.at)},
                          {"name", utf8(point.moment.name)},
                          {"place", place(point.moment.pos)},
                          {"plan", to_json(point.plan)}});
      }
      json["zones"].push_back({{"zone", zone_text(zone.spec.zone)},
                               {"spec_file", utf8(zone.spec.file.string())},
                               {"points", std::move(points)}});
    }
    return dumped(json);
  }
  [[nodiscard]] std::string holds(const Holds& holds) const override {
    Json json = document("holds");
    json["all"] = holds.all ? to_json(*holds.all) : Json();
    json["zones"] = Json::array();
    for (const auto& [key, hold] : holds.zones) {
      Json one = to_json(key);
      one["hold"] = to_json(hold);
      json["zones"].push_back(std::move(one));
    }
    return dumped(json);
  }
  [[nodiscard]] std::string providers(
      std::span<const provider::ProviderInfo> providers) const override {
    Json json = document("providers");
    json["providers"] = Json::array();
    for (const auto& provider : providers) json["providers"].push_back(to_json(provider));
    return dumped(json);
  }
  [[nodiscard]] std::string provider(const provider::ProviderInfo& one) const override {
    return providers({&one, 1});
  }
};

}  // namespace

std::unique_ptr<Renderer> json_renderer(View) { return std::make_unique<JsonRenderer>(); }

}  // namespace mxsmith::cli::render
