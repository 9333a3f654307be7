// A user's desk: a folder with mxsmith.toml and one spec, and a run of the engine for every
// command.
//
// Nothing is kept between two commands but what lies on the disk. The provider is made by its row
// of the table, with a spy around it that counts what it is asked to write.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "conformance/faulty_transport.hpp"
#include "conformance/subject.hpp"
#include "engine/engine.hpp"
#include "support/process.hpp"

namespace mxsmith::conformance {

/// What the provider was asked to write.
struct Sent {
  std::size_t steps = 0;
  std::size_t most_changes = 0;  ///< In one step.
};

class Workplace {
 public:
  Workplace(Subject& subject, dns::Name zone, Access access = Access::right);

  /// The spec of the zone from now on.
  void write_spec(const std::string& toml);
  /// A spec of some other zone beside it.
  void write_spec(const dns::Name& zone, const std::string& toml);

  /// Every guard is let through, by name: what guards stop is tested elsewhere.
  engine::Report plan();
  /// `meanwhile` happens once the plan stands and before anything is written.
  engine::Report apply(const std::function<void()>& meanwhile = nullptr);
  engine::Report apply_saved(const engine::Report& planned);
  engine::Report rollback();
  /// The zone as a provider made afresh reads it.
  plan::LiveZone read();
  plan::Traits traits();
  /// A provider made afresh, outside any engine.
  std::unique_ptr<provider::Provider> provider();

  [[nodiscard]] const Sent& sent() const { return *sent_; }
  [[nodiscard]] FaultyTransport::Handle& wire() { return *wire_; }
  /// For subjects over HTTP those of the wire, else the subject's own; null: none can be placed.
  [[nodiscard]] Faults* faults();
  [[nodiscard]] bool over_http() const { return wire_faults_ != nullptr; }
  /// Every file below the folder, joined: history, manifests, plans.
  [[nodiscard]] std::string everything_on_disk() const;
  /// What a trace of all requests would show.
  [[nodiscard]] const std::string& trace() const { return *trace_; }
  [[nodiscard]] const dns::Name& zone() const { return zone_; }

  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};

 private:
  engine::Engine engine();
  engine::ApplyRequest request() const;

  Subject& subject_;
  dns::Name zone_;
  tests::TemporaryDirectory folder_;
  std::shared_ptr<Sent> sent_ = std::make_shared<Sent>();
  std::shared_ptr<std::string> trace_ = std::make_shared<std::string>();
  std::shared_ptr<FaultyTransport::Handle> wire_ = std::make_shared<FaultyTransport::Handle>();
  std::unique_ptr<Faults> wire_faults_;  ///< Null without a wire.
  std::unique_ptr<http::Client> client_;
  provider::ProviderInfo info_;
};

/// What went wrong in a report, for messages; empty: nothing.
std::string trouble(const engine::Report& report);

}  // namespace mxsmith::conformance
