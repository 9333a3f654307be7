#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> life_cycle_rules() { return {}; }

}  // namespace mxsmith::mail
