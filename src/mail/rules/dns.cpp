#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dns_rules() { return {}; }

}  // namespace mxsmith::mail
