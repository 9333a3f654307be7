#include "http/rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace mxsmith::http {

namespace {

/// Of the rate an account was given: never slower than this, and how much is regained by an answer.
constexpr double kSlowest = 0.05;
constexpr double kRecovery = 0.02;

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

/// What is left of a budget, as far as an answer tells.
struct Left {
  std::optional<std::int64_t> requests;
  std::optional<std::int64_t> reset;  ///< Seconds from now, or since 1970.
};

/// The number of a parameter of one item of a structured field (RFC 9651): r of
/// `"default";r=50;t=30`.
std::optional<std::int64_t> parameter(std::string_view item, std::string_view name) {
  for (const std::string& part : base::split(item, ';')) {
    const auto text = base::trim(part);
    if (text.size() <= name.size() + 1 || !text.starts_with(name) || text[name.size()] != '=') {
      continue;
    }
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + name.size() + 1, end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 0) return number;
  }
  return std::nullopt;
}

/// Of several policies in one field the one that leaves least.
Left left_in(const Headers& headers) {
  Left left{number_in(headers,
                      {"RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"}),
            number_in(headers, {"RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"})};
  const std::string* field = headers.find("RateLimit");
  if (field == nullptr) return left;
  for (const std::string& item : base::split(*field, ',')) {
    const auto remaining = parameter(item, "r");
    if (!remaining || (left.requests && *left.requests <= *remaining)) continue;
    left = {remaining, parameter(item, "t")};
  }
  return left;
}

}  // namespace

std::chrono::milliseconds TokenBucket::take(Tick now) {
  const std::lock_guard hold(mutex_);
  if (now < paused_until_) return paused_until_ - now;
  if (rate_.per_second <= 0) return std::chrono::milliseconds(0);
  const double passed = static_cast<double>((now - filled_).count()) / 1000.0;
  if (filled_.count() != 0) {
    tokens_ = std::min(rate_.burst, tokens_ + std::max(passed, 0.0) * now_);
  }
  filled_ = now;
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return std::chrono::milliseconds(0);
  }
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil((1 - tokens_) / now_ * 1000)));
}

void TokenBucket::give_back() {
  const std::lock_guard hold(mutex_);
  tokens_ = std::min(rate_.burst, tokens_ + 1);
}

void TokenBucket::slow_down() {
  const std::lock_guard hold(mutex_);
  now_ = std::max(now_ / 2, rate_.per_second * kSlowest);
  tokens_ = std::min(tokens_, 0.0);
}

void TokenBucket::pause_until(Tick when) {
  const std::lock_guard hold(mutex_);
  paused_until_ = std::max(paused_until_, when);
}

void TokenBucket::learn(const Headers& headers, Tick now, std::chrono::seconds since_epoch) {
  const Left left = left_in(headers);
  const std::lock_guard hold(mutex_);
  now_ = std::min(rate_.per_second, now_ + rate_.per_second * kRecovery);
  if (!left.requests) return;
  tokens_ = std::min(tokens_, static_cast<double>(*left.requests));
  if (*left.requests > 0 || !left.reset) return;
  std::chrono::seconds wait(*left.reset);
  if (wait > kLongestWindow) wait -= since_epoch;
  if (wait.count() > 0 && wait <= kLongestWindow) {
    paused_until_ = std::max<Tick>(paused_until_, now + wait);
  }
}

std::shared_ptr<TokenBucket> Buckets::bucket(const std::string& name, Rate rate) {
  const std::lock_guard hold(mutex_);
  auto& known = buckets_[name];
  if (!known) known = std::make_shared<TokenBucket>(rate);
  return known;
}

}  // namespace mxsmith::http
