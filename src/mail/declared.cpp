#include "mail/declared.hpp"

#include <algorithm>

namespace mxsmith::mail {

std::string_view selector_state_word(SelectorState state) {
  switch (state) {
    case SelectorState::next: return "next";
    case SelectorState::active: return "active";
    case SelectorState::retiring: return "retiring";
    case SelectorState::revoked: break;
  }
  return "revoked";
}

std::optional<SelectorState> parse_selector_state(std::string_view word) {
  for (const SelectorState state : {SelectorState::next, SelectorState::active,
                                    SelectorState::retiring, SelectorState::revoked}) {
    if (word == selector_state_word(state)) return state;
  }
  return std::nullopt;
}

const DeclaredService* Declared::service(std::string_view id) const {
  const auto found = std::find_if(services.begin(), services.end(),
                                  [&](const DeclaredService& one) { return one.id == id; });
  return found == services.end() ? nullptr : &*found;
}

const DeclaredSelector* Declared::selector(std::string_view wanted) const {
  const auto found =
      std::find_if(selectors.begin(), selectors.end(),
                   [&](const DeclaredSelector& one) { return one.selector == wanted; });
  return found == selectors.end() ? nullptr : &*found;
}

}  // namespace mxsmith::mail
