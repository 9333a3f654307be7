// The serial after an edit: by date, by one, and round the end of the numbers.
#include "providers/zonefile/serial.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using providers::zonefile::is_newer_serial;
using providers::zonefile::next_serial;
using providers::zonefile::SerialRule;

namespace {

base::Instant at(const char* when) { return *base::parse_instant(when); }

}  // namespace

TEST_CASE("serials are raised by their rule") {
  struct Row {
    const char* name;
    std::uint32_t old;
    SerialRule rule;
    const char* now;
    std::uint32_t expected;
  };
  constexpr auto kDate = SerialRule::date;
  constexpr auto kIncrement = SerialRule::increment;
  constexpr auto kNoon = "2026-12-05T12:00:00Z";
  const Row rows[] = {
      {"from last week", 2026112803, kDate, kNoon, 2026120500},
      {"again today", 2026120500, kDate, kNoon, 2026120501},
      {"the hundredth of a day", 2026120599, kDate, kNoon, 2026120600},
      {"somebody was ahead of time", 2026120601, kDate, kNoon, 2026120602},
      {"the day is UTC's", 2026120400, kDate, "2026-12-05T00:00:00Z", 2026120500},
      {"a second before midnight", 2026120400, kDate, "2026-12-04T23:59:59Z", 2026120401},
      {"an offset is not", 2026120400, kDate, "2026-12-05T01:00:00+02:00", 2026120401},
      {"from a counter", 7, kDate, kNoon, 2026120500},
      {"from nothing", 0, kDate, kNoon, 2026120500},
      {"from Unix time", 1796473800, kDate, kNoon, 2026120500},
      {"so large that the date would go back", 4100000000, kDate, kNoon, 4100000001},
      {"exactly half the numbers away is undefined, so it counts on", 2026120500U - 0x80000000U,
       kDate, kNoon, 4173604149},
      {"by one", 41, kIncrement, kNoon, 42},
      {"by one, past the end, 0 left out", 0xffffffff, kIncrement, kNoon, 1},
      {"by date, past the end", 0xffffffff, kDate, "1970-01-01T00:00:00Z", 19700101U * 100},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(next_serial(row.old, row.rule, at(row.now)) == row.expected);
  }
}

TEST_CASE("what secondaries take for newer") {
  CHECK(is_newer_serial(1, 0));
  CHECK_FALSE(is_newer_serial(0, 0));
  CHECK(is_newer_serial(0, 0xffffffff));
  CHECK(is_newer_serial(0x7fffffff, 0));
  CHECK_FALSE(is_newer_serial(0x80000000, 0));
}

TEST_CASE("a serial is always raised and never 0") {
  property("next_serial", [](std::uint32_t old) {
    const auto days = *rc::gen::inRange(0, 60000);
    const base::Instant now{std::chrono::duration_cast<base::Seconds>(std::chrono::hours(24)) *
                            days};
    for (const SerialRule rule : {SerialRule::date, SerialRule::increment}) {
      const std::uint32_t next = next_serial(old, rule, now);
      RC_ASSERT(next != 0U);
      RC_ASSERT(is_newer_serial(next, old));
    }
  });
}
