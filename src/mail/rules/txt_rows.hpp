// Between the files of the rules about TXT. Private to src/mail/rules/txt*.cpp.
#pragma once

#include <span>

#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> txt_value_rules();  ///< What a value holds, and how much of it there is.
std::span<const Rule> txt_name_rules();   ///< At which names values stand.

}  // namespace mxsmith::mail
