// What specs and zone files answer where no name server is asked.
//
// Zones as specs declare them come first, zone files answer for the rest. Both are read once;
// any number of questions may follow.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "engine/records.hpp"
#include "plan/live_sets.hpp"

namespace mxsmith::engine {

struct OfflineSources {
  std::vector<fs::path> specs;              ///< Spec files and folders; none: no spec.
  std::vector<fs::path> records;            ///< Zone files, of one zone or of names of any domain.
  std::vector<std::string> provider_types;  ///< As spec::load wants them.
};

/// What zone files do not hold, and no SOA in them says that they would: it does not exist, as if
/// the files were the whole of DNS, or nobody knows.
enum class Unlisted : std::uint8_t { absent, not_checked };

class OfflineDns {
 public:
  /// Specs count as they are at `at`. Throws Error{io}; what is wrong in the files goes to
  /// `diagnostics`, and after an error nothing may be asked.
  OfflineDns(const OfflineSources& sources, base::Instant at, Unlisted unlisted,
             base::Diagnostics& diagnostics);

  mail::Resolver& resolver() { return *last_; }
  /// The zone of a spec that holds the name, the deepest of several; nothing where none does.
  [[nodiscard]] std::optional<dns::Name> zone_of(const dns::Name& name) const;

 private:
  void add_specs(const OfflineSources& sources, base::Instant at, base::Diagnostics& diagnostics);
  void add(std::unique_ptr<mail::Resolver> resolver);

  Records records_;
  dns::Zone world_;
  std::deque<plan::LiveZone> zones_;
  std::deque<plan::LiveSets> sets_;
  std::vector<std::unique_ptr<mail::Resolver>> parts_;
  std::vector<std::unique_ptr<mail::Resolver>> chains_;
  mail::Resolver* last_ = nullptr;  ///< Of parts_ or chains_: it asks all that came before.
};

}  // namespace mxsmith::engine
