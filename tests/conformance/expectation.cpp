#include "conformance/expectation.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "plan/change.hpp"
#include "plan/desired.hpp"

namespace mxsmith::conformance {

namespace {

constexpr std::size_t kShown = 6;

std::uint32_t storable(std::uint32_t ttl, const plan::Traits& traits) {
  return std::clamp(ttl, traits.min_ttl, traits.max_ttl);
}

std::vector<std::string> own_lines(const State& state) {
  std::vector<std::string> lines = state.records;
  lines.insert(lines.end(), state.shown.begin(), state.shown.end());
  return lines;
}

void add_line(dns::Zone& zone, const std::string& text, const dns::Zone& before,
              const plan::Traits& traits) {
  const Line line = parse_line(text);
  const dns::Key key = key_of(line, zone.apex());
  const dns::RRset* was = before.find(key);
  const std::uint32_t otherwise = was != nullptr ? was->ttl : storable(plan::kDefaultTtl, traits);
  const std::uint32_t ttl = line.ttl ? storable(*line.ttl, traits) : otherwise;
  zone.add(key.name, key.type, ttl, value_of(line, zone.apex()));
}

/// SOA and apex NS; only the serial may move.
void add_vital(dns::Zone& zone, const dns::Zone& before) {
  for (const auto type : {dns::Type::SOA, dns::Type::NS}) {
    const dns::RRset* set = before.find(before.apex(), type);
    if (set != nullptr) zone.put(*set);
  }
}

dns::Zone without_serial(const dns::Zone& zone) {
  dns::Zone copy = zone;
  const dns::RRset* soa = zone.find(zone.apex(), dns::Type::SOA);
  if (soa == nullptr) return copy;
  dns::RRset other = *soa;
  for (auto& value : other.values) {
    if (auto* one = std::get_if<dns::Soa>(&value)) one->serial = 0;
  }
  copy.put(std::move(other));
  return copy;
}

std::string text_of(const std::optional<plan::SetState>& state) {
  if (!state) return "nothing";
  std::string text = std::to_string(state->set.ttl);
  for (const auto& value : dns::sorted_values(state->set)) {
    std::string shown = dns::print_rdata(value);
    if (shown.size() > 120) shown = shown.substr(0, 120) + "...";
    text += " | " + shown;
  }
  return text;
}

std::string text_of(const Look& look, const plan::LiveSet& set) {
  std::string text = "TTL " + std::to_string(set.set.ttl);
  for (const auto& value : dns::sorted_values(set.set)) text += " | " + dns::print_rdata(value);
  text += " owner [" + std::string(set.foreign()) + "]";
  for (const auto& [name, value] : set.meta()) {
    text.append(" ").append(name).append("=").append(value);
  }
  const auto kept = look.texts.find(set.set.key());
  if (kept != look.texts.end()) text += " kept as [" + kept->second + "]";
  return text;
}

bool holds_what_is_refused(const std::string& text, const plan::Traits& traits) {
  if (text.find_first_of(traits.txt_without) != std::string::npos) return true;
  switch (traits.txt_octets) {
    case plan::TxtOctets::any: return false;
    case plan::TxtOctets::utf8: return !base::is_utf8(text);
    case plan::TxtOctets::printable_ascii: break;
  }
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char octet) { return octet < 0x20 || octet > 0x7e; });
}

bool has_parameters(const dns::Caa& caa) {
  const std::string& value = caa.value;
  return value.empty() || value.back() == '.' || value.find(' ') != std::string::npos ||
         value.find('\t') != std::string::npos || value.find(';') != std::string::npos;
}

}  // namespace

