// Finishing what was begun although a signal asked to stop: held by a thread while it reads back
// what became of a write.
//
// A wish to stop ends reads at once, since nothing is lost with them. After a write that is no
// longer so: until the zone is read back, nobody knows what the write came to, and the history
// stays open. A second signal ends the program all the same.
#pragma once

namespace mxsmith::base {

/// While it lives, what its thread waits for is waited for to the end. Shields nest.
class StopShield {
 public:
  StopShield();
  ~StopShield();
  StopShield(const StopShield&) = delete;
  StopShield& operator=(const StopShield&) = delete;

  /// Whether this thread holds one.
  [[nodiscard]] static bool held();
};

}  // namespace mxsmith::base
