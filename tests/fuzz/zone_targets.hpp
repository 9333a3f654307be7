// What is fuzzed of zone files: any text is read or refused with places inside it, a zone that was
// read is printed and read again as the same, and an edit undone gives back every byte.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "dns/zone_file.hpp"

namespace mxsmith::fuzz {

inline void require_zone(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

inline std::optional<dns::ZoneFile> read_zone(std::string_view text, dns::Holding holding) {
  base::Diagnostics diagnostics;
  dns::ReadOptions options;
  options.holding = holding;
  // The beginning of the same file, a few times.
  int included = 0;
  options.include = [&](std::string_view) -> std::optional<std::string> {
    if (++included > 20) return std::nullopt;
    return std::string(text.substr(0, 64));
  };
  const dns::Name apex = holding == dns::Holding::zone ? dns::Name::of("example.com") : dns::Name();
  auto file = dns::read_zone_file(std::string(text), apex, options, diagnostics);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const auto& diagnostic : diagnostics.all()) {
    require_zone(diagnostic.pos.line <= lines, "a fault lies behind the last line");
    require_zone(!diagnostic.message.empty(), "a fault without words");
  }
  require_zone(file.has_value() || !diagnostics.all().empty(), "refused without a word");
  return file;
}

/// The set without its first value, and back again.
inline void edit_and_undo(const dns::ZoneFile& file, const dns::RRset& set) {
  if (set.type == dns::Type::SOA) return;
  dns::RRset fewer = set;
  fewer.values.erase(fewer.values.begin());
  const std::string verbatim = file.verbatim(set.key());
  const dns::SetEdit away{set.key(),
                          fewer.values.empty() ? std::nullopt : std::optional<dns::RRset>(fewer)};
  const auto edited = dns::edit_zone_file(file, {away}, std::nullopt);
  if (!edited) return;
  const auto between = read_zone(*edited, dns::Holding::zone);
  require_zone(between.has_value(), "an edited file cannot be read");
  const dns::SetEdit back{set.key(), set, verbatim};
  const auto undone = dns::edit_zone_file(*between, {back}, std::nullopt);
  require_zone(undone.ok(), "an edit cannot be undone");
  require_zone(*undone == file.text(), "an edit undone does not give back every byte");
}

inline void zone_file(std::string_view text) {
  read_zone(text, dns::Holding::records);
  const auto file = read_zone(text, dns::Holding::zone);
  if (!file) return;
  const auto again = read_zone(dns::print_zone_file(file->zone()), dns::Holding::zone);
  require_zone(again.has_value(), "a printed zone cannot be read");
  require_zone(again->zone() == file->zone(), "zone files: read(print(v)) != v");
  std::size_t tried = 0;
  for (const auto& set : file->zone().sets()) {
    if (file->included_from(set.key())) continue;
    if (++tried <= 4) edit_and_undo(*file, set);
  }
}

using ZoneTarget = void (*)(std::string_view);
/// By the names of the folders in corpus/.
inline constexpr std::array<std::pair<std::string_view, ZoneTarget>, 1> kZoneTargets = {
    {{"zone_file", zone_file}}};

}  // namespace mxsmith::fuzz
