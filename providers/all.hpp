// The one table of built-in providers.
#pragma once

#include <span>
#include <string_view>

#include "provider/provider.hpp"

namespace mxsmith::providers {

std::span<const provider::ProviderInfo> all();
const provider::ProviderInfo* find(std::string_view type);

}  // namespace mxsmith::providers
