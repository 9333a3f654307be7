#include <algorithm>

#include "cli/commands.hpp"

namespace mxsmith::cli {

namespace {

engine::ExitCode check_chains(const std::vector<state::ZoneKey>& keys, state::Store& store,
                              Session& session) {
  std::vector<render::ChainCheck> chains;
  for (const auto& key : keys) {
    render::ChainCheck chain{key, 0, store.check_chain(key)};
    if (!chain.fault) chain.entries = store.history(key).size();
    chains.push_back(std::move(chain));
  }
  session.out(session.renderer(session.view())->chains(chains));
  const bool broken = std::any_of(chains.begin(), chains.end(),
                                  [](const auto& chain) { return chain.fault.has_value(); });
  return broken ? engine::ExitCode::error : engine::ExitCode::ok;
}

/// The entry wherever it is: a zone at two providers has two histories.
void show_entry(const std::vector<state::ZoneKey>& keys, std::uint64_t id, state::Store& store,
                Session& session) {
  const auto has_it = [&](const state::ZoneKey& key) {
    const auto entries = store.history(key);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const state::EntryInfo& info) { return info.id == id; });
  };
  const bool nowhere = std::none_of(keys.begin(), keys.end(), has_it);
  const auto renderer = session.renderer(session.view());
  for (const auto& key : keys) {
    // With none, the store's own words name the entries there are.
    if (nowhere || has_it(key)) session.out(renderer->entry(key, store.entry(key, id)));
  }
}

}  // namespace

engine::ExitCode run(const HistoryOptions& options, Session& session) {
  const auto keys = known_zones(options.selection, session);
  state::Store& store = session.engine().store(options.selection);
  if (options.check) return check_chains(keys, store, session);
  if (options.id) {
    show_entry(keys, *options.id, store, session);
    return engine::ExitCode::ok;
  }
  std::vector<render::ZoneHistory> zones;
  zones.reserve(keys.size());
  for (const auto& key : keys) zones.push_back({key, store.history(key)});
  session.out(session.renderer(session.view())->history(zones));
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
