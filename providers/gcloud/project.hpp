// A project as the API shows it: its zones, and how much a change may hold.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/json.hpp"
#include "plan/live.hpp"

namespace mxsmith::providers::gcloud {

/// Quotas of a project. Those that are here hold where the API does not give any.
struct Limits {
  std::size_t changes = 1000;    ///< Sets that go, and sets that come, in one change.
  std::size_t octets = 100'000;  ///< Of rrdata in one change.
};

/// The quotas in the answer to GET /projects/PROJECT. Throws Error{protocol} when it has none.
Limits limits_in(const http::Json& answer, const std::string& doing);

/// A zone that holds records.
struct Zone {
  plan::ZoneRef ref;       ///< The id is the zone's name in the project: "example-com".
  std::string visibility;  ///< "public" or "private".
};

/// Reads pages of the list of zones. Zones that forward, peer or look into a service directory hold
/// no records and are left out.
class ZoneListReader {
 public:
  /// What is added to a target for the next page: "&pageToken=..."; nothing after the last one.
  /// Throws Error{protocol} for what is no such page.
  std::optional<std::string> read(http::Body body, const std::string& doing);
  [[nodiscard]] std::vector<Zone> take() { return std::move(zones_); }

 private:
  void add(const http::Json& zone, const std::string& doing);
  std::vector<Zone> zones_;
};

/// "pageToken=..." with what stands before, for the page after that answer; nothing: it was the
/// last.
std::optional<std::string> next_page(const http::Json& answer, const std::string& doing);

}  // namespace mxsmith::providers::gcloud