std::vector<Refusal> refusals(const State& state, const dns::Name& zone,
                              const plan::Traits& traits) {
  std::vector<Refusal> found;
  for (const std::string& text : own_lines(state)) {
    const Line line = parse_line(text);
    const dns::Key key = key_of(line, zone);
    if (!traits.stores(key.type)) {
      found.push_back({key, "cannot store records of type " + dns::type_name(key.type)});
      continue;
    }
    const dns::Rdata value = value_of(line, zone);
    const auto* mx = std::get_if<dns::Mx>(&value);
    const auto* txt = std::get_if<dns::Txt>(&value);
    if (mx != nullptr && mx->is_null() && traits.null_mx == plan::Support::no) {
      found.push_back({key, "cannot store the null MX"});
    }
    if (txt != nullptr && txt->octets.size() < traits.min_txt_octets) {
      found.push_back({key, "cannot store an empty text"});
    }
    if (txt != nullptr && holds_what_is_refused(txt->octets, traits)) {
      found.push_back({key, "cannot store a text with the sign"});
    }
    const auto* caa = std::get_if<dns::Caa>(&value);
    if (caa != nullptr && has_parameters(*caa) && traits.caa_parameters == plan::Support::no) {
      found.push_back({key, "cannot store the CAA value"});
    }
    if (txt != nullptr && txt->octets.size() > traits.max_txt_octets) {
      found.push_back({key, "stores at most " + std::to_string(traits.max_txt_octets)});
    }
    if (key == dns::Key{zone, dns::Type::NS} && traits.apex_ns == plan::Support::no) {
      found.push_back({key, "does not let the zone's own NS records be changed"});
    }
  }
  return found;
}

std::vector<std::string> neighbours_of(const Group& group, const plan::Traits& traits) {
  std::vector<std::string> lines = group.neighbours();
  std::erase_if(lines,
                [&](const std::string& line) { return !traits.stores(parse_line(line).type); });
  return lines;
}

bool has_ttl_out_of_range(const State& state, const plan::Traits& traits) {
  return std::any_of(state.records.begin(), state.records.end(), [&](const std::string& text) {
    const Line line = parse_line(text);
    return line.ttl && storable(*line.ttl, traits) != *line.ttl;
  });
}

dns::Zone expected_zone(const Group& group, const State& state, const dns::Zone& before,
                        const plan::Traits& traits) {
  dns::Zone declared(before.apex());
  for (const auto& text : own_lines(state)) add_line(declared, text, before, traits);
  for (const auto& text : state.stays) add_line(declared, text, before, traits);
  for (const auto& text : neighbours_of(group, traits)) add_line(declared, text, before, traits);
  dns::Zone zone(before.apex());
  add_vital(zone, before);
  for (const auto& set : declared.sets()) zone.put(set);
  return zone;
}

std::set<dns::Key> spoken_of(const State& state, const dns::Name& zone) {
  std::set<dns::Key> keys;
  for (const auto& text : own_lines(state)) keys.insert(key_of(parse_line(text), zone));
  return keys;
}

std::string difference(const dns::Zone& expected, const dns::Zone& actual) {
  const auto changes = plan::diff(without_serial(expected), without_serial(actual));
  std::string text;
  std::size_t shown = 0;
  for (const auto& change : changes) {
    if (shown++ == kShown) {
      text += "\n  and " + std::to_string(changes.size() - kShown) + " more";
      break;
    }
    text.append("\n  ").append(change.key.text());
    text.append(": should be ").append(text_of(change.before));
    text.append(", is ").append(text_of(change.after));
  }
  return text;
}

std::string touched(const Look& before, const Look& after, const dns::Zone& expected,
                    const std::set<dns::Key>& may_differ) {
  std::string text;
  for (const auto& set : before.read.sets()) {
    const dns::Key key = set.set.key();
    const plan::LiveSet* now = after.read.find(key);
    if (key.type == dns::Type::SOA || expected.find(key) == nullptr || now == nullptr) continue;
    if (may_differ.contains(key)) {
      // Spoken of, but never of its metadata.
      if (set.meta() != now->meta()) text += "\n  " + key.text() + ": its metadata changed";
      continue;
    }
    const std::string was = text_of(before, set);
    const std::string is = text_of(after, *now);
    if (was != is) {
      text.append("\n  ").append(key.text()).append(" was ").append(was);
      text.append("\n    and is ").append(is);
    }
  }
  return text;
}

}  // namespace mxsmith::conformance
