#include "conformance/story.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mxsmith::conformance {

namespace {

/// The next word of `rest`, which loses it and one blank.
std::string take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  std::string word(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

std::optional<std::uint32_t> number(const std::string& word) {
  std::uint32_t value = 0;
  const char* end = word.data() + word.size();
  const auto [rest, fault] = std::from_chars(word.data(), end, value);
  if (fault != std::errc() || rest != end) return std::nullopt;
  return value;
}

/// "mail.@" and "@" stand for names of the zone, as in specs.
std::string with_zone(const std::string& value, const dns::Name& zone) {
  std::string whole;
  std::string_view rest = value;
  while (!rest.empty()) {
    std::string word = take_word(rest);
    if (word == "@") word = zone.text();
    if (word.ends_with(".@")) word = word.substr(0, word.size() - 1) + zone.text();
    whole += (whole.empty() ? "" : " ") + word;
  }
  return whole;
}

}  // namespace

Line parse_line(const std::string& text) {
  std::string_view rest = text;
  Line line;
  line.owner = take_word(rest);
  std::string word = take_word(rest);
  line.ttl = number(word);
  if (line.ttl) word = take_word(rest);
  const auto type = dns::parse_type(word);
  if (!type) throw std::logic_error("the list has a line without a type: " + text);
  line.type = *type;
  line.value = rest;
  return line;
}

dns::Key key_of(const Line& line, const dns::Name& zone) {
  const auto name = dns::Name::parse(line.owner, zone);
  if (!name) throw std::logic_error("the list has a bad owner: " + line.owner);
  return {*name, line.type};
}

dns::Rdata value_of(const Line& line, const dns::Name& zone) {
  if (line.type == dns::Type::TXT) return dns::Txt{line.value};
  auto value = dns::parse_rdata(line.type, with_zone(line.value, zone), dns::Name());
  if (!value) throw std::logic_error("the list has a bad value: " + line.value);
  return std::move(*value);
}

Group& Group::managing(std::string mode) {
  manage_ = std::move(mode);
  return *this;
}

Group& Group::beside(std::vector<std::string> lines) {
  neighbours_ = std::move(lines);
  return *this;
}

Group& Group::state(std::string title, std::vector<std::string> records) {
  State next;
  next.title = std::move(title);
  next.records = std::move(records);
  states_.push_back(std::move(next));
  return *this;
}

Group& Group::same(std::string title, std::vector<std::string> records) {
  state(std::move(title), std::move(records));
  states_.back().changes = false;
  return *this;
}

Group& Group::rolled_back(std::string title, std::vector<std::string> records) {
  state(std::move(title), std::move(records));
  states_.back().rollback = true;
  return *this;
}

Group& Group::with(std::string blocks) {
  states_.back().blocks = std::move(blocks);
  return *this;
}

Group& Group::showing(std::vector<std::string> lines) {
  states_.back().shown = std::move(lines);
  return *this;
}

Group& Group::keeping(std::vector<std::string> lines) {
  states_.back().stays = std::move(lines);
  return *this;
}

Group& Group::outside(Outside::Deed deed, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) states_.back().outside.push_back({deed, line});
  return *this;
}

Group& Group::after_outside(std::vector<std::string> lines) {
  return outside(Outside::Deed::put, lines);
}

Group& Group::after_spelled(std::vector<std::string> lines) {
  return outside(Outside::Deed::spelled, lines);
}

Group& Group::after_taking(std::vector<std::string> keys) {
  return outside(Outside::Deed::take, keys);
}

Group& Group::is_refused(std::string words) {
  states_.back().refused = std::move(words);
  return *this;
}

std::vector<Group> whole_list() {
  std::vector<Group> all;
  for (const auto chapter : {address_and_name_groups, mx_groups, text_groups, set_groups,
                             size_groups, type_groups, scope_groups, mail_groups, policy_groups}) {
    for (Group& group : chapter()) all.push_back(std::move(group));
  }
  return all;
}

}  // namespace mxsmith::conformance
