#include "state/git_renewal.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace mxsmith::state {

void LeaseRenewal::start() {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable() && !stopping_) thread_ = std::thread([this] { watch(); });
}

void LeaseRenewal::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LeaseRenewal::watch() {
  const auto pause = std::max<base::Seconds>(length_ / 8, base::Seconds(1));
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, pause, [&] { return stopping_; })) {
    if (!leases_.half_over()) continue;
    lock.unlock();
    try {
      commits_.push_lease();
    } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch)
      // It is tried again, and before the next step is sent the run has to have one.
    }
    lock.lock();
  }
}

}  // namespace mxsmith::state
