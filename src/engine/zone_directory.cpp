#include "engine/zone_directory.hpp"

namespace mxsmith::engine {

namespace {

/// More names than this are worth a list, which of a large account may come in many pages.
constexpr std::size_t kLookedUpSingly = 8;

/// Whether asking for single zones would only meet the same trouble again.
bool is_about_the_server(base::ErrorKind kind) {
  return kind == base::ErrorKind::unavailable || kind == base::ErrorKind::rate_limited ||
         kind == base::ErrorKind::interrupted;
}

}  // namespace

std::vector<plan::ZoneRef> ZoneDirectory::find(provider::Provider& provider,
                                               const dns::Name& zone) {
  {
    const std::lock_guard hold(mutex_);
    if (listed_ || ++asked_ > kLookedUpSingly) {
      ask_for_list(provider);
      if (unanswered_) throw base::Error(*unanswered_);
      const auto found = by_name_.find(zone);
      if (found != by_name_.end()) return found->second;
    }
  }
  // A list may leave out what a credential may use all the same.
  return provider.find(zone);
}

std::optional<std::vector<plan::ZoneRef>> ZoneDirectory::list(provider::Provider& provider) {
  const std::lock_guard hold(mutex_);
  ask_for_list(provider);
  return all_;
}

void ZoneDirectory::ask_for_list(provider::Provider& provider) {
  if (listed_) return;
  listed_ = true;
  try {
    all_ = provider.list();
  } catch (const base::Error& error) {
    if (is_about_the_server(error.kind())) unanswered_ = error;
    return;
  }
  if (!all_) return;
  for (const auto& zone : *all_) by_name_[zone.name].push_back(zone);
}

}  // namespace mxsmith::engine
