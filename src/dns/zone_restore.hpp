// The exact way back: a zone file that changed by nothing but the edits that are now undone comes
// out byte for byte as it was.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dns/zone_verbatim.hpp"

namespace mxsmith::dns {

/// The text that the verbatims were taken from, with `serial` as its SOA serial; nothing when the
/// file is not that text but for the sets in `keys` and the lines that follow theirs.
std::optional<std::string> restore_exactly(const ZoneFile::Content& content,
                                           const std::vector<Key>& keys,
                                           const std::vector<Verbatim>& verbatims,
                                           const std::string& serial);

}  // namespace mxsmith::dns
