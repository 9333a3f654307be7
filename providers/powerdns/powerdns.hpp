// Zones of a PowerDNS Authoritative Server, through its HTTP API.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

/// The row of the table of providers.
provider::ProviderInfo powerdns_info();

}  // namespace mxsmith::providers
