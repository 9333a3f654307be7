#include "state/lock_holder.hpp"

#include <vector>

#include "base/text.hpp"

namespace mxsmith::state {

namespace {

/// One line, whatever the command line held.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

std::string since_words(std::string_view instant, base::Instant now) {
  const auto since = base::parse_instant(instant);
  if (!since) return {};
  const std::string text = base::print_instant(*since);  // 2026-12-05T16:31:00Z
  const std::string date = text.substr(0, text.find('T'));
  const std::string time = text.substr(date.size() + 1, 5) + " UTC";
  const bool today = base::print_instant(now).starts_with(date);
  return " since " + (today ? time : date + " " + time);
}

}  // namespace

std::string print_lock_holder(const Actor& actor, base::Instant since) {
  return one_line(actor.user + "@" + actor.host + " (pid " + std::to_string(actor.pid) + ")") +
         "\n" + base::print_instant(since) + "\n" + one_line(actor.command) + "\n";
}

std::string describe_lock_holder(std::string_view text, base::Instant now) {
  const std::vector<std::string> lines = base::split(text, '\n');
  if (lines.size() < 3 || lines[0].empty()) return "another run";
  std::string words = lines[0] + since_words(lines[1], now);
  if (!lines[2].empty()) words += ": " + lines[2];
  return words;
}

}  // namespace mxsmith::state
