// Whether and when a request that failed is sent again: a pure function of what happened.
//
// Reads are repeated after faults of the network and of the server. A write is repeated only where
// the server certainly did not act on it: it was never reached, or it said 429 (RFC 6585 section
// 4). Whatever else happens to a write ends in Effect::unknown, and the engine reads back.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/transport.hpp"

namespace mxsmith::http {

/// One try and what came of it.
struct Attempt {
  int number = 1;  ///< The first is 1.
  Intent intent = Intent::read;
  /// Status of the answer; 0: none came.
  int status = 0;
  Reached reached = Reached::maybe;  ///< When none came.
  bool lasting = false;              ///< When none came: another try would fare no better.
  std::optional<std::chrono::seconds> retry_after;  ///< What the server asked for.
};

using base::RetryRules;

/// How long to wait before the next try; nothing: do not try again. `jitter` in [0, 1) spreads
/// delays of our own over [delay / 2, delay): equal clients must not come back at the same moment.
/// A Retry-After is never shortened.
std::optional<std::chrono::milliseconds> retry_delay(const Attempt& attempt, double jitter,
                                                     const RetryRules& rules = {});

/// Retry-After in both forms, seconds or HTTP-date (RFC 9110 sections 10.2.3 and 5.6.7); nothing
/// for what is neither. A date in the past is 0.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, base::Instant now);

/// IMF-fixdate, and the two obsolete forms that recipients must read (RFC 9110 section 5.6.7).
std::optional<base::Instant> parse_http_date(std::string_view value);

}  // namespace mxsmith::http
