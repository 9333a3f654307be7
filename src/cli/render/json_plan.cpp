// Plans as JSON.
#include <utility>

#include "cli/render/json_values.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

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
  Json lines = Json::array();
  for (const auto& line : impact.lines) {
    lines.push_back({{"effect", mail::effect_word(line.effect)},
                     {"about", utf8(line.about)},
                     {"domain", utf8(line.domain)},
                     {"part", utf8(line.part)},
                     {"text", utf8(line.text)},
                     {"affected", utf8(line.affected)}});
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
            {"addresses_gained", list(sending.addresses_gained)},
            {"addresses_lost", list(sending.addresses_lost)},
            {"all_now", utf8(sending.all_now)},
            {"all_after", utf8(sending.all_after)},
            {"lookups_now", sending.lookups_now},
            {"lookups_after", sending.lookups_after},
            {"lookups_complete", sending.lookups_complete},
            {"not_looked_up", list(sending.not_looked_up)}}},
          {"keys", std::move(keys)},
          {"policies", std::move(policies)},
          {"lines", std::move(lines)}};
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
    const std::string option = guard.allowed ? "" : allow_lines(guard, plan).option;
    if (!option.empty()) entry["allow_option"] = utf8(option);
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

}  // namespace

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
          {"findings_before", plan.findings_before},
          {"notes", notes(plan)},
          {"not_checked", list(plan.not_checked)},
          {"left_alone", plan.left_alone},
          {"stages",
           {{"active", list(plan.stages.active)},
            {"next_at", plan.stages.next_at ? optional_time(*plan.stages.next_at) : Json()},
            {"next", utf8(plan.stages.next_name)}}}};
}

}  // namespace mxsmith::cli::render
