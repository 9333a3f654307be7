#include "http/rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace mxsmith::http {

namespace {

/// A reset further away than this is not believed to be a span; it may be a moment since 1970.
constexpr std::chrono::seconds kLongestWindow{86400};

std::optional<std::int64_t> number_in(const Headers& headers,
                                      std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const std::string* value = headers.find(name);
    if (value == nullptr) continue;
    const auto text = base::trim(*value);
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    // "0, 100;w=60" also begins with what counts.
    if (read.ec == std::errc() && number >= 0) return number;
  }
  return std::nullopt;
}

}  // namespace

std::chrono::milliseconds TokenBucket::take(Tick now) {
  const std::lock_guard hold(mutex_);
  if (now < paused_until_) return paused_until_ - now;
  if (rate_.per_second <= 0) return std::chrono::milliseconds(0);
  const double passed = static_cast<double>((now - filled_).count()) / 1000.0;
  if (filled_.count() != 0) {
    tokens_ = std::min(rate_.burst, tokens_ + std::max(passed, 0.0) * rate_.per_second);
  }
  filled_ = now;
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return std::chrono::milliseconds(0);
  }
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil((1 - tokens_) / rate_.per_second * 1000)));
}

void TokenBucket::pause_until(Tick when) {
  const std::lock_guard hold(mutex_);
  paused_until_ = std::max(paused_until_, when);
}

void TokenBucket::learn(const Headers& headers, Tick now, std::chrono::seconds since_epoch) {
  const auto remaining = number_in(
      headers, {"RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"});
  if (!remaining || *remaining > 0) return;
  const auto reset =
      number_in(headers, {"RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"});
  if (!reset) return;
  std::chrono::seconds wait(*reset);
  if (wait > kLongestWindow) wait -= since_epoch;
  if (wait.count() > 0 && wait <= kLongestWindow) pause_until(now + wait);
}

std::shared_ptr<TokenBucket> Buckets::bucket(const std::string& name, Rate rate) {
  const std::lock_guard hold(mutex_);
  auto& known = buckets_[name];
  if (!known) known = std::make_shared<TokenBucket>(rate);
  return known;
}

}  // namespace mxsmith::http
