// Who may send by the SPF records of one name, before and after a plan: by addresses as far as the
// zone and Facts tell them, else by terms. Private to src/plan/*.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mail/ip_set.hpp"
#include "mail/spf_addresses.hpp"
#include "mail/spf_tree.hpp"
#include "plan/mail_view.hpp"
#include "plan/world.hpp"

namespace mxsmith::plan {

/// What the records at one name cost a receiver (RFC 7208 section 4.6.4).
struct SpfCost {
  std::size_t lookups = 0;
  std::size_t void_lookups = 0;  ///< Of what could be asked; for the worse of both families.
  bool complete = true;          ///< `lookups` is exact, else what is sure at least.
  std::vector<std::string> not_looked_up;  ///< Names, each once.
};
SpfCost spf_cost(const dns::Name& name, const SpfView& spf, mail::Resolver& resolver);
struct SpfCosts {
  SpfCost before;
  SpfCost after;
};

/// A term by which somebody passes now and would not any more.
struct SpfLoss {
  mail::SpfTerm term;
  mail::IpSet addresses;  ///< Who loses by it, as far as that can be told.
  /// Beside `addresses`, others whom nobody can tell: a foreign include, ptr, macros.
  bool untold = false;
  /// The record would still let them pass: it is the names it speaks of that change.
  bool follows = false;

  /// "192.0.2.128/25", "mx (192.0.2.1)", "_spf.example.net".
  [[nodiscard]] std::string words() const;
};

struct SpfTurn {
  SpfView before;
  SpfView after;
  std::vector<SpfLoss> losses;
  mail::IpSet gained;  ///< Empty where +all comes or goes.
  mail::IpSet lost;
};
SpfTurn spf_turn(const dns::Name& name, const Views& views, World& world);

/// Up to `most` networks, then how many more: "192.0.2.1, 192.0.2.8/29 and 3 more".
std::string some_networks(const mail::IpSet& addresses, std::size_t most);

}  // namespace mxsmith::plan
