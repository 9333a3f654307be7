// Small zones and declarations for tests of plan, written as one writes them down: one record a
// line, names relative to example.com.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dns/zone.hpp"
#include "mail/spf.hpp"
#include "plan/change.hpp"
#include "plan/desired.hpp"
#include "plan/live.hpp"

namespace mxsmith::tests {

inline const dns::Name& example_com() {
  static const dns::Name name = dns::Name::of("example.com");
  return name;
}

inline dns::Name under(std::string_view relative) {
  return dns::Name::parse(relative, example_com()).value();
}

inline dns::Rdata rdata(dns::Type type, std::string_view text) {
  auto value = dns::parse_rdata(type, text, example_com());
  if (!value) throw std::runtime_error(std::string(text) + ": " + value.fault().message);
  return *std::move(value);
}

/// "@ 3600 MX 10 mx1.old.example."
struct Line {
  dns::Key key;
  std::uint32_t ttl = 0;
  dns::Rdata value;
};
inline Line line(std::string_view text) {
  const auto take = [&] {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return std::string(word);
  };
  Line one;
  one.key.name = under(take());
  one.ttl = static_cast<std::uint32_t>(std::stoul(take()));
  one.key.type = dns::parse_type(take()).value();
  one.value = rdata(one.key.type, text);
  return one;
}

inline dns::Zone zone_of(const std::vector<std::string>& lines) {
  dns::Zone zone(example_com());
  for (const auto& text : lines) {
    Line one = line(text);
    zone.add(one.key.name, one.key.type, one.ttl, std::move(one.value));
  }
  return zone;
}

/// Owners of sets by "NAME/TYPE".
using Owners = std::map<std::string, std::string>;

inline plan::LiveZone live_of(const dns::Zone& zone, const Owners& foreign = {}) {
  plan::LiveZone live(
      plan::ZoneRef{zone.apex(), "id-" + zone.apex().text(), plan::ZoneKind::ordinary});
  for (const auto& set : zone.sets()) {
    plan::LiveSet one{set, nullptr};
    if (const auto owner = foreign.find(set.key().text()); owner != foreign.end()) {
      plan::LiveExtra extra;
      extra.foreign = owner->second;
      one.extra = std::make_shared<const plan::LiveExtra>(std::move(extra));
    }
    live.add(std::move(one));
  }
  return live;
}
inline plan::LiveZone live_of(const std::vector<std::string>& lines, const Owners& foreign = {}) {
  return live_of(zone_of(lines), foreign);
}

inline dns::Zone zone_from(const plan::LiveZone& live) {
  dns::Zone zone(live.apex());
  for (const auto& set : live.sets()) zone.put(set.set);
  return zone;
}

/// The live zone after changes, metadata included.
inline plan::LiveZone after(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
  std::map<dns::Key, plan::LiveSet> sets;
  for (const auto& set : live.sets()) sets[set.set.key()] = set;
  for (const auto& change : changes) {
    if (!change.after) {
      sets.erase(change.key);
      continue;
    }
    plan::LiveExtra extra;
    extra.meta = change.after->meta;
    sets[change.key] = {change.after->set,
                        std::make_shared<const plan::LiveExtra>(std::move(extra))};
  }
  plan::LiveZone result(live.ref());
  for (auto& [key, set] : sets) result.add(std::move(set));
  return result;
}

inline base::SourcePos at_line(std::uint32_t number) {
  static const auto file = std::make_shared<const std::string>("example.com.toml");
  return {file, number, 1};
}

// --- declarations ---

inline plan::DesiredUnit whole(std::string_view name, dns::Type type,
                               std::initializer_list<std::string_view> values) {
  plan::DesiredUnit unit;
  unit.unit = {{under(name), type}, plan::OwnedClass::whole, {}};
  for (const auto value : values) unit.values.push_back({rdata(type, value), at_line(2)});
  unit.pos = at_line(1);
  unit.path = "record";
  return unit;
}
inline plan::DesiredUnit mx(std::initializer_list<std::string_view> values) {
  auto unit = whole("@", dns::Type::MX, values);
  unit.path = "mail.mx";
  return unit;
}

inline plan::DesiredUnit txt_class(std::string_view name, plan::OwnedClass owned,
                                   std::string octets) {
  plan::DesiredUnit unit;
  unit.unit = {{under(name), dns::Type::TXT}, owned, {}};
  if (owned == plan::OwnedClass::value) unit.unit.octets = octets;
  unit.values.push_back({dns::Txt{std::move(octets)}, at_line(4)});
  unit.pos = at_line(3);
  unit.path = "mail";
  return unit;
}
inline plan::DesiredUnit token(std::string octets) {
  return txt_class("@", plan::OwnedClass::value, std::move(octets));
}
inline plan::DesiredUnit spf(std::string octets) {
  return txt_class("@", plan::OwnedClass::spf, std::move(octets));
}
inline plan::DesiredUnit dmarc(std::string octets) {
  return txt_class("_dmarc", plan::OwnedClass::dmarc, std::move(octets));
}
inline plan::DesiredUnit dkim(std::string_view selector, std::string octets) {
  return txt_class(std::string(selector) + "._domainkey", plan::OwnedClass::whole,
                   std::move(octets));
}
inline plan::DesiredUnit merged_spf(std::initializer_list<std::string_view> terms,
                                    std::optional<mail::SpfQualifier> all = {}) {
  plan::DesiredUnit unit = spf("");
  unit.values.clear();
  unit.spf.emplace();
  unit.spf->merges = true;
  unit.spf->merge.all = all;
  for (const auto term : terms) {
    unit.spf->merge.add.push_back(mail::parse_spf_term(term).value());
  }
  return unit;
}

inline plan::DesiredUnit with_ttl(plan::DesiredUnit unit, std::uint32_t ttl,
                                  bool of_block = false) {
  unit.ttl = ttl;
  unit.ttl_of_block = of_block;
  return unit;
}
inline plan::DesiredUnit ttl_only(plan::DesiredUnit unit, std::uint32_t ttl) {
  unit.values.clear();
  unit.ttl = ttl;
  unit.ttl_only = true;
  return unit;
}
inline plan::DesiredUnit with_meta(plan::DesiredUnit unit, plan::Meta meta) {
  unit.meta = std::move(meta);
  return unit;
}

inline plan::Desired desired_of(std::vector<plan::DesiredUnit> units) {
  plan::Desired desired;
  desired.zone = example_com();
  desired.units = std::move(units);
  desired.digest = "digest-of-the-spec";
  desired.pos = at_line(1);
  return desired;
}

inline plan::Pattern pattern(std::string name, std::optional<dns::Type> type = {},
                             std::optional<std::string> value = {}) {
  return {std::move(name), type, std::move(value)};
}

}  // namespace mxsmith::tests
