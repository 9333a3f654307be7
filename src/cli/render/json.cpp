// JSON by schemas/report-v1.json: one document per command, keys in snake_case.
//
// It is written as ASCII, everything else as \u escapes, so that it is harmless on a terminal too;
// octets that are not UTF-8 appear as \DDD, as in zone files.
#include <utility>

#include "cli/render/json_values.hpp"
#include "cli/render/renderer.hpp"
#include "cli/render/timeline_words.hpp"

namespace mxsmith::cli::render {

namespace {

using render::to_json;

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

Json to_json(const std::vector<engine::Unchecked>& unchecked) {
  Json array = Json::array();
  for (const auto& one : unchecked) {
    array.push_back(
        {{"rule", one.rule}, {"record", utf8(one.record)}, {"reason", utf8(one.reason)}});
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
          {"findings", to_json(zone.findings)},
          {"not_checked", to_json(zone.not_checked)},
          {"error", zone.error ? to_json(*zone.error) : Json()},
          {"entry", zone.entry ? Json(*zone.entry) : Json()}};
}

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
            {"max_changes_per_step", traits.max_changes_per_step},
            {"max_values_per_step", traits.max_values_per_step},
            {"max_octets_per_step", traits.max_octets_per_step},
            {"multiple_writers", traits.multiple_writers == plan::Support::yes}}}};
}

Json to_json(const std::vector<SelectorStep>& steps) {
  const auto word = [](const std::optional<mail::SelectorState>& state) {
    return state ? Json(mail::selector_state_word(*state)) : Json();
  };
  Json array = Json::array();
  for (const auto& step : steps) {
    array.push_back({{"selector", utf8(step.selector)},
                     {"signer", utf8(step.signer)},
                     {"before", word(step.before)},
                     {"after", word(step.after)}});
  }
  return array;
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
                          {"kind", moment_kind_word(point.moment.kind)},
                          {"name", utf8(point.moment.name)},
                          {"place", place(point.moment.pos)},
                          {"selectors", to_json(selector_steps(point))},
                          {"by_hand", list(by_hand_words(zone.spec, point))},
                          {"plan", to_json(point.plan)}});
      }
      json["zones"].push_back({{"zone", zone_text(zone.spec.zone)},
                               {"spec_file", utf8(zone.spec.file.string())},
                               {"in_force", list(zone.in_force)},
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

std::unique_ptr<Renderer> json_renderer(const View&) { return std::make_unique<JsonRenderer>(); }

}  // namespace mxsmith::cli::render
