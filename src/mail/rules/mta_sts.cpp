#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> mta_sts_rules() { return {}; }

}  // namespace mxsmith::mail
