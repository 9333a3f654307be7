#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> spf_rules() { return {}; }

}  // namespace mxsmith::mail
