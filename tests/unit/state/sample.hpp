// What the tests of state write: a plan of two steps, and an entry that runs through all lines.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "state/file_store.hpp"
#include "support/process.hpp"

namespace mxsmith::tests {

inline const state::ZoneKey kZone{"main", dns::Name::of("example.com")};
inline const base::Instant kStart{base::Seconds(1'796'488'260)};  // 2026-12-05 16:31 UTC

inline state::Actor kim() {
  return {"kim",  "build7", 4711, "mxsmith apply example.com.toml", "20261205T163100Z-3f9a",
          "5f1c", "go-live"};
}

inline plan::SetState set_of(const std::string& name, dns::Type type,
                             const std::vector<std::string>& values, std::uint32_t ttl = 3600) {
  plan::SetState state;
  state.set = {dns::Name::of(name), type, ttl, {}};
  for (const auto& value : values) {
    state.set.values.push_back(*dns::parse_rdata(type, value, dns::Name()));
  }
  return state;
}

inline plan::Change change_of(std::optional<plan::SetState> before,
                              std::optional<plan::SetState> after) {
  plan::Change change;
  change.key = (before ? before : after)->set.key();
  change.before = std::move(before);
  change.after = std::move(after);
  return change;
}

/// Two steps: a TXT with octets that are not UTF-8, then MX.
inline plan::ZonePlan sample_plan() {
  plan::ZonePlan plan;
  plan.zone = kZone.zone;
  plan.target = {"main", "memory", "memory:1", "zone-1"};
  plan.title = "go-live";
  plan.spec_digest = "d1";
  plan.read_at = plan.made_at = kStart;
  plan.valid_until = kStart + base::Seconds(86400);
  plan.changes.push_back(change_of(
      set_of("example.com", dns::Type::MX, {"10 mx1.old.example.", "20 mx2.old.example."}),
      set_of("example.com", dns::Type::MX, {"0 in.new.example."})));
  plan.changes.push_back(change_of(std::nullopt, set_of("example.com", dns::Type::TXT,
                                                        {R"("v=spf1 -all")", R"("\255\000\"")"})));
  plan.steps.push_back({"publish before the move", {1}, false});
  plan.steps.push_back({"the move", {0}, true});
  return plan;
}

inline plan::Manifest sample_manifest(const std::string& digest = "d1") {
  plan::Manifest manifest;
  manifest.spec_digest = digest;
  plan::ManifestItem item;
  item.unit = {{kZone.zone, dns::Type::MX}, plan::OwnedClass::whole, {}};
  item.values = set_of("example.com", dns::Type::MX, {"0 in.new.example."}).set.values;
  manifest.items.push_back(item);
  return manifest;
}

/// The two steps and the read-back, as the engine writes them; not yet `end`.
inline void run_steps(state::Journal& journal) {
  journal.intended(0, kStart);
  journal.outcome({0, {state::ChangeState::applied}, "", kStart});
  journal.intended(1, kStart);
  journal.outcome({1, {state::ChangeState::applied}, "", kStart});
  journal.read_back({}, kStart);
}

/// A whole entry, sealed.
inline state::EntryInfo run_entry(state::Store& store, const std::string& digest = "d1") {
  const auto journal = store.begin(kZone, kim(), sample_plan(), {}, kStart);
  run_steps(*journal);
  return journal->end(state::EntryStatus::applied, sample_manifest(digest), kStart);
}

inline fs::path folder_of(const fs::path& store) { return store / "main" / "example.com"; }
inline fs::path entry_file(const fs::path& store, int id) {
  return folder_of(store) / "history" / ("00000" + std::to_string(id) + ".jsonl");
}

}  // namespace mxsmith::tests
