// The permission to change anything outside: held by a thread while it applies a step, and at no
// other time.
//
// Whatever speaks to a provider (the HTTP client, DNS UPDATE) refuses to send a write without it.
// So a mistake in a provider's reading code cannot write while a plan is being made, whatever the
// provider.
#pragma once

namespace mxsmith::base {

/// Lets the thread that made it write as long as it lives. Permits nest.
class WritePermit {
 public:
  WritePermit();
  ~WritePermit();
  WritePermit(const WritePermit&) = delete;
  WritePermit& operator=(const WritePermit&) = delete;

  /// Whether this thread holds one.
  [[nodiscard]] static bool held();
};

}  // namespace mxsmith::base
