#include "base/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

namespace mxsmith::base {

std::chrono::milliseconds backoff(int number, double jitter, const RetryRules& rules) {
  const double grown = static_cast<double>(rules.first.count()) *
                       std::pow(rules.factor, static_cast<double>(number - 1));
  const double capped = std::min(grown, static_cast<double>(rules.most.count()));
  return std::chrono::milliseconds(static_cast<std::int64_t>(capped * (1 + jitter) / 2));
}

double random_jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace mxsmith::base
