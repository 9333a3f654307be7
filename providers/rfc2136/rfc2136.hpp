// Zones of any primary name server that speaks DNS UPDATE: BIND, Knot DNS, PowerDNS and others.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

provider::ProviderInfo rfc2136_info();

}  // namespace mxsmith::providers
