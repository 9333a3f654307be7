#include "providers/route53/zone_sets.hpp"

#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"
#include "providers/route53/spelling.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

Error not_a_set(const std::string& why) {
  return {ErrorKind::protocol, "a record set of Route 53's answer " + why};
}

std::string shown(const std::string& text) { return "\"" + base::escape_for_terminal(text) + "\""; }

std::uint32_t ttl_of(const Element& set) {
  const std::string& text = set.text_of("TTL");
  std::uint32_t ttl = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), ttl);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!whole || ttl > dns::kMaxTtl) throw not_a_set("has no TTL: " + shown(text));
  return ttl;
}

/// Why mxsmith must not write the set, in words; empty: it may.
std::string owner_of(const Element& set) {
  if (set.find("TrafficPolicyInstanceId") != nullptr) return "a traffic policy of Route 53";
  if (set.find("SetIdentifier") != nullptr) return "a routing policy of Route 53";
  if (set.find("AliasTarget") != nullptr) return "Route 53, as an alias";
  return {};
}

std::vector<const std::string*> values_of(const Element& set) {
  const Element* records = set.find("ResourceRecords");
  if (records == nullptr) throw not_a_set("has no records");
  std::vector<const std::string*> values;
  for (const Element& record : records->children) {
    const Element* value = record.find("Value");
    if (value == nullptr) throw not_a_set("has a record without a value");
    values.push_back(&value->text);
  }
  if (values.empty()) throw not_a_set("has no records");
  return values;
}

}  // namespace

const Kept* ZoneMemory::find(const dns::Key& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : &found->second;
}

std::string ZoneMemory::verbatim(const dns::Key& key) const {
  const Kept* kept = find(key);
  if (kept == nullptr) return {};
  Json values = Json::array();
  for (const std::string& value : kept->values) values.push(value);
  Json set = Json::object({{"values", std::move(values)}});
  if (!kept->health_check.empty()) set.add("health_check", kept->health_check);
  return http::print_json(set);
}

Kept parse_verbatim(const std::string& text) {
  Kept kept;
  if (text.empty() || text.front() != '{') return kept;
  try {
    const Json set = http::parse_json(text, "what history remembers of a set");
    const Json* values = set.find("values");
    if (values == nullptr || values->elements() == nullptr) return kept;
    for (const Json& value : *values->elements()) {
      if (value.string() != nullptr) kept.values.push_back(*value.string());
    }
    const Json* check = set.find("health_check");
    if (check != nullptr && check->string() != nullptr) kept.health_check = *check->string();
  } catch (const Error&) {
    return {};
  }
  return kept;
}

plan::LiveSet& SetReader::set_at(const dns::Key& key, const Element& set) {
  const auto [place, is_new] = places_.try_emplace(key, sets_.size());
  if (is_new) {
    sets_.push_back({{key.name, key.type, 0, {}}, {}});
  } else if (set.find("SetIdentifier") == nullptr || sets_[place->second].foreign().empty()) {
    throw not_a_set("came twice: " + key.text()).about(key.text());
  }
  return sets_[place->second];
}

void SetReader::mark(plan::LiveSet& live, const std::string& owner) {
  auto& extra = owners_[owner];
  if (!extra) {
    auto made = std::make_shared<plan::LiveExtra>();
    made->foreign = owner;
    extra = std::move(made);
  }
  live.extra = extra;
}

void SetReader::add_values(plan::LiveSet& live, const Element& set) {
  const dns::Key key = live.set.key();
  Kept kept;
  kept.health_check = set.text_of("HealthCheckId");
  bool spelled_alike = true;
  for (const std::string* text : values_of(set)) {
    const auto value = parse_value(key.type, *text, names_);
    if (!value) {
      throw not_a_set("cannot be read: " + key.text() + " " + shown(*text) + ": " +
                      value.fault().message)
          .about(key.text());
    }
    const bool is_new = live.set.add(*value);
    spelled_alike = spelled_alike && is_new && print_value(*value) == *text;
    kept.values.push_back(*text);
  }
  if (spelled_alike) kept.values.clear();
  if (!kept.empty() && live.foreign().empty()) memory_->keep(key, std::move(kept));
}

std::vector<plan::LiveSet> SetReader::take_sets() {
  for (const Alias& alias : aliases_) {
    dns::RRset& set = sets_[alias.place].set;
    const auto target = parse_name(alias.target);
    const auto found =
        target && alias.zone_id == zone_id_ ? places_.find({*target, set.type}) : places_.end();
    if (found != places_.end() && !sets_[found->second].set.values.empty()) {
      const dns::RRset& other = sets_[found->second].set;
      for (const dns::Rdata& value : std::vector<dns::Rdata>(other.values)) set.add(value);
      set.ttl = other.ttl;
    } else {
      set.add(dns::Opaque{set.type, "alias of " + alias.target});
    }
  }
  return std::move(sets_);
}

void SetReader::add(const Element& set) {
  const std::string& text = set.text_of("Name");
  const auto name = parse_name(text);
  if (set.name != "ResourceRecordSet" || text.empty() || !name) {
    throw not_a_set("has no name: " + shown(text));
  }
  if (!name->is_at_or_below(apex_)) {
    throw not_a_set("has the name " + shown(text) + ", which is not in the zone");
  }
  const auto type = dns::parse_type(set.text_of("Type"));
  if (!type) throw not_a_set("has a type that is none: " + shown(set.text_of("Type")));
  const dns::Key key{names_.share(name->wire()), *type};
  plan::LiveSet& live = set_at(key, set);
  const std::string owner = owner_of(set);
  if (!owner.empty()) mark(live, owner);
  has_soa_ = has_soa_ || (*type == dns::Type::SOA && key.name == apex_);
  // An alias has neither TTL nor records: what it answers with is elsewhere.
  if (const Element* alias = set.find("AliasTarget")) {
    const auto place = static_cast<std::size_t>(&live - sets_.data());
    aliases_.push_back({place, alias->text_of("HostedZoneId"), alias->text_of("DNSName")});
    return;
  }
  live.set.ttl = ttl_of(set);
  add_values(live, set);
}

}  // namespace mxsmith::providers::route53
