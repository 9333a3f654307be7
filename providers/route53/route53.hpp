// Hosted zones of Amazon Route 53, through its REST API (version 2013-04-01).
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

/// The row of the table of providers.
provider::ProviderInfo route53_info();

}  // namespace mxsmith::providers
