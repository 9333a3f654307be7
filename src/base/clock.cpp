#include "base/clock.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <limits>
#include <optional>

namespace mxsmith::base {

namespace {

using std::chrono::floor;

/// Reads fixed-width digits; nothing when there are others.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// The offset "Z", "+05:30"; nothing when it is none.
std::optional<Seconds> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return Seconds(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const Seconds span = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return text[0] == '-' ? -span : span;
}

std::tm utc_fields(Instant when) {
  const std::time_t seconds = when.time_since_epoch().count();
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  return fields;
}

std::string formatted(const std::tm& fields, const char* format) {
  std::array<char, 64> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &fields)};
}

/// "Asia/Kolkata" where the machine says so, else its abbreviation.
std::string zone_name(const std::tm& local) {
  if (const char* variable = std::getenv("TZ"); variable != nullptr && *variable != '\0') {
    const std::string_view name = variable;
    if (name.find('/') != std::string_view::npos && name.front() != '/' && name.front() != ':') {
      return std::string(name);
    }
    return local.tm_zone;
  }
  std::error_code error;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", error).string();
  const auto at = target.find("zoneinfo/");
  if (error || at == std::string::npos) return local.tm_zone;
  return target.substr(at + 9);
}

struct Unit {
  char sign;
  std::int64_t seconds;
  std::string_view word;
};
constexpr std::array<Unit, 5> kUnits = {{{'w', 604800, "week"},
                                         {'d', 86400, "day"},
                                         {'h', 3600, "h"},
                                         {'m', 60, "min"},
                                         {'s', 1, "s"}}};

const Unit* unit_of(char sign) {
  const char low = static_cast<char>(sign | 0x20);
  for (const auto& unit : kUnits) {
    if (unit.sign == low) return &unit;
  }
  return nullptr;
}

}  // namespace

Instant SystemClock::now() const { return floor<Seconds>(std::chrono::system_clock::now()); }

void SystemClock::sleep_until(Instant when) { sleep_for(when - now()); }

std::chrono::milliseconds SystemClock::ticks() const {
  return floor<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void SystemClock::sleep_for(std::chrono::milliseconds span) {
  if (span.count() <= 0) return;
  const auto whole = floor<Seconds>(span);
  const std::timespec time{static_cast<std::time_t>(whole.count()),
                           static_cast<long>((span - whole).count() * 1000000)};
  ::nanosleep(&time, nullptr);  // a signal ends it early, as promised
}

void FixedClock::sleep_until(Instant when) {
  const std::int64_t wanted = milliseconds_of(when);
  for (std::int64_t now = ticks_; now < wanted && !ticks_.compare_exchange_weak(now, wanted);) {
  }
}

std::string print_instant(Instant when) {
  return formatted(utc_fields(when), "%Y-%m-%dT%H:%M:%SZ");
}

Parsed<Instant> parse_instant(std::string_view text) {
  const auto date = parse_date(text);
  if (!date) {
    return Fault{"\"" + std::string(text) + "\" is not a date and time",
                 "write it as 2026-12-05T22:00:00+05:30"};
  }
  if (text.size() == 10) {
    return Fault{"a time and its offset from UTC are missing",
                 "write it as " + std::string(text) + "T22:00:00+05:30, or with Z for UTC", 10};
  }
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const bool separated = text[10] == 'T' || text[10] == 't' || text[10] == ' ';
  if (!separated || !hour || !minute || text[13] != ':' || *hour > 23 || *minute > 59) {
    return Fault{"the time of day is not written as 22:00:00", "", 11};
  }
  std::size_t at = 16;
  int second = 0;
  if (at < text.size() && text[at] == ':') {
    const auto seconds = digits(text, 17, 2);
    if (!seconds || *seconds > 59) return Fault{"the seconds are not written as 22:00:00", "", 17};
    second = *seconds;
    at = 19;
    if (at < text.size() && text[at] == '.') {
      while (++at < text.size() && text[at] >= '0' && text[at] <= '9') {
      }
    }
  }
  const auto offset = parse_offset(text.substr(at));
  if (!offset) {
    return Fault{at == text.size()
                     ? "the time has no offset from UTC"
                     : "\"" + std::string(text.substr(at)) + "\" is not an offset from UTC",
                 "add the offset, as in +05:30, or Z for UTC", at};
  }
  return Instant(*date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         Seconds(second) - *offset;
}

std::string print_instant_local(Instant when, WithDate with_date) {
  const std::time_t seconds = when.time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  const bool dates = with_date == WithDate::yes;
  std::string text = formatted(utc_fields(when), dates ? "%Y-%m-%d %H:%M UTC" : "%H:%M UTC");
  if (local.tm_gmtoff == 0) return text;
  text += " (" + formatted(local, dates ? "%Y-%m-%d %H:%M %a" : "%H:%M %a") + ", ";
  return text + zone_name(local) + ")";
}

Parsed<Seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::string hint = "write it as 300, 5m, 1h, 1h30m, 2d or 1w";
  std::int64_t total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    const bool is_number = error == std::errc() && text[at] != '-';
    if (!is_number) return Fault{"\"" + std::string(text) + "\" is not a time span", hint, at};
    const auto next = static_cast<std::size_t>(end - text.data());
    const Unit* unit = next < text.size() ? unit_of(text[next]) : &kUnits.back();
    if (unit == nullptr) {
      return Fault{"\"" + std::string(text.substr(next, 1)) + "\" is not a unit of time", hint,
                   next};
    }
    if (number > kMost || (total += number * unit->seconds) > kMost) {
      return Fault{"\"" + std::string(text) + "\" is over 136 years", hint, at};
    }
    at = next + 1;
  }
  if (text.empty()) return Fault{"the time span is empty", hint};
  return Seconds(total);
}

std::string print_duration(Seconds span) {
  std::int64_t left = span.count();
  if (left == 0) return "0s";
  std::string text;
  for (const auto& unit : kUnits) {
    if (left < unit.seconds) continue;
    text += std::to_string(left / unit.seconds) + unit.sign;
    left %= unit.seconds;
  }
  return text;
}

std::string print_duration_words(Seconds span) {
  std::int64_t left = span.count();
  if (left < 120) return std::to_string(left) + " s";
  std::string text;
  for (const auto& unit : kUnits) {
    if (left < unit.seconds) continue;
    const std::int64_t count = left / unit.seconds;
    left %= unit.seconds;
    if (!text.empty()) text += " ";
    text += std::to_string(count) + " " + std::string(unit.word);
    if (unit.seconds >= 86400 && count > 1) text += "s";
  }
  return text;
}

}  // namespace mxsmith::base
