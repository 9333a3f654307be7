#include "providers/gcloud/zone_sets.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dns/rdata_text.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

Error not_an_rrset(const std::string& why) {
  return {ErrorKind::protocol, "a record set of the server's answer " + why};
}

const std::string& text_of(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  const std::string* text = value == nullptr ? nullptr : value->string();
  if (text == nullptr) throw not_an_rrset("has no text \"" + std::string(member) + "\"");
  return *text;
}

std::uint32_t ttl_of(const Json& rrset) {
  const Json* value = rrset.find("ttl");
  const std::int64_t* ttl = value == nullptr ? nullptr : value->integer();
  if (ttl == nullptr || *ttl < 0 || *ttl > dns::kMaxTtl) throw not_an_rrset("has no \"ttl\"");
  return static_cast<std::uint32_t>(*ttl);
}

/// The texts of an array "rrdatas".
void append_contents(const Json& rrdatas, std::vector<std::string>& contents) {
  if (rrdatas.elements() == nullptr) throw not_an_rrset("has \"rrdatas\" that are no array");
  for (const Json& one : *rrdatas.elements()) {
    if (one.string() == nullptr) throw not_an_rrset("has \"rrdatas\" that are no texts");
    contents.push_back(*one.string());
  }
}

/// What a routing policy chooses among, wherever in it that stands.
void append_choices(const Json& policy, std::vector<std::string>& contents) {
  if (policy.elements() != nullptr) {
    for (const Json& one : *policy.elements()) append_choices(one, contents);
  }
  if (policy.members() == nullptr) return;
  for (const auto& [name, value] : *policy.members()) {
    if (name == "rrdatas") {
      append_contents(value, contents);
    } else {
      append_choices(value, contents);
    }
  }
}

/// "wrr", "geo"
std::string kind_of(const Json& policy) {
  if (policy.members() != nullptr) {
    for (const auto& [name, value] : *policy.members()) {
      if (value.members() != nullptr) return name;
    }
  }
  return "unknown";
}

/// Types that other code reads the fields of: what cannot be read in them is no DNS data.
bool is_read_by_others(dns::Type type) {
  switch (type) {
    case dns::Type::A:
    case dns::Type::AAAA:
    case dns::Type::CNAME:
    case dns::Type::NS:
    case dns::Type::PTR:
    case dns::Type::MX:
    case dns::Type::TXT:
    case dns::Type::SRV:
    case dns::Type::TLSA:
    case dns::Type::CAA:
    case dns::Type::SOA: return true;
    default: return false;
  }
}

/// FNV-1a, so that the number does not depend on the standard library.
std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

}  // namespace

dns::Type type_of_word(std::string_view word) {
  if (const auto type = dns::parse_type(word)) return *type;
  return static_cast<dns::Type>(65280 + hash_of(word) % 254);
}

std::string print_content(const dns::Rdata& value) { return dns::print_rdata(value); }

const Listed* ZoneMemory::find(const dns::Key& key) const {
  const auto found = listed_.find(key);
  return found == listed_.end() ? nullptr : &found->second;
}

std::string ZoneMemory::verbatim(const dns::Key& key) const {
  const Listed* listed = find(key);
  if (listed == nullptr) return {};
  Json texts = Json::array();
  for (const auto& text : listed->rrdatas) texts.push(text);
  return http::print_json(texts);
}

std::vector<std::string> parse_verbatim(const std::string& text) {
  if (text.empty() || text.front() != '[') return {};
  try {
    std::vector<std::string> contents;
    append_contents(http::parse_json(text, "what history remembers of a set"), contents);
    return contents;
  } catch (const Error&) {
    return {};
  }
}

dns::Name SetReader::owner_of(const std::string& text) {
  dns::NameBuffer buffer;
  if (const auto fault = dns::encode_name(text, dns::Name(), dns::NonAscii::octets, buffer)) {
    throw not_an_rrset("has the name \"" + base::escape_for_terminal(text) +
                       "\": " + fault->message);
  }
  dns::Name name = names_.share(buffer.view());
  if (name.is_at_or_below(apex_)) return name;
  throw not_an_rrset("has the name \"" + base::escape_for_terminal(text) +
                     "\", which is not in the zone");
}

/// What mxsmith does not understand is carried as octets; it is never written.
void SetReader::add_foreign(plan::LiveSet live, const std::vector<std::string>& contents,
                            const std::string& owner) {
  live.set.values.clear();
  for (const std::string& content : contents) {
    auto value = dns::parse_api_rdata(live.set.type, content, names_);
    live.set.add(value.ok() ? *value : dns::Rdata(dns::Opaque{live.set.type, content}));
  }
  auto& extra = owners_[owner];
  if (!extra) {
    auto made = std::make_shared<plan::LiveExtra>();
    made->foreign = owner;
    extra = std::move(made);
  }
  live.extra = extra;
  sets_.push_back(std::move(live));
}

void SetReader::add(const Json& rrset) {
  const std::string& word = text_of(rrset, "type");
  const std::string& name = text_of(rrset, "name");
  plan::LiveSet live{{owner_of(name), type_of_word(word), ttl_of(rrset), {}}, {}};
  std::vector<std::string> contents;
  const Json* policy = rrset.find("routingPolicy");
  if (policy != nullptr && !policy->is_null()) {
    append_choices(*policy, contents);
    // Targets of health checks are no rrdata.
    if (contents.empty()) contents.push_back(http::print_json(*policy));
    return add_foreign(std::move(live), contents,
                       "Cloud DNS, which answers by a routing policy (" +
                           base::escape_for_terminal(kind_of(*policy)) + ")");
  }
  const Json* rrdatas = rrset.find("rrdatas");
  if (rrdatas == nullptr) throw not_an_rrset("has no \"rrdatas\"");
  append_contents(*rrdatas, contents);
  if (contents.empty()) throw not_an_rrset("has empty \"rrdatas\"");
  if (!dns::parse_type(word)) {
    return add_foreign(
        std::move(live), contents,
        "Cloud DNS, which computes " + base::escape_for_terminal(word) + " records itself");
  }
  const dns::Key key = live.set.key();
  bool as_we_would = name == key.name.text();
  live.set.values.reserve(contents.size());
  for (const std::string& content : contents) {
    auto value = dns::parse_api_rdata(key.type, content, names_);
    if (!value.ok() && is_read_by_others(key.type)) {
      throw not_an_rrset("cannot be read: " + key.text() + " \"" +
                         base::escape_for_terminal(content) + "\": " + value.fault().message)
          .about(key.text());
    }
    if (!value.ok()) {
      return add_foreign(std::move(live), contents,
                         "Cloud DNS, as " + word + " record that is not read");
    }
    as_we_would = as_we_would && print_content(*value) == content;
    as_we_would = live.set.add(*value) && as_we_would;
  }
  if (!as_we_would) memory_->keep(key, {name, std::move(contents)});
  sets_.push_back(std::move(live));
}

}  // namespace mxsmith::providers::gcloud
