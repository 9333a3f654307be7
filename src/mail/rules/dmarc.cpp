#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dmarc_rules() { return {}; }

}  // namespace mxsmith::mail
