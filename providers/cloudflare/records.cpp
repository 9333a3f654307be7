#include "providers/cloudflare/records.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/cloudflare/answers.hpp"
#include "providers/cloudflare/content.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;
using Record = provider::RecordApi::Record;

constexpr std::int64_t kAutomatic = 1;

/// Members that a record has beside DNS and that a batch may write.
constexpr std::array<const char*, 5> kKept = {"proxied", "comment", "tags", "settings",
                                              "private_routing"};

bool is_true(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

std::string text_or_empty(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  return value != nullptr && value->string() != nullptr ? *value->string() : "";
}

bool is_proxiable(dns::Type type) {
  return type == dns::Type::A || type == dns::Type::AAAA || type == dns::Type::CNAME;
}

/// Sorted, since their order means nothing.
std::string print_tags(const Json::Array& tags) {
  std::vector<std::string> texts;
  texts.reserve(tags.size());
  for (const Json& tag : tags) texts.push_back(http::print_json(tag));
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return "[" + base::join(texts, ",") + "]";
}

plan::Meta meta_of(const Json& record, bool automatic) {
  plan::Meta meta;
  if (automatic) meta["automatic_ttl"] = "true";
  if (is_true(record, "proxied")) meta["proxied"] = "true";
  const std::string comment = text_or_empty(record, "comment");
  if (!comment.empty()) meta["comment"] = http::print_json(comment);
  const Json* tags = record.find("tags");
  if (tags != nullptr && tags->elements() != nullptr && !tags->elements()->empty()) {
    meta["tags"] = print_tags(*tags->elements());
  }
  return meta;
}

/// Types that other code reads the fields of: what cannot be read in them is no DNS data.
bool is_read_by_others(dns::Type type) {
  constexpr std::array<dns::Type, 9> kTypes = {dns::Type::A,   dns::Type::AAAA, dns::Type::CNAME,
                                               dns::Type::NS,  dns::Type::PTR,  dns::Type::MX,
                                               dns::Type::SRV, dns::Type::TLSA, dns::Type::CAA};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

/// Words that no registry has, such as those of the vendor's own types, get a number of the range
/// for private use, the same for each word (FNV-1a).
dns::Type type_of_word(const std::string& word) {
  if (const auto type = dns::parse_type(word)) return *type;
  std::uint32_t hash = 2166136261U;
  for (const char sign : word) hash = (hash ^ static_cast<unsigned char>(sign)) * 16777619U;
  return dns::Type{static_cast<std::uint16_t>(0xff00 + hash % 0xff)};
}

Error not_a_record(const std::string& doing, const std::string& why) {
  return {ErrorKind::protocol, doing + ": a record of the answer " + why};
}

bool has_settings(const Json& record) {
  for (const char* name : {"settings", "private_routing"}) {
    const Json* value = record.find(name);
    const bool is_set = value != nullptr && value->boolean() != nullptr && *value->boolean();
    const bool has_members =
        value != nullptr && value->members() != nullptr && !value->members()->empty();
    if (is_set || has_members) return true;
  }
  return false;
}

}  // namespace

std::uint32_t written_ttl(std::uint32_t ttl, const plan::Meta& meta) {
  return ttl == kAutomaticTtl && meta.contains("automatic_ttl") ? kAutomatic : ttl;
}

void add_meta(Json& record, dns::Type type, const plan::Meta& meta, Defaults defaults) {
  const auto value = [&](const char* name, const char* initial) -> std::optional<Json> {
    const auto found = meta.find(name);
    if (found == meta.end() && defaults == Defaults::left_out) return std::nullopt;
    return http::parse_json(found == meta.end() ? initial : found->second,
                            std::string("metadata ") + name);
  };
  if (is_proxiable(type)) {
    if (auto proxied = value("proxied", "false")) record.add("proxied", std::move(*proxied));
  }
  if (auto comment = value("comment", "\"\"")) record.add("comment", std::move(*comment));
  if (auto tags = value("tags", "[]")) record.add("tags", std::move(*tags));
}

std::string name_text(const dns::Name& name) {
  std::string text = name.text();
  text.pop_back();
  return text;
}

std::string ZoneMemory::verbatim(const dns::Key& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? std::string() : http::print_json(found->second);
}

void ZoneMemory::keep(const dns::Key& key, const dns::Rdata& value, const Json& record) {
  Json kept = Json::object({{"value", dns::print_rdata(value)}});
  for (const char* name : kKept) {
    const Json* member = record.find(name);
    if (member != nullptr && !member->is_null()) kept.add(name, *member);
  }
  kept_.try_emplace(key, Json::array()).first->second.push(std::move(kept));
}

Json remembered(const std::string& verbatim, const dns::Rdata& value) {
  // An account may have been at another provider when the text was written.
  if (verbatim.empty() || verbatim.front() != '[') return {};
  try {
    const Json all = http::parse_json(verbatim, "what history remembers of a set");
    const std::string text = dns::print_rdata(value);
    for (const Json& one : *all.elements()) {
      if (text_or_empty(one, "value") != text) continue;
      Json members = Json::object();
      for (const char* name : kKept) {
        if (const Json* member = one.find(name)) members.add(name, *member);
      }
      return members;
    }
  } catch (const Error&) {
    // Not of that kind after all.
  }
  return {};
}

std::string owner_of(const Json& record, const std::string& type) {
  static const Json kNothing;
  const Json* found = record.find("meta");
  const Json& meta = found == nullptr ? kNothing : *found;
  const bool read_only = is_true(meta, "read_only") || is_true(record, "locked");
  const std::string content = base::to_lower(text_or_empty(record, "content"));
  const bool names_routing = content.find("mx.cloudflare.net") != std::string::npos;
  if (is_true(meta, "email_routing") || (read_only && names_routing)) {
    return "Cloudflare Email Routing";
  }
  if (is_true(meta, "managed_by_argo_tunnel") ||
      (type == "CNAME" && content.ends_with(".cfargotunnel.com"))) {
    return "a Cloudflare Tunnel";
  }
  const bool placeholder = type == "AAAA" && content == "100::" && is_true(record, "proxied");
  if (placeholder || meta.find("origin_worker_id") != nullptr) return "Cloudflare Workers";
  if (type == "CNAME" && content == "public.r2.dev") return "Cloudflare R2";
  if (is_true(meta, "managed_by_apps")) return "a Cloudflare app";
  return read_only ? "Cloudflare, as a record that is read only" : "";
}

dns::Name RecordReader::name_of(const std::string& text) {
  dns::NameBuffer buffer;
  if (const auto fault = dns::encode_name(text, dns::Name(), dns::NonAscii::u_labels, buffer)) {
    throw not_a_record(
        doing_, "has the name \"" + base::escape_for_terminal(text) + "\": " + fault->message);
  }
  dns::Name name = names_.share(buffer.view());
  if (!name.is_at_or_below(apex_)) {
    throw not_a_record(doing_, "has the name " + name.display() + ", which is not in the zone");
  }
  return name;
}

void RecordReader::keep(const Record& read, const Json& record) {
  if (has_settings(record)) memory_->keep(read.key, read.value, record);
}

void RecordReader::add(const Json& record) {
  const std::string& word = text_of(record, "type", doing_);
  Record read;
  read.key = {name_of(text_of(record, "name", doing_)), type_of_word(word)};
  read.id = text_of(record, "id", doing_);
  const auto ttl = whole_number(record.find("ttl"));
  if (!ttl || *ttl < 0 || *ttl > dns::kMaxTtl) throw not_a_record(doing_, "has no \"ttl\"");
  read.ttl = *ttl == kAutomatic ? kAutomaticTtl : static_cast<std::uint32_t>(*ttl);
  read.meta = meta_of(record, *ttl == kAutomatic);
  read.foreign = owner_of(record, word);
  auto value = read_value(read.key.type, record, names_);
  if (value.ok() && dns::parse_type(word)) {
    read.value = std::move(*value);
  } else {
    const std::string key = read.key.text();
    if (is_read_by_others(read.key.type)) {
      throw not_a_record(doing_, "cannot be read: " + key + " \"" +
                                     base::escape_for_terminal(text_or_empty(record, "content")) +
                                     "\": " + value.fault().message)
          .about(key);
    }
    read.value = dns::Opaque{read.key.type, text_or_empty(record, "content")};
    read.foreign = "Cloudflare, as " + base::escape_for_terminal(word) + " record that is not read";
  }
  keep(read, record);
  records_.push_back(std::move(read));
}

}  // namespace mxsmith::providers::cloudflare
