#include "engine/retrying.hpp"

#include <algorithm>
#include <random>

#include "http/retry.hpp"

namespace mxsmith::engine {

namespace {

/// The first one included.
constexpr int kTries = 3;

double random_fraction() {
  thread_local std::minstd_rand numbers{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(numbers);
}

}  // namespace

std::optional<std::chrono::milliseconds> pause_before(
    int tries, const base::Error& failure, const std::vector<state::ChangeState>& states) {
  const bool passing = failure.kind() == base::ErrorKind::unavailable ||
                       failure.kind() == base::ErrorKind::rate_limited;
  const bool untouched = std::all_of(states.begin(), states.end(), [](state::ChangeState state) {
    return state == state::ChangeState::not_applied;
  });
  if (!passing || !untouched || failure.effect() == base::Effect::partial) return std::nullopt;
  // As certainly without effect as a read.
  http::Attempt attempt;
  attempt.number = tries;
  attempt.intent = http::Intent::read;
  attempt.status = 503;
  attempt.retry_after = failure.retry_after();
  http::RetryRules rules;
  rules.tries = kTries;
  return http::retry_delay(attempt, random_fraction(), rules);
}

}  // namespace mxsmith::engine
