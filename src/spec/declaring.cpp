#include "spec/declaring.hpp"

#include <utility>

#include "base/text.hpp"
#include "spec/keys.hpp"
#include "spec/layers.hpp"

namespace mxsmith::spec {

plan::DesiredUnit Declaring::unit(const dns::Name& name, dns::Type type, plan::OwnedClass owned,
                                  const Node& block, std::string path) const {
  plan::DesiredUnit unit;
  unit.unit = {{name, type}, owned, {}};
  unit.pos = block.pos;
  unit.path = std::move(path);
  unit.ttl = ttl_;
  const Node* ttl = find_path(block, {"ttl"});
  const auto span = ttl == nullptr ? std::nullopt : span_of(*ttl);
  if (span) {
    unit.ttl = static_cast<std::uint32_t>(span->count());
    unit.ttl_of_block = true;
  }
  return unit;
}

const Node* Declaring::block(const Node& above, std::string_view key) {
  const Node* block = find_path(above, {key});
  return block != nullptr && block->table() != nullptr ? block : nullptr;
}

const Node* Declaring::text(const Node& block, std::string_view key) {
  const Node* node = find_path(block, {key});
  return node != nullptr && node->string() != nullptr ? node : nullptr;
}

const Array* Declaring::list(const Node& block, std::string_view key) {
  const Node* node = find_path(block, {key});
  return node == nullptr ? nullptr : node->array();
}

std::string Declaring::word(const Node& block, std::string_view key, std::string_view otherwise) {
  const Node* node = text(block, key);
  return node == nullptr ? std::string(otherwise) : *node->string();
}

const Node* Declaring::need(const Node& block, std::string_view key, std::string_view block_name) {
  if (find_path(block, {key}) == nullptr) {
    error("spec-missing-key", block.pos,
          std::string(block_name) + " says no `" + std::string(key) + "`");
  }
  return text(block, key);
}

bool repeats_zone(std::string_view owner, const dns::Name& zone) {
  const std::string text = base::to_lower(owner);
  const std::string plain = plain_text(zone);
  if (text == plain) return true;
  return text.size() > plain.size() && text[text.size() - plain.size() - 1] == '.' &&
         std::string_view(text).substr(text.size() - plain.size()) == plain;
}

std::optional<dns::Name> Declaring::owner(const Node& node) {
  const std::string& text = *node.string();
  if (repeats_zone(text, zone_)) {
    error("spec-name-repeats-zone", node.pos,
          "the name " + in_quotes(text) +
              " is relative to the zone and would hold the zone's name twice",
          "leave the zone's name out (\"www\", \"@\" for the apex), or put a final dot");
    return std::nullopt;
  }
  const auto name = dns::Name::parse(text, zone_);
  if (!name) {
    error("spec-name", node.at(name.fault().offset),
          in_quotes(text) + " is no name: " + name.fault().message, name.fault().hint);
    return std::nullopt;
  }
  if (!name->is_at_or_below(zone_)) {
    error("spec-outside-zone", node.pos, "the name " + in_quotes(text) + " is outside the zone",
          "names are relative to the zone unless they end in a dot");
    return std::nullopt;
  }
  return *name;
}

bool is_address(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return dns::parse_rdata(dns::Type::A, text, dns::Name()).ok() ||
         dns::parse_rdata(dns::Type::AAAA, text, dns::Name()).ok();
}

base::Parsed<std::string> absolute_host(std::string_view text, const dns::Name& zone) {
  if (text == ".") return std::string(text);
  if (text == "@") return zone.text();
  if (is_address(text)) {
    return base::Fault{"is an IP address where a host name has to stand",
                       "name a host and give it an A or AAAA record"};
  }
  constexpr std::string_view kInZone = ".@";
  if (text.size() > kInZone.size() && text.substr(text.size() - kInZone.size()) == kInZone) {
    return std::string(text.substr(0, text.size() - 1)) + zone.text();
  }
  if (text.find('.') == std::string_view::npos) {
    return base::Fault{"could be a host of this zone or of the root",
                       "write \"" + std::string(text) +
                           ".@\" for a host of this zone, or the whole name with its dots"};
  }
  std::string absolute(text);
  if (absolute.back() != '.') absolute += '.';
  return absolute;
}

std::optional<dns::Name> Declaring::below_apex(const Node& block, std::string_view labels) {
  return owner(Node{std::string(labels), block.pos});
}

std::optional<dns::Name> Declaring::host(const Node& node) {
  const std::string& text = *node.string();
  const auto absolute = absolute_host(text, zone_);
  if (!absolute) {
    error(is_address(text) ? "spec-host-address" : "spec-host", node.pos,
          "the host " + in_quotes(text) + " " + absolute.fault().message, absolute.fault().hint);
    return std::nullopt;
  }
  const auto name = dns::Name::parse_absolute(*absolute);
  if (!name) {
    error("spec-name", node.at(name.fault().offset),
          in_quotes(text) + " is no name: " + name.fault().message, name.fault().hint);
    return std::nullopt;
  }
  return *name;
}

bool Declaring::check_txt(const Node& node, const std::string& octets) {
  // 65,535 octets of RDATA, one in 256 of them the length of a character-string.
  constexpr std::size_t kMost = 65535 - 256;
  if (octets.size() <= kMost) return true;
  error("spec-record-value", node.pos,
        "the TXT value has " + std::to_string(octets.size()) + " octets, at most " +
            std::to_string(kMost) + " fit into a record");
  return false;
}

}  // namespace mxsmith::spec
