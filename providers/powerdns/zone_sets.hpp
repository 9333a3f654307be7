// A zone as the API gives it: DNS data for the LiveZone, and beside it what PowerDNS keeps that is
// not DNS data: disabled records, comments, and the spelling of values.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "dns/name_text.hpp"
#include "http/json.hpp"
#include "plan/live.hpp"

namespace mxsmith::providers::powerdns {

/// What PowerDNS keeps of one set besides its DNS data.
struct Kept {
  std::uint32_t ttl = 0;
  /// `content` of each live value, in the order of the values; empty when all are spelled as
  /// print_content spells them.
  std::vector<std::string> contents;
  std::vector<std::string> disabled;  ///< `content` of the records that are not served.
  http::Json comments;                ///< The array as it came; null when there are none.

  [[nodiscard]] bool empty() const {
    return contents.empty() && disabled.empty() && comments.is_null();
  }
};

/// A read's memory: what is kept of every set that has something to keep, also of sets that are not
/// live, because all their records are disabled or they consist of comments.
class ZoneMemory final : public plan::Native {
 public:
  /// A set as JSON, records with their spelling and comments; empty when the values say it all.
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override;
  [[nodiscard]] const Kept* find(const dns::Key& key) const;
  void keep(const dns::Key& key, Kept kept) { kept_.emplace(key, std::move(kept)); }

 private:
  std::unordered_map<dns::Key, Kept> kept_;
};

/// What verbatim() wrote; an empty one when the text is not of that kind (an account may have been
/// at another provider when it was written). `contents` are those of the live values.
Kept parse_verbatim(const std::string& text);

/// Turns elements of `rrsets` into live sets.
class SetReader {
 public:
  /// Throws Error{protocol} for an element that is no RRset of this zone or whose records cannot be
  /// understood, naming it.
  void add(const http::Json& rrset);
  [[nodiscard]] std::vector<plan::LiveSet> take_sets() { return std::move(sets_); }
  [[nodiscard]] std::shared_ptr<const ZoneMemory> take_memory() { return std::move(memory_); }

  explicit SetReader(dns::Name apex) : apex_(std::move(apex)) {}

 private:
  [[nodiscard]] dns::Name owner_of(const std::string& text);
  void add_foreign(plan::LiveSet live, const std::vector<const std::string*>& contents,
                   const std::string& owner);

  dns::Name apex_;
  dns::NamePool names_;
  std::vector<plan::LiveSet> sets_;
  std::shared_ptr<ZoneMemory> memory_ = std::make_shared<ZoneMemory>();
  std::unordered_map<std::string, std::shared_ptr<const plan::LiveExtra>> owners_;
};

}  // namespace mxsmith::providers::powerdns
