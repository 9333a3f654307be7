#include "providers/zonefile/serial.hpp"

#include <chrono>

namespace mxsmith::providers::zonefile {

namespace {

/// YYYYMMDD00
std::uint32_t first_of_the_day(base::Instant now) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  return ((static_cast<std::uint32_t>(static_cast<int>(day.year())) * 100 +
           static_cast<unsigned>(day.month())) *
              100 +
          static_cast<unsigned>(day.day())) *
         100;
}

std::uint32_t one_more(std::uint32_t serial) { return serial == 0xffffffff ? 1 : serial + 1; }

}  // namespace

std::optional<SerialRule> parse_serial_rule(std::string_view text) {
  if (text == "date") return SerialRule::date;
  if (text == "increment") return SerialRule::increment;
  return std::nullopt;
}

bool is_newer_serial(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t ahead = a - b;
  return ahead != 0 && ahead < 0x80000000;
}

std::uint32_t next_serial(std::uint32_t old, SerialRule rule, base::Instant now) {
  if (rule == SerialRule::date) {
    const std::uint32_t today = first_of_the_day(now);
    if (is_newer_serial(today, old)) return today;
  }
  return one_more(old);
}

}  // namespace mxsmith::providers::zonefile
