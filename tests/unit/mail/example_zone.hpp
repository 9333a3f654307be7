// The examples of rules (mail/rule.hpp) as zones: what stands in example.com, what DNS answers
// beyond it, and what a spec declares.
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "dns/zone_file.hpp"
#include "mail/declared.hpp"
#include "mail/rule.hpp"

namespace mxsmith::tests {

struct ExampleZone {
  dns::Zone zone;
  dns::Zone world;  ///< Its apex is the root.
  mail::Declared declared;
};

inline mail::MtaStsPolicy read_policy(std::istringstream& words) {
  mail::MtaStsPolicy policy;
  std::string word;
  words >> word >> policy.max_age;
  policy.mode = mail::parse_mode(word).value();
  while (words >> word) policy.mx.push_back(*mail::parse_mx_pattern(word));
  return policy;
}

/// ";service ID FIELD=VALUE ...", ";selector NAME STATE", ";no-mail", ";inbound ID",
/// ";mta-sts MODE MAX_AGE HOST ...".
inline void declare_line(const std::string& line, mail::Declared& declared) {
  std::istringstream words(line.substr(1));
  std::string word;
  words >> word;
  if (word == "no-mail") {
    declared.no_mail = true;
  } else if (word == "mta-sts") {
    declared.mta_sts = read_policy(words);
  } else if (word == "inbound") {
    words >> declared.inbound;
  } else if (word == "selector") {
    mail::DeclaredSelector selector;
    std::string state;
    words >> selector.selector >> state >> selector.signer;
    const auto known = mail::parse_selector_state(state);
    if (!known) throw std::runtime_error("no state of a selector: " + line);
    selector.state = *known;
    declared.selectors.push_back(selector);
  } else if (word == "service") {
    mail::DeclaredService service;
    words >> service.id;
    for (std::string field; words >> field;) {
      const std::size_t equals = field.find('=');
      if (equals == std::string::npos) throw std::runtime_error("no FIELD=VALUE: " + line);
      service.fields[field.substr(0, equals)] = field.substr(equals + 1);
    }
    declared.services.push_back(service);
  } else {
    throw std::runtime_error("not understood in an example: " + line);
  }
}

/// One line of an example, into the zone or beyond it.
inline void read_line(const std::string& line, ExampleZone& example) {
  const std::string file =
      ". 3600 IN SOA ns. host. 1 1 1 1 300\n$TTL 3600\n$ORIGIN example.com.\n" + line + "\n";
  base::Diagnostics diagnostics;
  const auto read = dns::read_zone_file(file, dns::Name(), {"example"}, diagnostics);
  if (!read) throw std::runtime_error(diagnostics.all().front().message + " in: " + line);
  for (const dns::RRset& set : read->zone().sets()) {
    if (set.type == dns::Type::SOA) continue;
    // A zone's DS stands in its parent.
    const bool inside = set.name.is_at_or_below(example.zone.apex()) &&
                        !(set.name == example.zone.apex() && set.type == dns::Type::DS);
    for (const dns::Rdata& value : set.values) {
      (inside ? example.zone : example.world).add(set.name, set.type, set.ttl, value);
    }
  }
}

/// Throws for an example that cannot be read. Each line is read by itself, since the reader of zone
/// files refuses whole ones that break some of the rules (a CNAME beside other records).
inline ExampleZone read_example(std::string_view text) {
  ExampleZone example{dns::Zone(dns::Name::of("example.com")), dns::Zone(dns::Name()), {}};
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() == ';') {
      declare_line(line, example.declared);
    } else {
      read_line(line, example);
    }
  }
  return example;
}

/// An example judged, with and without answers from beyond the zone.
struct JudgedExample {
  mail::Judgement judgement;
  [[nodiscard]] const mail::ZoneFinding* find(std::string_view rule) const {
    for (const auto& finding : judgement.findings) {
      if (finding.rule->id == rule) return &finding;
    }
    return nullptr;
  }
  [[nodiscard]] const mail::NotChecked* find_not_checked(std::string_view rule) const {
    for (const auto& one : judgement.not_checked) {
      if (one.rule->id == rule) return &one;
    }
    return nullptr;
  }
};

enum class World { answers, unknown };

inline JudgedExample judge_example(const ExampleZone& example, const mail::Catalogue& services,
                                   World world = World::answers,
                                   mail::Coverage coverage = mail::Coverage::whole) {
  const mail::SetsOfZone sets(example.zone);
  mail::ZoneResolver answers(example.world);
  mail::KeyCache keys;
  return {mail::judge_mail({sets, coverage, example.declared, services,
                            world == World::answers ? &answers : nullptr, keys})};
}

}  // namespace mxsmith::tests
