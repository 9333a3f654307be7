#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> client_rules() { return {}; }

}  // namespace mxsmith::mail
