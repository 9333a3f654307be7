#include "providers/rfc2136/awaited.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace mxsmith::providers::rfc2136 {

namespace {

const char* const kGone = "gone";

}  // namespace

std::string print_awaited(const std::vector<plan::Change>& changes, base::Instant until) {
  std::string token = base::print_instant(until);
  for (const auto& change : changes) {
    token.append("\n").append(change.key.text()).append("\t");
    token += change.after ? dns::digest(change.after->set) : kGone;
  }
  return token;
}

bool is_over(const std::string& token, const plan::LiveZone& live, base::Instant now) {
  const auto lines = base::split(token, '\n');
  const auto until = base::parse_instant(lines.front());
  if (!until.ok() || now >= *until) return true;
  return std::all_of(lines.begin() + 1, lines.end(), [&](const std::string& line) {
    const auto tab = line.rfind('\t');
    const auto key = dns::Key::parse(line.substr(0, tab));
    const plan::LiveSet* set = key.ok() ? live.find(*key) : nullptr;
    return (set == nullptr ? kGone : dns::digest(set->set)) == line.substr(tab + 1);
  });
}

}  // namespace mxsmith::providers::rfc2136
