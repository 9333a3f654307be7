// The provider `zonefile`: zones in RFC 1035 files on this machine.
//
// A zone's file is found by the setting `path`. It is replaced as a whole, atomically, with its
// mode and owner kept; lines that no change concerns stay byte for byte, and the SOA serial is
// raised with each write. Records from $INCLUDEd files are read and never edited, since other zones
// may include them too. When the file is other than it was read, writing is refused.
#pragma once

#include "provider/provider.hpp"

namespace mxsmith::providers {

provider::ProviderInfo zonefile_info();

}  // namespace mxsmith::providers
