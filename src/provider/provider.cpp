#include "provider/provider.hpp"

namespace mxsmith::provider {

std::vector<std::string> Provider::places(const dns::Name&) const { return {}; }

dns::RRset Provider::stored(const plan::ZoneRef&, const dns::RRset& set) const { return set; }

bool Provider::done(const plan::ZoneRef&, const Pending& pending) { return pending.done(); }

}  // namespace mxsmith::provider
