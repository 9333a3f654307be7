// Flattening: includes of an SPF record replaced by the addresses that they let pass now.
//
// It saves lookups (RFC 7208 section 4.6.4) and costs care: the service whose include was replaced
// changes its addresses without asking. So nothing is replaced that changes quickly unless that is
// wanted, the addresses before and after are compared for every result, and what was replaced by
// what, from which answers, is kept so that a later check can tell when it is out of date.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/parsed.hpp"
#include "dns/name.hpp"
#include "mail/ip_set.hpp"
#include "mail/resolver.hpp"
#include "mail/spf_addresses.hpp"

namespace mxsmith::mail {

/// Octets of one record: answers to larger ones may not fit into 512 octets of UDP (RFC 7208
/// section 3.4).
inline constexpr std::size_t kSpfMostOctets = 450;
inline constexpr std::size_t kDnsUdpOctets = 512;
/// Answers kept for less than this many seconds are meant to change.
inline constexpr std::uint32_t kSpfSteadyTtl = 3600;

enum class SpfVolatile : std::uint8_t { refused, taken };

struct SpfFlattenWish {
  /// Domains or terms ("_spf.example.net", "include:_spf.example.net"); none: every include that
  /// can be replaced.
  std::vector<std::string> includes;
  /// Whether includes are replaced that are likely to change soon: an answer with a TTL under an
  /// hour, or a and mx, whose hosts belong to somebody else.
  SpfVolatile volatiles = SpfVolatile::refused;
  /// What is to be flattened, in place of the record that DNS has.
  std::optional<std::string> record = {};
};

/// One include that was replaced.
struct SpfReplaced {
  std::string term;    ///< As spelled.
  std::string domain;  ///< What it includes, macros expanded.
  IpSet addresses;     ///< That it lets pass.
  std::vector<SpfQuery> answers;
};
/// One include that stays.
struct SpfKept {
  std::string term;
  std::string reason;        ///< A phrase.
  bool is_volatile = false;  ///< It would be replaced with SpfVolatile::taken.
};
struct SpfFlatRecord {
  dns::Name name;
  std::string text;
};

struct SpfFlattening {
  std::string before;  ///< The record's text.
  std::vector<SpfReplaced> replaced;
  std::vector<SpfKept> kept;
  /// The record itself, then those that it was split into: _spf1, _spf2, ... below it.
  std::vector<SpfFlatRecord> records;
  unsigned lookups_before = 0;  ///< The most that an address costs, limits aside.
  unsigned lookups_after = 0;
  /// Octets of the answer with all TXT values of the name, without EDNS (RFC 1035 section 4.1).
  std::size_t answer_octets = 0;
};

/// Flattens the record of `name`. Nothing replaced: `records` holds the record as it was, `kept`
/// says why. Faults: no readable record, an include asked for that is not in it or cannot be
/// replaced, a result that is over ten lookups, or that is not equal for every address.
base::Parsed<SpfFlattening> flatten_spf(const dns::Name& name, Resolver& resolver,
                                        const SpfFlattenWish& wish);

/// What an include that was replaced lets pass today, against what it was replaced by.
struct SpfDrift {
  std::string term;
  IpSet gained;              ///< Passes now, and is not in the flattened record.
  IpSet lost;                ///< Is in the flattened record, and no longer passes.
  std::string problem = {};  ///< Why it cannot be told; then both sets are empty.
  [[nodiscard]] bool none() const { return gained.empty() && lost.empty() && problem.empty(); }
};
SpfDrift spf_drift(const SpfReplaced& replaced, Resolver& resolver);

}  // namespace mxsmith::mail
