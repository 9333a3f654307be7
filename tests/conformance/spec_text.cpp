#include "conformance/spec_text.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "spec/toml_text.hpp"

namespace mxsmith::conformance {

namespace {

/// Lines of one owner and type, in the order of their first.
std::vector<std::vector<Line>> sets_of(const std::vector<std::string>& records) {
  std::vector<std::vector<Line>> sets;
  for (const std::string& text : records) {
    Line line = parse_line(text);
    const auto same = std::find_if(sets.rbegin(), sets.rend(), [&](const auto& set) {
      return set.front().owner == line.owner && set.front().type == line.type;
    });
    if (same != sets.rend()) {
      same->push_back(std::move(line));
    } else {
      sets.push_back({std::move(line)});
    }
  }
  return sets;
}

}  // namespace

std::string record_block(const std::vector<Line>& lines, const std::string& meta) {
  const Line& first = lines.front();
  const bool text = std::all_of(lines.begin(), lines.end(),
                                [](const Line& line) { return base::is_utf8(line.value); });
  if (!text && first.type != dns::Type::TXT) throw std::logic_error("only TXT holds octets");
  std::vector<std::string> values;
  values.reserve(lines.size());
  for (const Line& line : lines) {
    if (line.ttl != first.ttl) throw std::logic_error("one set has one TTL: " + first.owner);
    values.push_back(spec::toml_string(text ? line.value : base::hex(line.value)));
  }
  std::string block = "\n[[record]]\nname = " + spec::toml_string(first.owner) +
                      "\ntype = " + spec::toml_string(dns::type_name(first.type)) + "\n" +
                      (text ? "values" : "values_hex") + " = " + spec::toml_list(values) + "\n";
  if (first.ttl) block += "ttl = " + std::to_string(*first.ttl) + "\n";
  if (!meta.empty()) block += "meta = " + meta + "\n";
  return block;
}

std::string spec_text(const dns::Name& zone, const std::string& manage, const State& state) {
  std::string text = "zone = " + spec::toml_string(zone.text()) +
                     "\nprovider = \"main\"\nmanage = " + spec::toml_string(manage) + "\n";
  // Keys before tables: a block may begin with a key of the file's top, "mail.none = true".
  text += state.blocks;
  for (const auto& set : sets_of(state.records)) text += record_block(set);
  return text;
}

}  // namespace mxsmith::conformance
