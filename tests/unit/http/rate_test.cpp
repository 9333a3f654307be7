// Token buckets, and what they learn from servers.
#include "http/rate.hpp"

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::http;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
constexpr seconds kEpoch{1800000000};
}

TEST_CASE("a bucket without a rate lets everything through") {
  TokenBucket bucket(Rate{});
  for (int i = 0; i < 1000; ++i) CHECK(bucket.take(Tick(1)).count() == 0);
}

TEST_CASE("a burst, then the rate") {
  TokenBucket bucket(Rate{4, 2});
  CHECK(bucket.take(Tick(1000)).count() == 0);
  CHECK(bucket.take(Tick(1000)).count() == 0);
  CHECK(bucket.take(Tick(1000)) == milliseconds(250));
  CHECK(bucket.take(Tick(1100)) == milliseconds(150));
  CHECK(bucket.take(Tick(1250)).count() == 0);
  CHECK(bucket.take(Tick(1250)) == milliseconds(250));
  // A long rest gives a burst, not more.
  CHECK(bucket.take(Tick(60000)).count() == 0);
  CHECK(bucket.take(Tick(60000)).count() == 0);
  CHECK(bucket.take(Tick(60000)) == milliseconds(250));
}

TEST_CASE("a pause holds everybody and is never shortened") {
  TokenBucket bucket(Rate{});
  bucket.pause_until(Tick(5000));
  bucket.pause_until(Tick(3000));
  CHECK(bucket.take(Tick(1000)) == milliseconds(4000));
  CHECK(bucket.take(Tick(4999)) == milliseconds(1));
  CHECK(bucket.take(Tick(5000)).count() == 0);
}

TEST_CASE("whoever waits as told never takes more than rate and burst allow") {
  tests::property("tokens in any window", [] {
    const double rate = *rc::gen::inRange(1, 50);
    const double burst = *rc::gen::inRange(1, 10);
    TokenBucket bucket(Rate{rate, burst});
    Tick now(1000);
    std::vector<Tick> taken;
    for (int i = 0; i < 100; ++i) {
      now += milliseconds(*rc::gen::inRange(0, 200));
      const auto wait = bucket.take(now);
      if (wait.count() == 0) {
        taken.push_back(now);
      } else {
        now += wait;
      }
    }
    for (std::size_t i = 0; i < taken.size(); ++i) {
      for (std::size_t j = i; j < taken.size(); ++j) {
        const double span = static_cast<double>((taken[j] - taken[i]).count()) / 1000.0;
        RC_ASSERT(static_cast<double>(j - i + 1) <= burst + span * rate + 1e-6);
      }
    }
  });
}

TEST_CASE("with little left nobody gets more than that") {
  TokenBucket bucket(Rate{1, 100});
  bucket.learn({{"RateLimit-Remaining", "2"}}, Tick(1000), kEpoch);
  CHECK(bucket.take(Tick(1000)).count() == 0);
  CHECK(bucket.take(Tick(1000)).count() == 0);
  CHECK(bucket.take(Tick(1000)) == milliseconds(1000));
}

TEST_CASE("told to be too fast it goes half as fast, and regains its rate by good answers") {
  TokenBucket bucket(Rate{10, 10});
  REQUIRE(bucket.take(Tick(1000)).count() == 0);
  bucket.slow_down();
  CHECK(bucket.take(Tick(1000)) == milliseconds(200));
  bucket.slow_down();
  CHECK(bucket.take(Tick(1000)) == milliseconds(400));
  for (int i = 0; i < 100; ++i) bucket.slow_down();
  CHECK(bucket.take(Tick(1000)) == milliseconds(2000));
  for (int i = 0; i < 100; ++i) bucket.learn({}, Tick(1000), kEpoch);
  CHECK(bucket.take(Tick(1000)) == milliseconds(100));
}

TEST_CASE("a token that was not used goes back") {
  TokenBucket bucket(Rate{1, 1});
  REQUIRE(bucket.take(Tick(1000)).count() == 0);
  bucket.give_back();
  bucket.give_back();
  CHECK(bucket.take(Tick(1000)).count() == 0);
  CHECK(bucket.take(Tick(1000)) == milliseconds(1000));
}

TEST_CASE("what a server says of its budget") {
  struct Row {
    const char* name;
    Headers headers;
    milliseconds wait;
  };
  const std::vector<Row> rows = {
      {"much is left", {{"RateLimit-Remaining", "7"}, {"RateLimit-Reset", "30"}}, milliseconds(0)},
      {"nothing is left", {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "30"}}, seconds(30)},
      {"nothing is left, as the draft has it",
       {{"Ratelimit", R"("default";r=0;t=30)"}},
       seconds(30)},
      {"much is left, as the draft has it",
       {{"RateLimit", R"("default";r=50;t=30)"}},
       milliseconds(0)},
      {"of two policies one is used up",
       {{"RateLimit", R"("day";r=900;t=7000, "burst";r=0;t=4)"}},
       seconds(4)},
      {"a field that says nothing", {{"RateLimit", "default"}}, milliseconds(0)},
      {"by other names", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "5"}}, seconds(5)},
      {"the reset as a moment",
       {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1800000012"}},
       seconds(12)},
      {"a moment that is over",
       {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1799999999"}},
       seconds(0)},
      {"nonsense", {{"RateLimit-Remaining", "none"}, {"RateLimit-Reset", "30"}}, seconds(0)},
      {"no word of a reset", {{"RateLimit-Remaining", "0"}}, seconds(0)},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    TokenBucket bucket(Rate{});
    bucket.learn(row.headers, Tick(1000), kEpoch);
    CHECK(bucket.take(Tick(1000)) == row.wait);
  }
}

TEST_CASE("a name has one bucket") {
  Buckets buckets;
  const auto one = buckets.bucket("a", Rate{});
  CHECK(buckets.bucket("a", Rate{5, 1}) == one);
  CHECK(buckets.bucket("b", Rate{}) != one);
}
