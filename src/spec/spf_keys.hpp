// SPF terms from the keys of [mail.spf], in the one order in which they are written:
//
//   v=spf1  a  mx  ip4  ip6  include  exists  terms  redirect | all  exp
//
// within a key as listed. A term may begin with a qualifier, "?spf.example.net" under include.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::spec {

/// Keys that hold lists of terms, in order.
inline constexpr std::array<std::string_view, 7> kSpfLists = {"a",       "mx",     "ip4",  "ip6",
                                                              "include", "exists", "terms"};

/// The term that a key's element stands for: ("ip4", "192.0.2.1") gives "ip4:192.0.2.1", ("a",
/// "/24") gives "a/24", and under "terms" the element itself.
std::string spf_term_text(std::string_view key, std::string_view element);

/// The same for the key alone: `a = true`.
std::string spf_term_text(std::string_view key);

/// A record as keys.
struct SpfKeys {
  std::array<std::vector<std::string>, kSpfLists.size()> lists;
  bool bare_a = false;  ///< a = true; then the list is empty.
  bool bare_mx = false;
  std::optional<std::string> redirect;
  std::optional<std::string> all;  ///< The word, "softfail".
  std::optional<std::string> exp;
};

/// Keys from which exactly this text is built again, or nothing when there are none.
std::optional<SpfKeys> spf_keys_of(std::string_view record);

}  // namespace mxsmith::spec
