#include "cli/commands.hpp"

namespace mxsmith::cli {

namespace {

state::Hold hold_by_hand(Session& session) {
  state::Hold hold;
  hold.kind = state::Hold::Kind::by_hand;
  hold.reason = session.common().reason;
  hold.by = session.actor().user + "@" + session.actor().host;
  hold.since = session.clock().now();
  return hold;
}

void list(const HoldOptions& options, Session& session) {
  state::Store& store = session.engine().store(options.selection);
  render::Holds holds;
  holds.all = store.hold_all();
  for (const auto& key : session.engine().zone_keys(options.selection)) {
    if (auto hold = store.hold(key)) holds.zones.emplace_back(key, std::move(*hold));
  }
  session.out(session.renderer(session.view())->holds(holds));
}

void hold_all(const HoldOptions& options, Session& session) {
  state::Store& store = session.engine().store(options.selection);
  if (options.lift) {
    session.remark(store.lift_hold_all() ? "no longer held: every zone"
                                         : "there was no hold over all zones");
    return;
  }
  store.put_hold_all(hold_by_hand(session));
  session.remark("held: every zone, until `mxsmith hold --all --lift`");
}

void hold_zone(const state::ZoneKey& key, const HoldOptions& options, Session& session) {
  state::Store& store = session.engine().store(options.selection);
  if (options.lift) {
    session.remark(store.lift_hold(key) ? "no longer held: " + key.text()
                                        : "was not held: " + key.text());
    return;
  }
  // The digests of a rollback stay with the zone, so that lifting by hand ends both.
  state::Hold hold = hold_by_hand(session);
  if (const auto before = store.hold(key)) {
    hold.undone_digests = before->undone_digests;
    hold.entry = before->entry;
  }
  store.put_hold(key, hold);
  session.remark("held: " + key.text() + ", until `mxsmith hold " + key.zone.display() +
                 " --lift`");
}

}  // namespace

engine::ExitCode run(const HoldOptions& options, Session& session) {
  if (options.all) {
    hold_all(options, session);
  } else if (options.selection.zones.empty()) {
    list(options, session);
  } else {
    for (const auto& key : known_zones(options.selection, session)) {
      hold_zone(key, options, session);
    }
  }
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
