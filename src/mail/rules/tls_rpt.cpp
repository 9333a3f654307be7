#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> tls_rpt_rules() { return {}; }

}  // namespace mxsmith::mail
