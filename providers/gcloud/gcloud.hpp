// Zones of Google Cloud DNS, through its API v1.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

/// The row of the table of providers.
provider::ProviderInfo gcloud_info();

}  // namespace mxsmith::providers
