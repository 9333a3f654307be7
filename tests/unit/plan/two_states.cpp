#include "two_states.hpp"

#include <algorithm>
#include <cctype>

#include "support/catch.hpp"

namespace mxsmith::tests {
namespace {

const dns::Name& apex() {
  static const dns::Name name = dns::Name::of("example.com");
  return name;
}

std::string take_word(std::string& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string word = text.substr(0, end);
  text.erase(0, std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

void add_line(dns::Zone& zone, std::string line) {
  INFO(line);
  const auto owner = dns::Name::parse(take_word(line), apex());
  REQUIRE(owner.ok());
  std::string word = take_word(line);
  std::uint32_t ttl = 3600;
  if (std::isdigit(static_cast<unsigned char>(word.front())) != 0) {
    ttl = static_cast<std::uint32_t>(std::stoul(word));
    word = take_word(line);
  }
  const auto type = dns::parse_type(word);
  REQUIRE(type.has_value());
  auto rdata = dns::parse_rdata(*type, line, apex());
  REQUIRE(rdata.ok());
  zone.add(*owner, *type, ttl, *std::move(rdata));
}

}  // namespace

dns::Zone zone_of(const std::vector<std::string>& lines) {
  dns::Zone zone(apex());
  for (const auto& line : lines) add_line(zone, line);
  return zone;
}

TwoStates two_states(const std::vector<std::string>& before,
                     const std::vector<std::string>& after) {
  const dns::Zone now = zone_of(before);
  TwoStates states{plan::LiveZone({apex(), "example.com"}), plan::diff(now, zone_of(after))};
  for (const auto& set : now.sets()) states.live.add({set, nullptr});
  return states;
}

plan::Change change_of(const std::vector<std::string>& before,
                       const std::vector<std::string>& after) {
  auto states = two_states(before, after);
  REQUIRE(states.changes.size() == 1);
  return states.changes.front();
}

}  // namespace mxsmith::tests
