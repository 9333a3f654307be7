// Answers from zones that are at hand: a spec's desired zone, a zone file, a live zone with a
// plan's changes, a file of records for names of any domain.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_set>
#include <vector>

#include "dns/zone.hpp"
#include "mail/resolver.hpp"
#include "mail/zone_sets.hpp"

namespace mxsmith::mail {

/// Whether sets are all that a zone holds, or only a part of it, of which nothing can be said to be
/// missing.
enum class Coverage : std::uint8_t { whole, declared };

/// Answers as a name server that holds these zones would: CNAMEs are followed from one to the
/// other, wildcards and empty non-terminals are those of RFC 4592. Of several zones the one with
/// the longest apex answers for a name.
///
/// A zone whose apex is the root knows every name: what it does not hold does not exist, and NS
/// records in it delegate nothing. Of other zones, what lies outside of all of them, or below one
/// of their delegations or DNAMEs, is "not checked"; so is what a zone of which only a part is
/// known does not hold.
class ZoneResolver final : public Resolver {
 public:
  /// The zones must outlive it and stay as they are.
  explicit ZoneResolver(const dns::Zone& zone) : ZoneResolver(std::vector{&zone}) {}
  explicit ZoneResolver(const std::vector<const dns::Zone*>& zones);
  explicit ZoneResolver(const ZoneSets& sets, Coverage coverage = Coverage::whole);

  Answer lookup(const dns::Name& name, dns::Type type) override;

 private:
  struct Held {
    const ZoneSets* sets = nullptr;
    Coverage coverage = Coverage::whole;
    /// Owners, and what lies between them and the apex; gathered when a name is first not found.
    std::unordered_set<dns::Name> names = {};
  };
  /// Where in a zone the answer for a name stands.
  struct Place {
    LookupStatus status = LookupStatus::found;  ///< Not found: the answer.
    const Held* held = nullptr;
    dns::Name owner = {};  ///< The name, or the wildcard that stands for it.
    const char* reason = "";
  };
  [[nodiscard]] Held* holder_of(const dns::Name& name, dns::Type type);
  [[nodiscard]] Place place_of(const dns::Name& name, dns::Type type);
  static void gather_names(Held& held);
  std::vector<std::unique_ptr<SetsOfZone>> owned_;
  std::vector<Held> held_;
};

/// Asks the first; what that has not checked, the second.
class ChainedResolver final : public Resolver {
 public:
  /// Both must outlive it.
  ChainedResolver(Resolver& first, Resolver& second) : first_(first), second_(second) {}
  Answer lookup(const dns::Name& name, dns::Type type) override;

 private:
  Resolver& first_;
  Resolver& second_;
};

}  // namespace mxsmith::mail
