#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dkim_rules() { return {}; }

}  // namespace mxsmith::mail
