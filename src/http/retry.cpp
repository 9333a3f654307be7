#include "http/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace mxsmith::http {

namespace {

using std::chrono::milliseconds;

/// Faults that may have passed a moment later (RFC 9110 section 15.6); 408 is the server's own
/// impatience.
bool passes(int status) {
  constexpr std::array kPassing = {408, 429, 500, 502, 503, 504};
  return std::find(kPassing.begin(), kPassing.end(), status) != kPassing.end();
}

/// Whether the server certainly did not act on a write.
bool untouched(const Attempt& attempt) {
  return attempt.status == 0 ? attempt.reached == Reached::nothing : attempt.status == 429;
}

std::optional<int> number(std::string_view text, int lowest, int highest) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!whole || value < lowest || value > highest) return std::nullopt;
  return value;
}

std::optional<int> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(kMonths.begin(), kMonths.end(), name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<int>(found - kMonths.begin()) + 1;
}

/// "08:49:37"
std::optional<base::Seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hours = number(text.substr(0, 2), 0, 23);
  const auto minutes = number(text.substr(3, 2), 0, 59);
  const auto seconds = number(text.substr(6, 2), 0, 60);
  if (!hours || !minutes || !seconds) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + base::Seconds(*seconds);
}

std::optional<base::Instant> moment(std::optional<int> year, std::optional<int> month,
                                    std::optional<int> day, std::optional<base::Seconds> time) {
  if (!year || !month || !day || !time) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return base::Instant(std::chrono::sys_days(date)) + *time;
}

/// Words between spaces; asctime-date has two before a day of one digit.
std::vector<std::string> words_of(std::string_view text) {
  auto words = base::split(text, ' ');
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

/// "06-Nov-94": a year of two digits is the one nearest before the year 2070.
std::optional<base::Instant> rfc850_date(std::string_view date, std::string_view time) {
  const auto parts = base::split(date, '-');
  if (parts.size() != 3) return std::nullopt;
  auto year = number(parts[2], 0, 99);
  if (year) *year += *year < 70 ? 2000 : 1900;
  return moment(year, month_of(parts[1]), number(parts[0], 1, 31), time_of_day(time));
}

}  // namespace

std::optional<milliseconds> retry_delay(const Attempt& attempt, double jitter,
                                        const RetryRules& rules) {
  if (attempt.number >= rules.tries) return std::nullopt;
  if (attempt.status == 0 ? attempt.lasting : !passes(attempt.status)) return std::nullopt;
  if (attempt.intent == Intent::write && !untouched(attempt)) return std::nullopt;
  const milliseconds own = base::backoff(attempt.number, jitter, rules);
  if (!attempt.retry_after) return own;
  if (*attempt.retry_after > rules.patience) return std::nullopt;
  return std::max<milliseconds>(own, *attempt.retry_after);
}

std::optional<base::Instant> parse_http_date(std::string_view value) {
  const auto words = words_of(base::trim(value));
  if (words.size() == 6 && words[5] == "GMT") {  // Sun, 06 Nov 1994 08:49:37 GMT
    return moment(number(words[3], 0, 9999), month_of(words[2]), number(words[1], 1, 31),
                  time_of_day(words[4]));
  }
  if (words.size() == 4 && words[3] == "GMT") {  // Sunday, 06-Nov-94 08:49:37 GMT
    return rfc850_date(words[1], words[2]);
  }
  if (words.size() == 5) {  // Sun Nov  6 08:49:37 1994
    return moment(number(words[4], 0, 9999), month_of(words[1]), number(words[2], 1, 31),
                  time_of_day(words[3]));
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, base::Instant now) {
  const auto text = base::trim(value);
  if (const auto seconds = number(text, 0, 100000000)) return std::chrono::seconds(*seconds);
  const auto when = parse_http_date(text);
  if (!when) return std::nullopt;
  return std::max(*when - now, std::chrono::seconds(0));
}

}  // namespace mxsmith::http
