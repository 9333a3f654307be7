#include "providers/powerdns/zone_sets.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "providers/powerdns/type_words.hpp"

namespace mxsmith::providers::powerdns {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

Error not_an_rrset(const std::string& why) {
  return {ErrorKind::protocol, "an RRset of the server's answer " + why};
}

const std::string& text_of(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  const std::string* text = value == nullptr ? nullptr : value->string();
  if (text == nullptr) throw not_an_rrset("has no text \"" + std::string(member) + "\"");
  return *text;
}

const Json::Array& array_of(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  const Json::Array* elements = value == nullptr ? nullptr : value->elements();
  if (elements == nullptr) throw not_an_rrset("has no array \"" + std::string(member) + "\"");
  return *elements;
}

/// TTLs beyond 2^31-1 count as 0 (RFC 2181 section 8); the server lets them be written.
std::uint32_t ttl_of(const Json& rrset) {
  const Json* value = rrset.find("ttl");
  const std::int64_t* ttl = value == nullptr ? nullptr : value->integer();
  if (ttl == nullptr || *ttl < 0) throw not_an_rrset("has no \"ttl\"");
  return *ttl > dns::kMaxTtl ? 0 : static_cast<std::uint32_t>(*ttl);
}

bool is_disabled(const Json& record) {
  const Json* value = record.find("disabled");
  if (value == nullptr) return false;
  if (value->boolean() == nullptr) throw not_an_rrset("has a \"disabled\" that is no boolean");
  return *value->boolean();
}

Json comments_of(const Json& rrset) {
  const Json* comments = rrset.find("comments");
  if (comments == nullptr || comments->elements() == nullptr || comments->elements()->empty()) {
    return {};
  }
  return *comments;
}

/// Types that other code reads the fields of: what cannot be read in them is no DNS data. A TXT
/// that cannot be (the server takes `\999`) still is octets.
bool is_read_by_others(dns::Type type) {
  switch (type) {
    case dns::Type::A:
    case dns::Type::AAAA:
    case dns::Type::CNAME:
    case dns::Type::NS:
    case dns::Type::PTR:
    case dns::Type::MX:
    case dns::Type::SRV:
    case dns::Type::TLSA:
    case dns::Type::CAA:
    case dns::Type::SOA: return true;
    default: return false;
  }
}

Json record_json(const std::string& content, bool disabled) {
  return Json::object({{"content", content}, {"disabled", disabled}});
}

}  // namespace

const Kept* ZoneMemory::find(const dns::Key& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : &found->second;
}

std::string ZoneMemory::verbatim(const dns::Key& key) const {
  const Kept* kept = find(key);
  if (kept == nullptr) return {};
  Json records = Json::array();
  for (const auto& content : kept->contents) records.push(record_json(content, false));
  for (const auto& content : kept->disabled) records.push(record_json(content, true));
  Json set = Json::object({{"records", std::move(records)}});
  if (!kept->comments.is_null()) set.add("comments", kept->comments);
  return http::print_json(set);
}

Kept parse_verbatim(const std::string& text) {
  if (text.empty() || text.front() != '{') return {};
  try {
    const Json set = http::parse_json(text, "what history remembers of a set");
    Kept kept;
    for (const Json& record : array_of(set, "records")) {
      (is_disabled(record) ? kept.disabled : kept.contents).push_back(text_of(record, "content"));
    }
    kept.comments = comments_of(set);
    return kept;
  } catch (const Error&) {
    return {};
  }
}

dns::Name SetReader::owner_of(const std::string& text) {
  dns::NameBuffer buffer;
  if (const auto fault = dns::encode_name(text, dns::Name(), dns::NonAscii::octets, buffer)) {
    throw not_an_rrset("has the name \"" + text + "\": " + fault->message);
  }
  dns::Name name = names_.share(buffer.view());
  if (!name.is_at_or_below(apex_)) {
    throw not_an_rrset("has the name \"" + text + "\", which is not in the zone");
  }
  return name;
}

/// What mxsmith does not understand is carried as octets and never written.
void SetReader::add_foreign(plan::LiveSet live, const std::vector<const std::string*>& contents,
                            const std::string& owner) {
  live.set.values.clear();
  live.set.values.reserve(contents.size());
  for (const std::string* content : contents) {
    const bool txt = live.set.type == dns::Type::TXT;
    live.set.add(txt ? dns::Rdata(dns::Txt{*content})
                     : dns::Rdata(dns::Opaque{live.set.type, *content}));
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
  plan::LiveSet live{{owner_of(text_of(rrset, "name")), type_of_word(word), ttl_of(rrset), {}}, {}};
  const dns::Key key = live.set.key();
  Kept kept;
  kept.ttl = live.set.ttl;
  kept.comments = comments_of(rrset);
  std::vector<const std::string*> contents;
  const Json::Array& records = array_of(rrset, "records");
  contents.reserve(records.size());
  live.set.values.reserve(records.size());
  for (const Json& record : records) {
    const std::string& content = text_of(record, "content");
    if (is_disabled(record)) {
      kept.disabled.push_back(content);
    } else {
      contents.push_back(&content);
    }
  }
  bool understood = !is_powerdns_only(word);
  bool spelled_alike = true;
  for (std::size_t i = 0; i < contents.size() && understood; ++i) {
    auto value = parse_content(key.type, *contents[i], names_);
    if (!value.ok() && is_read_by_others(key.type)) {
      throw not_an_rrset("cannot be read: " + key.text() + " \"" + *contents[i] +
                         "\": " + value.fault().message)
          .about(key.text());
    }
    understood = value.ok();
    if (!understood) break;
    spelled_alike = spelled_alike && print_content(*value) == *contents[i];
    // After writes that crossed each other the server can hold a record twice.
    if (live.set.add(*value)) kept.contents.push_back(*contents[i]);
  }
  if (spelled_alike) kept.contents.clear();
  if (!kept.empty()) memory_->keep(key, std::move(kept));
  if (contents.empty()) return;
  if (understood) {
    sets_.push_back(std::move(live));
  } else {
    add_foreign(std::move(live), contents, "PowerDNS, as " + word + " record that is not read");
  }
}

}  // namespace mxsmith::providers::powerdns
