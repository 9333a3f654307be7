// A transferred zone as record sets, and beside it the octets of values that the sets do not tell:
// how texts are cut, letter case of names.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "plan/live.hpp"
#include "resolve/message.hpp"

namespace mxsmith::providers::rfc2136 {

/// Rdata as the server has it, of sets where it is not what dns::to_wire makes of the values.
class ZoneMemory final : public plan::Native {
 public:
  /// So that a set can come back with its texts cut as they were.
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override;
  /// Null: the values say it all.
  [[nodiscard]] const std::vector<std::string>* find(const dns::Key& key) const;
  void keep(const dns::Key& key, std::vector<std::string> wires) {
    kept_.emplace(key, std::move(wires));
  }
  bool is_signed = false;  ///< By the server, or by whoever fills it.

 private:
  std::unordered_map<dns::Key, std::vector<std::string>> kept_;
};

/// What verbatim() wrote; nothing when the text is not of that kind (an account may have been at
/// another provider when it was written).
std::vector<std::string> parse_verbatim(const std::string& text);

/// Whether the server keeps such records itself: the SOA, and what its signer adds.
bool is_kept_by_server(dns::Type type);

/// The sets of a transfer, without those that the server's signer keeps. Throws Error{protocol} for
/// a record whose rdata cannot be read, naming it.
plan::LiveZone live_zone(const plan::ZoneRef& zone, std::vector<resolve::Record> records);

}  // namespace mxsmith::providers::rfc2136
