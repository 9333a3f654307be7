#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> service_rules() { return {}; }

}  // namespace mxsmith::mail
