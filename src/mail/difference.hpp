// How one record differs from another by what it means, for guards and for the diff.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::mail {

struct Difference {
  /// Stricter asks more of mail or lets less through, weaker protects less.
  enum class Effect : std::uint8_t { weaker, stricter, neutral };
  Effect effect = Effect::neutral;
  std::string tag;       ///< "p", "adkim", "mode"; the part of the record that differs.
  std::string text;      ///< "mail of its subdomains would get none instead of reject"
  std::string affected;  ///< Who feels it: "mail of its subdomains"; empty: nobody at once.
};

/// "weaker", "stricter", "neutral".
inline std::string_view effect_word(Difference::Effect effect) {
  switch (effect) {
    case Difference::Effect::weaker: return "weaker";
    case Difference::Effect::stricter: return "stricter";
    case Difference::Effect::neutral: break;
  }
  return "neutral";
}

using Differences = std::vector<Difference>;

inline bool any_weaker(const Differences& differences) {
  return std::any_of(differences.begin(), differences.end(), [](const Difference& one) {
    return one.effect == Difference::Effect::weaker;
  });
}

}  // namespace mxsmith::mail
