// How fast requests may follow each other: a token bucket per budget of a server.
//
// A bucket belongs to a credential, not to a thread: whoever shares the credential shares the
// bucket, and a 429 stops all of them until the server wants to be asked again, while other
// accounts go on.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "http/message.hpp"

namespace mxsmith::http {

/// A point of time that never goes back; the client's waiting is measured with it.
using Tick = std::chrono::milliseconds;

struct Rate {
  double per_second = 0;  ///< 0: no limit of ours.
  double burst = 1;       ///< Requests that may go at once after a pause.
};

/// What a server counts together. An account may have several: one for all requests, another for
/// those that change something.
struct Budget {
  enum class Of : std::uint8_t { all, reads, writes };
  std::string name;  ///< With the credential's fingerprint in it, never the credential.
  Rate rate;
  Of of = Of::all;
};

/// Thread-safe. Time is handed in.
class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) : rate_(rate), now_(rate.per_second), tokens_(rate.burst) {}

  /// Takes a token if there is one at `now`: 0; else how long to wait before asking again.
  std::chrono::milliseconds take(Tick now);
  /// A token that was taken and not used.
  void give_back();
  /// Nobody gets a token before `when`; an earlier pause never shortens a later one.
  void pause_until(Tick when);
  /// The server said that it was too fast: from now on half as fast, and with each answer that is
  /// none of that kind a little faster again, up to the rate it was made with.
  void slow_down();
  /// Learns from an answer: RateLimit (draft-ietf-httpapi-ratelimit-headers), RateLimit-Limit,
  /// -Remaining and -Reset, X-RateLimit-* and their kin. With nothing remaining it pauses until the
  /// reset, with little remaining nobody gets more than that.
  void learn(const Headers& headers, Tick now, std::chrono::seconds since_epoch);

 private:
  std::mutex mutex_;
  Rate rate_;
  double now_;  ///< Tokens a second at present, at most those of `rate_`.
  double tokens_;
  Tick filled_{0};
  Tick paused_until_{0};
};

/// One bucket per name; the same name gets the same bucket, with the rate of whoever asked first.
class Buckets {
 public:
  std::shared_ptr<TokenBucket> bucket(const std::string& name, Rate rate);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<TokenBucket>> buckets_;
};

}  // namespace mxsmith::http
