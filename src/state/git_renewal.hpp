// A thread that renews the lease of a run while it waits for somebody: a provider that takes its
// time, a slow answer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "state/git_commits.hpp"
#include "state/git_lease.hpp"

namespace mxsmith::state {

class LeaseRenewal {
 public:
  LeaseRenewal(LeaseKeeper& leases, GitCommits& commits, base::Seconds length)
      : leases_(leases), commits_(commits), length_(length) {}
  ~LeaseRenewal() { stop(); }
  LeaseRenewal(const LeaseRenewal&) = delete;
  LeaseRenewal& operator=(const LeaseRenewal&) = delete;

  /// The first call starts the thread.
  void start();
  void stop();

 private:
  void watch();

  LeaseKeeper& leases_;
  GitCommits& commits_;
  base::Seconds length_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
  bool stopping_ = false;
};

}  // namespace mxsmith::state
