// How long to wait between tries of something that failed: the same for whatever is asked over a
// network, HTTP or DNS.
#pragma once

#include <chrono>

namespace mxsmith::base {

struct RetryRules {
  int tries = 5;  ///< The first included.
  std::chrono::milliseconds first{500};
  double factor = 2.0;
  std::chrono::milliseconds most{
      30000};  ///< For our own delays; a server's Retry-After may be longer.
  std::chrono::seconds patience{300};  ///< A Retry-After beyond this is given up at once.
};

/// How long to wait after try `number`, the first being 1. `jitter` in [0, 1) spreads the delay
/// over [delay / 2, delay): equal clients must not come back at the same moment.
std::chrono::milliseconds backoff(int number, double jitter, const RetryRules& rules);

/// A jitter by chance.
double random_jitter();

}  // namespace mxsmith::base
