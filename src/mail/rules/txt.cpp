#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> txt_rules() { return {}; }

}  // namespace mxsmith::mail
