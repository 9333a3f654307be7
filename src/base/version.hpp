// The version of mxsmith. Its one source is the project() line of CMakeLists.txt.
#pragma once

#include <string_view>

namespace mxsmith::base {

/// "0.1.0"
std::string_view version();

}  // namespace mxsmith::base
