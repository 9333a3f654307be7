#include "provider/provider.hpp"

namespace mxsmith::provider {

std::vector<std::string> Provider::places(const dns::Name&) const { return {}; }

dns::RRset Provider::stored(const plan::ZoneRef&, const dns::RRset& set) const { return set; }

bool Provider::done(const plan::ZoneRef&, const Pending& pending) { return pending.done(); }

AccountCheck Provider::check() {
  const auto zones = list();
  AccountCheck::Line line;
  line.text =
      zones ? "it sees " + std::to_string(zones->size()) + (zones->size() == 1 ? " zone" : " zones")
            : "it cannot list its zones";
  return {{line}};
}

}  // namespace mxsmith::provider
