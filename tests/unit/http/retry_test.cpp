// When a request is sent again, as a table.
#include "http/retry.hpp"

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::http;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// An answer with that status, or (0) none, the server reached or not.
Attempt attempt(Intent intent, int status, Reached reached = Reached::maybe) {
  Attempt one;
  one.intent = intent;
  one.status = status;
  one.reached = reached;
  return one;
}

struct Row {
  const char* name;
  Attempt attempt;
  bool again;
};

Attempt lasting(Attempt one) {
  one.lasting = true;
  return one;
}
Attempt numbered(Attempt one, int number) {
  one.number = number;
  return one;
}
Attempt asked(Attempt one, int wait) {
  one.retry_after = seconds(wait);
  return one;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"a good read", attempt(Intent::read, 200), false},
      {"a read that is refused", attempt(Intent::read, 400), false},
      {"a read without rights", attempt(Intent::read, 403), false},
      {"a read of what is not there", attempt(Intent::read, 404), false},
      {"a read the server was too slow for", attempt(Intent::read, 408), true},
      {"a read too many", attempt(Intent::read, 429), true},
      {"a read at a server with a fault", attempt(Intent::read, 500), true},
      {"a read the server does not know how to do", attempt(Intent::read, 501), false},
      {"a read behind a broken gateway", attempt(Intent::read, 502), true},
      {"a read at a busy server", attempt(Intent::read, 503), true},
      {"a read behind a slow gateway", attempt(Intent::read, 504), true},
      {"a read that nobody answered", attempt(Intent::read, 0), true},
      {"a read that reached nobody", attempt(Intent::read, 0, Reached::nothing), true},
      {"a read at a server with a bad certificate",
       lasting(attempt(Intent::read, 0, Reached::nothing)), false},
      {"a token that nobody answered for", attempt(Intent::auth, 0), true},
      {"the last read of all tries", numbered(attempt(Intent::read, 503), 5), false},
      {"the last but one", numbered(attempt(Intent::read, 503), 4), true},
      {"a read to be tried again in an hour", asked(attempt(Intent::read, 503), 3600), false},
      {"a read to be tried again in a minute", asked(attempt(Intent::read, 503), 60), true},
      {"a good write", attempt(Intent::write, 204), false},
      {"a write that is refused", attempt(Intent::write, 422), false},
      {"a write too many", attempt(Intent::write, 429), true},
      {"a write the server was too slow for", attempt(Intent::write, 408), false},
      {"a write at a server with a fault", attempt(Intent::write, 500), false},
      {"a write behind a broken gateway", attempt(Intent::write, 502), false},
      {"a write at a busy server", attempt(Intent::write, 503), false},
      {"a write at a busy server that names a time", asked(attempt(Intent::write, 503), 1), false},
      {"a write behind a slow gateway", attempt(Intent::write, 504), false},
      {"a write that nobody answered", attempt(Intent::write, 0), false},
      {"a write that reached nobody", attempt(Intent::write, 0, Reached::nothing), true},
      {"a write at a server with a bad certificate",
       lasting(attempt(Intent::write, 0, Reached::nothing)), false},
  };
  return kRows;
}

}  // namespace

TEST_CASE("which requests are sent again") {
  for (const auto& row : rows()) {
    INFO(row.name);
    CHECK(retry_delay(row.attempt, 0.5).has_value() == row.again);
  }
}

TEST_CASE("delays grow, are spread and end") {
  const Attempt first = attempt(Intent::read, 503);
  CHECK(retry_delay(first, 0.0) == milliseconds(250));
  CHECK(retry_delay(first, 0.5) == milliseconds(375));
  CHECK(retry_delay(numbered(first, 2), 0.0) == milliseconds(500));
  CHECK(retry_delay(numbered(first, 4), 0.0) == milliseconds(2000));
  RetryRules many;
  many.tries = 100;
  CHECK(retry_delay(numbered(first, 60), 0.0, many) == milliseconds(15000));
}

TEST_CASE("a server's Retry-After is never shortened") {
  CHECK(retry_delay(asked(attempt(Intent::read, 429), 7), 0.9) == milliseconds(7000));
  // Ours is longer than what the server asks for.
  CHECK(retry_delay(asked(attempt(Intent::read, 429), 0), 0.0) == milliseconds(250));
}

TEST_CASE("no delay is below zero or beyond what is allowed") {
  tests::property("delay in range", [] {
    Attempt one;
    one.number = *rc::gen::inRange(1, 12);
    one.intent = *rc::gen::element(Intent::auth, Intent::read, Intent::write);
    one.status = *rc::gen::element(0, 200, 408, 429, 500, 503, 599);
    if (*rc::gen::arbitrary<bool>()) one.retry_after = seconds(*rc::gen::inRange(0, 1000));
    const double jitter = *rc::gen::inRange(0, 1000) / 1000.0;
    RetryRules rules;
    rules.tries = 12;
    const auto delay = retry_delay(one, jitter, rules);
    if (!delay) return;
    RC_ASSERT(delay->count() >= 0);
    RC_ASSERT(*delay <= std::max<milliseconds>(rules.most, rules.patience));
    if (one.retry_after) RC_ASSERT(*delay >= *one.retry_after);
  });
}

TEST_CASE("Retry-After in both forms") {
  const auto now = *base::parse_instant("1994-11-06T08:49:00Z");
  CHECK(parse_retry_after("120", now) == seconds(120));
  CHECK(parse_retry_after(" 0 ", now) == seconds(0));
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == seconds(37));
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) == seconds(37));
  CHECK(parse_retry_after("Sun Nov  6 08:49:37 1994", now) == seconds(37));
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now) == seconds(0));
  for (const char* bad : {"", "soon", "-1", "1.5", "12s", "Sun, 06 Nov 1994 08:49:37",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
                          "06 Nov 1994 08:49:37 GMT", "99999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(parse_retry_after(bad, now));
  }
}
