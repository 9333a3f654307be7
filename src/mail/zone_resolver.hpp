// Answers from zones that are at hand: a spec's desired zone, a zone file, a file of records for
// names of any domain.
#pragma once

#include <cstddef>
#include <unordered_set>
#include <vector>

#include "dns/zone.hpp"
#include "mail/resolver.hpp"

namespace mxsmith::mail {

/// Answers as a name server that holds these zones would: CNAMEs are followed from one to the
/// other, wildcards and empty non-terminals are those of RFC 4592. Of several zones the one with
/// the longest apex answers for a name.
///
/// A zone whose apex is the root knows every name: what it does not hold does not exist, and NS
/// records in it delegate nothing. Of other zones, what lies outside of all of them, or below one
/// of their delegations or DNAMEs, is "not checked".
class ZoneResolver final : public Resolver {
 public:
  /// The zones must outlive it and stay as they are.
  explicit ZoneResolver(const dns::Zone& zone) : ZoneResolver(std::vector{&zone}) {}
  explicit ZoneResolver(const std::vector<const dns::Zone*>& zones);

  Answer lookup(const dns::Name& name, dns::Type type) override;

 private:
  struct Held {
    const dns::Zone* zone = nullptr;
    std::unordered_set<dns::Name> names = {};  ///< Owners, and what lies between them and the apex.
  };
  /// Where in a zone the answer for a name stands.
  struct Place {
    LookupStatus status = LookupStatus::found;  ///< Not found: the answer.
    const Held* held = nullptr;
    dns::Name owner = {};  ///< The name, or the wildcard that stands for it.
    const char* reason = "";
  };
  [[nodiscard]] const Held* holder_of(const dns::Name& name) const;
  [[nodiscard]] Place place_of(const dns::Name& name) const;
  std::vector<Held> held_;
};

}  // namespace mxsmith::mail
