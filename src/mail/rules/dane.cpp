#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dane_rules() { return {}; }

}  // namespace mxsmith::mail
