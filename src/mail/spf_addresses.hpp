// What an SPF record lets pass, as sets of addresses: check_host() of RFC 7208 for all clients at
// once.
//
// A record is walked with the set of addresses that no term has decided yet; an include contributes
// exactly the addresses for which the included record gives pass (RFC 7208 section 5.2). So two
// records can be compared by whom they let send, whatever terms they are made of. What is no matter
// of addresses (ptr, macros of the sender or the client) and what nobody could look up is never
// guessed: it is listed, and the addresses whose result hangs on it are kept apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "mail/ip_set.hpp"
#include "mail/resolver.hpp"
#include "mail/spf_check.hpp"

namespace mxsmith::mail {

/// Whether the limits of RFC 7208 section 4.6.4 end the walk with permerror, as they do at every
/// receiver. Without them a record that is over the limit can be compared with what is to replace
/// it; includes that run in a circle are permerror all the same.
enum class SpfLimits : std::uint8_t { honoured, ignored };

/// A term that decides, or may decide, and cannot be told as a set of addresses.
struct SpfUntold {
  enum class Why : std::uint8_t {
    not_checked,  ///< Its name was not looked up.
    ptr,          ///< It asks for the client's name (RFC 7208 section 5.5).
    macro,        ///< Its target depends on the client's address, the sender or HELO.
    too_many,     ///< More records than are walked.
  };
  std::string domain;  ///< Whose record holds it.
  std::string term;    ///< As spelled; empty: the record of `domain` itself.
  Why why = Why::not_checked;
  std::string name = {};  ///< Of not_checked: what was not looked up.

  friend bool operator==(const SpfUntold&, const SpfUntold&) = default;
};
/// "was not looked up", "asks for the name of the client", ...: follows the term.
std::string_view spf_untold_phrase(SpfUntold::Why why);

struct SpfAddresses {
  /// Addresses by their result, which is certain: disjoint, in the order of SpfResult.
  std::array<IpSet, 7> by_result;
  /// Addresses whose result hangs on `untold`, and of them those that may pass.
  IpSet uncertain;
  IpSet may_pass;
  /// Every term once, in the order of the walk. Errors that looking them up may bring are not
  /// thought of, and each counts as one lookup, whatever it includes.
  std::vector<SpfUntold> untold;
  unsigned lookups = 0;  ///< The most that any address costs; at most one above the limit.
  unsigned void_lookups = 0;
  std::string problem;            ///< Of temperror and permerror, the first met: a phrase.
  std::vector<SpfQuery> answers;  ///< Every question once, in the order asked.

  [[nodiscard]] const IpSet& of(SpfResult result) const {
    return by_result[static_cast<std::size_t>(result)];
  }
  [[nodiscard]] const IpSet& pass() const { return of(SpfResult::pass); }
};

/// What becomes of mail from each address with a MAIL FROM or HELO of `domain`. Equal to check_spf
/// for every address outside of `uncertain`. Never throws for what records and DNS hold.
SpfAddresses spf_addresses(const dns::Name& domain, Resolver& resolver,
                           SpfLimits limits = SpfLimits::honoured);

}  // namespace mxsmith::mail
