// DigitalOcean DNS, through version 2 of its API.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

provider::ProviderInfo digitalocean_info();

}  // namespace mxsmith::providers
