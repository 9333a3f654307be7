#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> caa_rules() { return {}; }

}  // namespace mxsmith::mail
