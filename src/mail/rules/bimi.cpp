#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> bimi_rules() { return {}; }

}  // namespace mxsmith::mail
