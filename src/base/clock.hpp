// Time: instants, the clock that tells them, and their spelling.
//
// The pure layers never ask for the time; it is handed to them as an Instant. Tests hand in a
// FixedClock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace mxsmith::base {

/// A moment in UTC, to the second.
using Instant = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  /// Returns once `now() >= when`, or earlier when a signal asked the program to stop.
  virtual void sleep_until(Instant when) = 0;
  /// Milliseconds since some moment; they never go back. For measuring.
  [[nodiscard]] virtual std::chrono::milliseconds ticks() const = 0;
  /// Returns once `ticks()` has grown by `span`, or earlier when a signal asked the program to
  /// stop.
  virtual void sleep_for(std::chrono::milliseconds span) = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  void sleep_until(Instant when) override;
  [[nodiscard]] std::chrono::milliseconds ticks() const override;
  void sleep_for(std::chrono::milliseconds span) override;
};

/// A clock for tests: it stands still, and sleeping moves it. Any thread.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant start) : ticks_(milliseconds_of(start)) {}
  [[nodiscard]] Instant now() const override {
    return Instant(std::chrono::floor<Seconds>(ticks()));
  }
  void sleep_until(Instant when) override;
  [[nodiscard]] std::chrono::milliseconds ticks() const override {
    return std::chrono::milliseconds(ticks_.load());
  }
  void sleep_for(std::chrono::milliseconds span) override { ticks_ += span.count(); }

 private:
  static std::int64_t milliseconds_of(Instant when) {
    return std::chrono::milliseconds(when.time_since_epoch()).count();
  }

  std::atomic<std::int64_t> ticks_;
};

/// RFC 3339 in UTC: "2026-12-05T16:30:00Z".
std::string print_instant(Instant when);

/// RFC 3339 with an offset or Z; a date alone or a local time is a fault that says which offset is
/// missing.
Parsed<Instant> parse_instant(std::string_view text);

/// "16:31 UTC (22:01 Fri, Asia/Kolkata)": UTC first, then the machine's zone where it differs.
/// `with_date` adds dates.
enum class WithDate : std::uint8_t { no, yes };
std::string print_instant_local(Instant when, WithDate with_date);

/// Time spans as in specs: "90", "15m", "1h", "2d", "1w", "1h30m" (units as in zone files);
/// seconds.
Parsed<Seconds> parse_duration(std::string_view text);

/// Shortest exact spelling by those units: 3600 -> "1h", 5400 -> "1h30m", 0 -> "0s".
std::string print_duration(Seconds span);

/// For people: "1 h", "90 s", "1 h 30 min", "2 days".
std::string print_duration_words(Seconds span);

}  // namespace mxsmith::base
