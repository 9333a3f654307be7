#include "base/clock.hpp"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith::base;
using namespace std::chrono_literals;
using mxsmith::tests::property;

namespace {

Instant at(std::int64_t seconds) { return Instant(Seconds(seconds)); }

/// Sets the machine's zone for one test.
class ZoneOfMachine {
 public:
  explicit ZoneOfMachine(const char* zone) {
    if (const char* old = std::getenv("TZ")) old_ = old;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~ZoneOfMachine() {
    if (old_) {
      ::setenv("TZ", old_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  ZoneOfMachine(const ZoneOfMachine&) = delete;
  ZoneOfMachine& operator=(const ZoneOfMachine&) = delete;

 private:
  std::optional<std::string> old_;
};

}  // namespace

TEST_CASE("moments are read with their offset") {
  struct Row {
    const char* text;
    const char* in_utc;
  };
  const Row rows[] = {
      {"2026-12-05T16:30:00Z", "2026-12-05T16:30:00Z"},
      {"2026-12-05T22:00:00+05:30", "2026-12-05T16:30:00Z"},
      {"2026-12-05t22:00:00+05:30", "2026-12-05T16:30:00Z"},
      {"2026-12-05 22:00:00+05:30", "2026-12-05T16:30:00Z"},
      {"2026-12-05T16:30Z", "2026-12-05T16:30:00Z"},
      {"2026-12-05T16:30:00.25Z", "2026-12-05T16:30:00Z"},
      {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto read = parse_instant(row.text);
    REQUIRE(read.ok());
    CHECK(print_instant(*read) == row.in_utc);
  }
}

TEST_CASE("what is no moment is refused with what is missing") {
  struct Row {
    const char* text;
    const char* message;  // a part of it
    std::size_t offset;
  };
  const Row rows[] = {
      {"", "not a date and time", 0},
      {"tomorrow", "not a date and time", 0},
      {"2026-13-01T00:00:00Z", "not a date and time", 0},
      {"2026-02-29T00:00:00Z", "not a date and time", 0},
      {"2026-12-05", "offset from UTC are missing", 10},
      {"2026-12-05T22:00:00", "no offset from UTC", 19},
      {"2026-12-05T22:00", "no offset from UTC", 16},
      {"2026-12-05T24:00:00Z", "time of day", 11},
      {"2026-12-05T22:60:00Z", "time of day", 11},
      {"2026-12-05T22:00:60Z", "seconds", 17},
      {"2026-12-05T22:00:00+0530", "not an offset", 19},
      {"2026-12-05T22:00:00+24:00", "not an offset", 19},
      {"2026-12-05T22:00:00 IST", "not an offset", 19},
      {"2026-12-05T22", "time of day", 11},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto read = parse_instant(row.text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.fault().message.find(row.message) != std::string::npos);
    CHECK(read.fault().offset == row.offset);
  }
}

TEST_CASE("reading a moment undoes printing it") {
  property("every second of nine centuries", [] {
    const Instant when = at(*rc::gen::inRange<std::int64_t>(-14831769600, 14831769600));
    const auto read = parse_instant(print_instant(when));
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == when);
  });
}

TEST_CASE("spans of time are read in their units") {
  struct Row {
    const char* text;
    std::int64_t seconds;
    const char* shortest;
  };
  const Row rows[] = {
      {"0", 0, "0s"},        {"90", 90, "1m30s"},      {"15m", 900, "15m"},
      {"1h", 3600, "1h"},    {"1h30m", 5400, "1h30m"}, {"2d", 172800, "2d"},
      {"1w", 604800, "1w"},  {"1W2D", 777600, "1w2d"}, {"60m", 3600, "1h"},
      {"3600s", 3600, "1h"}, {"36h", 129600, "1d12h"}, {"4294967295", 4294967295, nullptr},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto read = parse_duration(row.text);
    REQUIRE(read.ok());
    CHECK(read->count() == row.seconds);
    if (row.shortest != nullptr) CHECK(print_duration(*read) == row.shortest);
  }
}

TEST_CASE("what is no span of time is refused") {
  for (const char* text : {"", "h", "-5", "5y", "1.5h", "5 m", " 5", "1h-3m", "4294967296", "8000w",
                           "99999999999999999999", "0x10"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).ok());
  }
}

TEST_CASE("reading a span undoes printing it") {
  property("every span that DNS can hold", [] {
    const Seconds span(*rc::gen::inRange<std::int64_t>(0, 4294967296));
    const auto read = parse_duration(print_duration(span));
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == span);
  });
}

TEST_CASE("spans are told in words") {
  CHECK(print_duration_words(0s) == "0 s");
  CHECK(print_duration_words(90s) == "90 s");
  CHECK(print_duration_words(300s) == "5 min");
  CHECK(print_duration_words(3600s) == "1 h");
  CHECK(print_duration_words(5400s) == "1 h 30 min");
  CHECK(print_duration_words(86400s) == "1 day");
  CHECK(print_duration_words(172800s) == "2 days");
  CHECK(print_duration_words(604800s * 2) == "2 weeks");
}

TEST_CASE("a moment is told in UTC and in the machine's zone") {
  const Instant when = at(1796488260);  // 2026-12-05 16:31 UTC, a Saturday
  REQUIRE(print_instant(when) == "2026-12-05T16:31:00Z");
  {
    const ZoneOfMachine zone("UTC0");
    CHECK(print_instant_local(when, WithDate::no) == "16:31 UTC");
    CHECK(print_instant_local(when, WithDate::yes) == "2026-12-05 16:31 UTC");
  }
  {
    // Written out, so that the machine needs no time zone database.
    const ZoneOfMachine zone("IST-5:30");
    CHECK(print_instant_local(when, WithDate::no) == "16:31 UTC (22:01 Sat, IST)");
    CHECK(print_instant_local(when, WithDate::yes) ==
          "2026-12-05 16:31 UTC (2026-12-05 22:01 Sat, IST)");
  }
}

TEST_CASE("a clock for tests moves only by sleeping") {
  FixedClock clock(at(1000));
  CHECK(clock.now() == at(1000));
  clock.sleep_until(at(1300));
  CHECK(clock.now() == at(1300));
  clock.sleep_until(at(1200));
  CHECK(clock.now() == at(1300));
}

TEST_CASE("the machine's clock does not sleep for what is past") {
  SystemClock clock;
  const Instant before = clock.now();
  CHECK(before > at(1700000000));
  clock.sleep_until(before - 1h);
  CHECK(clock.now() - before < 60s);
}

TEST_CASE("a clock for tests counts milliseconds too") {
  FixedClock clock(at(1000));
  const auto before = clock.ticks();
  clock.sleep_for(1500ms);
  CHECK(clock.ticks() - before == 1500ms);
  CHECK(clock.now() == at(1001));
  clock.sleep_until(at(1001));
  CHECK(clock.ticks() - before == 1500ms);
}

TEST_CASE("the machine's clock sleeps as long as it says") {
  SystemClock clock;
  const auto before = clock.ticks();
  clock.sleep_for(20ms);
  CHECK(clock.ticks() - before >= 20ms);
  clock.sleep_for(-5ms);
}
