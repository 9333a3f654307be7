#include "conformance/outside.hpp"

#include <algorithm>
#include <utility>

namespace mxsmith::conformance {

namespace {

void add(std::vector<ForeignSet>& sets, const dns::Name& zone, const Outside& deed) {
  if (deed.deed == Outside::Deed::take) {
    sets.push_back({key_of(parse_line(deed.line), zone), 0, {}, {}});
    return;
  }
  const Line line = parse_line(deed.line);
  const dns::Key key = key_of(line, zone);
  const auto known =
      std::find_if(sets.begin(), sets.end(), [&](const ForeignSet& set) { return set.key == key; });
  ForeignSet& set = known != sets.end() ? *known : sets.emplace_back();
  set.key = key;
  if (line.ttl) set.ttl = *line.ttl;
  set.values.push_back(
      deed.deed == Outside::Deed::spelled ? line.value : dns::print_rdata(value_of(line, zone)));
}

}  // namespace

void act_outside(Subject& subject, const dns::Name& zone, const std::vector<Outside>& deeds) {
  std::vector<ForeignSet> sets;
  for (const Outside& deed : deeds) add(sets, zone, deed);
  for (const ForeignSet& set : sets) subject.put(zone, set);
}

void put_outside(Subject& subject, const dns::Name& zone, const std::vector<std::string>& lines) {
  std::vector<Outside> deeds;
  deeds.reserve(lines.size());
  for (const std::string& line : lines) deeds.push_back({Outside::Deed::put, line});
  act_outside(subject, zone, deeds);
}

}  // namespace mxsmith::conformance
