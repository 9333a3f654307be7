// The rows about DANE that need lookups. Private to src/mail/rules/dane*.cpp.
#pragma once

#include <span>

#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dane_host_rules();

}  // namespace mxsmith::mail
