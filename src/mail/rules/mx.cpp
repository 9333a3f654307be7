#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> mx_rules() { return {}; }

}  // namespace mxsmith::mail
