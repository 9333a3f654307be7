// What the tests of zone files share: reading with the faults as text, and files written as people
// write them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dns/zone_file.hpp"
#include "support/generators.hpp"

namespace mxsmith::tests {

inline const dns::Name& apex() {
  static const dns::Name name = dns::Name::of("example.com");
  return name;
}

struct ReadText {
  std::optional<dns::ZoneFile> file;
  std::vector<std::string> told;  ///< "LINE:COLUMN severity rule: message".
};

inline ReadText read_text(const std::string& text,
                          const std::map<std::string, std::string>& includes = {}) {
  dns::ReadOptions options;
  options.path = "z";
  options.include = [&](std::string_view path) -> std::optional<std::string> {
    const auto found = includes.find(std::string(path));
    if (found == includes.end()) return std::nullopt;
    return found->second;
  };
  base::Diagnostics diagnostics;
  ReadText result{dns::read_zone_file(text, apex(), options, diagnostics), {}};
  for (const auto& d : diagnostics.sorted()) {
    result.told.push_back(d.pos.text() + " " + std::string(base::severity_name(d.severity)) + " " +
                          d.rule + ": " + d.message);
  }
  return result;
}

/// The rdata of a set in presentation form, in the order read.
inline std::vector<std::string> values_at(const dns::Zone& zone, const std::string& key) {
  const auto parsed = dns::Key::parse(key);
  std::vector<std::string> values;
  if (const dns::RRset* set = parsed.ok() ? zone.find(*parsed) : nullptr) {
    for (const auto& value : set->values) values.push_back(dns::print_rdata(value));
  }
  return values;
}

/// A set from text: "www.example.com/A", TTL, presentation forms.
inline dns::RRset set_of(const std::string& key, std::uint32_t ttl,
                         const std::vector<std::string>& values) {
  const auto parsed = dns::Key::parse(key);
  dns::RRset set{parsed->name, parsed->type, ttl, {}};
  for (const auto& value : values) set.values.push_back(*dns::parse_rdata(set.type, value, apex()));
  return set;
}

}  // namespace mxsmith::tests
