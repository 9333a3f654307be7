// The rows about MX hosts, which have to be looked up. Private to src/mail/rules/mx*.cpp.
#pragma once

#include <span>

#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> mx_host_rules();

}  // namespace mxsmith::mail
