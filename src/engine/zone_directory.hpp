// Which zones an account has, asked with as few requests as possible.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "dns/name.hpp"
#include "provider/provider.hpp"

namespace mxsmith::engine {

/// One account's. The first few names are looked up one by one; from then on one list of all zones
/// answers for every name in it. Any thread.
class ZoneDirectory {
 public:
  /// Zones of that name, as Provider::find() would say. Throws what the provider throws; a server
  /// that did not answer when it was asked for its list is not asked again for each name.
  std::vector<plan::ZoneRef> find(provider::Provider& provider, const dns::Name& zone);

  /// All zones, or nothing when the provider cannot list them.
  std::optional<std::vector<plan::ZoneRef>> list(provider::Provider& provider);

 private:
  void ask_for_list(provider::Provider& provider);

  std::mutex mutex_;
  std::size_t asked_ = 0;
  bool listed_ = false;
  std::optional<base::Error> unanswered_;
  std::optional<std::vector<plan::ZoneRef>> all_;
  std::map<dns::Name, std::vector<plan::ZoneRef>> by_name_;
};

}  // namespace mxsmith::engine
