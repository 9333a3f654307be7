// A small world for the engine: specs and state in a temporary folder, DNS in memory, a clock that
// stands still. Every call of engine() is a new engine, as a new run of the program would be.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "providers/memory/memory.hpp"
#include "state/file_store.hpp"
#include "support/catch.hpp"
#include "support/offline.hpp"
#include "support/process.hpp"

namespace mxsmith::tests {

inline const char* const kSpec = R"(zone     = "example.com"
provider = "memory"

[[mail.mx]]
host     = "in.newmail.example"
priority = 0

[mail.spf]
mode    = "merge"
include = ["spf.newmail.example"]
all     = "fail"

[[record]]
name = "_dmarc"
type = "TXT"
values = ["v=DMARC1; p=none; rua=mailto:dmarc@example.com"]
)";

/// The world of an engine whose only provider is `memory`, with state in files.
inline engine::Environment environment_with(const provider::ProviderInfo& memory,
                                            base::Clock& clock, http::Client& http) {
  return {
      .clock = clock,
      .http = http,
      .find_provider =
          [&memory](std::string_view type) { return type == "memory" ? &memory : nullptr; },
      .provider_types = {"memory"},
      .open_store =
          [](const base::StateSettings& settings) { return state::file_store(settings.directory); },
      .actor = {},
      .progress = nullptr,
      .stop_requested = nullptr};
}

class World {
 public:
  explicit World(providers::MemoryDns::Options options = {})
      : dns(std::make_shared<providers::MemoryDns>(std::move(options))),
        info_(providers::memory_info(dns)) {
    dns->add_zone(dns::Name::of("example.com"));
    put("example.com", dns::Type::MX, {"10 mx1.oldmail.net.", "20 mx2.oldmail.net."});
    put("example.com", dns::Type::TXT,
        {"\"v=spf1 include:_spf.oldmail.net ~all\"", "\"token=abc\""});
    put("www.example.com", dns::Type::A, {"192.0.2.10"});
    spec(kSpec);
  }

  /// A set as it is in DNS, put there behind the engine's back.
  void put(const char* owner, dns::Type type, const std::vector<std::string>& values) {
    dns::RRset set{dns::Name::of(owner), type, 3600, {}};
    for (const auto& text : values) set.values.push_back(*dns::parse_rdata(type, text, {}));
    dns->set(set);
  }
  void spec(const std::string& text, const std::string& file = "example.com.toml") {
    folder.write(file, text);
  }

  engine::Engine engine() {
    state::Actor actor;
    actor.user = "kim";
    actor.host = "build7";
    actor.command = "test";
    engine::Environment environment = environment_with(info_, clock, offline.client);
    environment.actor = actor;
    environment.stop_requested = stop;
    return engine::Engine(std::move(environment));
  }

  [[nodiscard]] engine::Selection selection() const { return {{folder.path()}, {}}; }
  [[nodiscard]] engine::Selection example() const {
    return {{folder.path()}, {dns::Name::of("example.com")}};
  }
  engine::Report plan(engine::PlanRequest request = {}) {
    request.selection = selection();
    return engine().plan(request);
  }
  engine::Report apply(engine::ApplyRequest request = {}) {
    if (request.plan.selection.specs.empty()) request.plan.selection = selection();
    request.plan.reviewed = true;
    return engine().apply(request, [](const engine::Report&) { return true; });
  }
  engine::Report rollback(engine::RollbackRequest request = {}) {
    if (request.selection.zones.empty() && !request.run) request.selection = example();
    request.selection.specs = {folder.path()};
    return engine().rollback(request, [](const engine::Report&) { return true; });
  }
  state::Store& store() {
    keep_ = std::make_unique<engine::Engine>(engine());
    return keep_->store(selection());
  }
  [[nodiscard]] dns::Zone zone() const { return dns->zone(dns::Name::of("example.com")); }
  /// Values of a set, sorted, in presentation form.
  [[nodiscard]] std::vector<std::string> values(const char* owner, dns::Type type) const {
    std::vector<std::string> texts;
    const auto now = zone();
    if (const auto* set = now.find(dns::Name::of(owner), type)) {
      for (const auto& value : dns::sorted_values(*set)) texts.push_back(dns::print_rdata(value));
    }
    return texts;
  }

  TemporaryDirectory folder;
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  Offline offline{clock};
  std::shared_ptr<providers::MemoryDns> dns;
  std::function<bool()> stop;
  state::ZoneKey key{"memory", dns::Name::of("example.com")};

 private:
  provider::ProviderInfo info_;
  std::unique_ptr<engine::Engine> keep_;
};

/// What is wrong with a report's only zone, for messages.
inline std::string trouble(const engine::Report& report) {
  std::string text;
  for (const auto& diagnostic : report.diagnostics.all()) text += diagnostic.message + "\n";
  for (const auto& zone : report.zones) {
    text += std::string(engine::zone_status_name(zone.status));
    if (zone.error) text += std::string(": ") + zone.error->what();
    for (const auto& moved : zone.moved) text += "\n  " + moved;
    if (zone.plan) {
      for (const auto& guard : zone.plan->guards) {
        text += "\n  guard " + guard.id + (guard.allowed ? " (allowed): " : ": ") + guard.message;
      }
    }
  }
  return text;
}

}  // namespace mxsmith::tests
