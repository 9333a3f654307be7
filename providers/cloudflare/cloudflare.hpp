// Zones at Cloudflare, through its API v4 (https://developers.cloudflare.com/api/): reading by the
// largest pages, writing by batches, which are one transaction each.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

provider::ProviderInfo cloudflare_info();

}  // namespace mxsmith::providers
