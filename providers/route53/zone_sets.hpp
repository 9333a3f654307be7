// A zone as Route 53 lists it: DNS data for the LiveZone, and beside it the spelling of values and
// health checks, which a DELETE has to repeat to the letter.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dns/name_text.hpp"
#include "plan/live.hpp"
#include "providers/route53/xml.hpp"

namespace mxsmith::providers::route53 {

/// What Route 53 keeps of one set besides its DNS data.
struct Kept {
  /// Every `Value`, as it was listed; empty when all are spelled as print_value spells them.
  std::vector<std::string> values;
  std::string health_check;  ///< HealthCheckId; empty: none.

  [[nodiscard]] bool empty() const { return values.empty() && health_check.empty(); }
};

/// A read's memory.
class ZoneMemory final : public plan::Native {
 public:
  /// A set as JSON, its spelling and health check; empty when the values say it all.
  [[nodiscard]] std::string verbatim(const dns::Key& key) const override;
  [[nodiscard]] const Kept* find(const dns::Key& key) const;
  void keep(const dns::Key& key, Kept kept) { kept_.emplace(key, std::move(kept)); }

 private:
  std::unordered_map<dns::Key, Kept> kept_;
};

/// What verbatim() wrote; an empty one when the text is not of that kind (an account may have been
/// at another provider when it was written).
Kept parse_verbatim(const std::string& text);

/// Turns the elements ResourceRecordSet of all pages into live sets. Aliases and sets with a
/// routing policy are somebody else's: mxsmith has no words for them. Of the several sets that one
/// name and type may have by routing one live set is made. An alias has the values of the set in
/// the zone that it stands for; where that is elsewhere, one value that says what it leads to.
class SetReader {
 public:
  SetReader(dns::Name apex, std::string zone_id)
      : apex_(std::move(apex)), zone_id_(std::move(zone_id)) {}

  /// Throws Error{protocol} for what is no set of this zone or cannot be understood, naming it.
  void add(const Element& set);
  /// Whether the SOA record came, which every zone has.
  [[nodiscard]] bool has_soa() const { return has_soa_; }
  /// After the last one.
  [[nodiscard]] std::vector<plan::LiveSet> take_sets();
  [[nodiscard]] std::shared_ptr<const ZoneMemory> take_memory() { return std::move(memory_); }

 private:
  /// An alias, and what it stands for.
  struct Alias {
    std::size_t place = 0;
    std::string zone_id;
    std::string target;  ///< As it was listed.
  };

  plan::LiveSet& set_at(const dns::Key& key, const Element& set);
  void add_values(plan::LiveSet& live, const Element& set);
  void mark(plan::LiveSet& live, const std::string& owner);

  dns::Name apex_;
  std::string zone_id_;
  std::vector<Alias> aliases_;
  bool has_soa_ = false;
  dns::NamePool names_;
  std::vector<plan::LiveSet> sets_;
  std::unordered_map<dns::Key, std::size_t> places_;
  std::shared_ptr<ZoneMemory> memory_ = std::make_shared<ZoneMemory>();
  std::unordered_map<std::string, std::shared_ptr<const plan::LiveExtra>> owners_;
};

}  // namespace mxsmith::providers::route53
