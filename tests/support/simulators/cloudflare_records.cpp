// What a record may look like at Cloudflare.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "dns/rdata.hpp"
#include "support/simulators/cloudflare.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;
using Record = CloudflareSimulator::Record;
using NewZone = CloudflareSimulator::NewZone;
using Refusal = CloudflareRefusal;

[[noreturn]] void refuse(std::int64_t code, const std::string& message,
                         const std::string& detail = {}) {
  throw Refusal{400, code, message, detail};
}
[[noreturn]] void refuse_value(const std::string& detail) {
  refuse(1004, "DNS Validation Error", detail);
}

/// Members of `data`: a number with the most it may be, or a text and how it stands in `content`.
struct Member {
  std::string name;
  double most = 0;  ///< 0: a text.
  bool quoted = false;
};

const std::map<std::string, std::vector<Member>>& data_members() {
  static const std::vector<Member> kTlsa = {
      {"usage", 255}, {"selector", 255}, {"matching_type", 255}, {"certificate"}};
  static const std::vector<Member> kSvcb = {{"priority", 65535}, {"target"}, {"value"}};
  static const std::map<std::string, std::vector<Member>> kMembers = {
      {"CAA", {{"flags", 255}, {"tag"}, {"value", 0, true}}},
      {"TLSA", kTlsa},
      {"SMIMEA", kTlsa},
      {"SSHFP", {{"algorithm", 255}, {"type", 255}, {"fingerprint"}}},
      {"DS", {{"key_tag", 65535}, {"algorithm", 255}, {"digest_type", 255}, {"digest"}}},
      {"DNSKEY", {{"flags", 65535}, {"protocol", 255}, {"algorithm", 255}, {"public_key"}}},
      {"CERT", {{"type", 65535}, {"key_tag", 65535}, {"algorithm", 255}, {"certificate"}}},
      {"NAPTR",
       {{"order", 65535},
        {"preference", 65535},
        {"flags", 0, true},
        {"service", 0, true},
        {"regex", 0, true},
        {"replacement"}}},
      {"HTTPS", kSvcb},
      {"SVCB", kSvcb},
      {"SRV", {{"priority", 65535}, {"weight", 65535}, {"port", 65535}, {"target"}}},
      {"URI", {{"weight", 65535}, {"target", 0, true}}},
      {"LOC",
       {{"lat_degrees", 90},
        {"lat_minutes", 59},
        {"lat_seconds", 59.999},
        {"lat_direction"},
        {"long_degrees", 180},
        {"long_minutes", 59},
        {"long_seconds", 59.999},
        {"long_direction"},
        {"altitude", 42849672.95},
        {"size", 90000000},
        {"precision_horz", 90000000},
        {"precision_vert", 90000000}}}};
  return kMembers;
}

bool is_plain(const std::string& type) {
  static const std::set<std::string> kPlain = {"A",  "AAAA", "CNAME", "MX",
                                               "NS", "PTR",  "TXT",   "OPENPGPKEY"};
  return kPlain.contains(type);
}
bool is_host(const std::string& type) {
  return type == "CNAME" || type == "MX" || type == "NS" || type == "PTR";
}
bool has_priority(const std::string& type) { return type == "MX" || type == "URI"; }

double number_of(const Json& value, const std::string& name) {
  if (const auto* integer = value.integer()) return static_cast<double>(*integer);
  if (const auto* number = value.number()) return *number;
  refuse_value(name + " must be a number");
}

std::string text_of(const Json& value, const std::string& name) {
  if (value.string() == nullptr) refuse_value(name + " must be a string");
  return *value.string();
}

std::string without_dot(std::string host) {
  if (host.size() > 1 && host.back() == '.') host.pop_back();
  return host;
}

std::string in_quotes(const std::string& octets) { return dns::print_rdata(dns::Txt{octets}); }

std::string shortest(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.12g", number);
  return text;
}

/// `content` as the service words it, from `data`.
std::string content_of(const Record& record) {
  std::string content;
  for (const Member& member : data_members().at(record.type)) {
    // The priority of an SRV is missing there.
    if (record.type == "SRV" && member.name == "priority") continue;
    const Json& value = *record.data.find(member.name);
    std::string part =
        member.most != 0 ? shortest(number_of(value, member.name)) : text_of(value, member.name);
    if (member.quoted) part = in_quotes(part);
    content += (content.empty() ? "" : " ") + part;
  }
  return content;
}

void assign_data(Record& record, const Json& data) {
  const auto known = data_members().find(record.type);
  if (known == data_members().end()) refuse_value(record.type + " records take content");
  if (data.members() == nullptr) refuse_value("data must be an object");
  for (const auto& given : *data.members()) {
    const auto member = std::find_if(known->second.begin(), known->second.end(),
                                     [&](const Member& one) { return one.name == given.first; });
    if (member == known->second.end()) refuse_value("data has no member " + given.first);
  }
  Json stored = Json::object();
  for (const Member& member : known->second) {
    const Json* value = data.find(member.name);
    if (value == nullptr) refuse_value("data." + member.name + " is missing");
    if (member.most == 0) {
      std::string text = text_of(*value, member.name);
      stored.add(member.name, member.name == "target" && !member.quoted ? without_dot(text) : text);
      continue;
    }
    const double number = number_of(*value, member.name);
    const double least = member.name == "altitude" ? -100000 : 0;
    const bool whole = record.type == "LOC" || std::trunc(number) == number;
    if (number < least || number > member.most || !whole) {
      refuse_value("data." + member.name + " is out of range");
    }
    stored.add(member.name, *value);
  }
  record.data = std::move(stored);
  record.content = content_of(record);
  if (record.type == "SRV") {
    record.priority = static_cast<std::int64_t>(number_of(*record.data.find("priority"), ""));
  }
}

/// Quoted strings are cut anew; whatever else is kept as it came.
std::string stored_text(const std::string& content) {
  if (content.empty()) refuse_value("Content for TXT record must not be empty.");
  if (content.front() != '"') return content;
  const auto value = dns::parse_rdata(dns::Type::TXT, content, dns::Name());
  if (!value.ok()) return content;
  const std::string& octets = std::get<dns::Txt>(*value).octets;
  if (octets.empty()) refuse_value("Content for TXT record must not be empty.");
  if (octets.size() + (octets.size() + 254) / 255 > 4096) refuse_value("TXT record is too long.");
  return dns::print_rdata(*value);
}

void assign_content(Record& record, const std::string& content) {
  if (!is_plain(record.type)) refuse_value(record.type + " records take data");
  if (record.type == "TXT") {
    record.content = stored_text(content);
  } else {
    record.content = is_host(record.type) ? without_dot(content) : content;
  }
}

/// A name that does not end in the zone gets it added.
std::string full_name(std::string name, const NewZone& zone) {
  if (name.empty() || name == "@") return zone.name;
  if (name.back() == '.') refuse(9000, "DNS name is invalid.");
  name = base::to_lower(name);
  return name == zone.name || name.ends_with("." + zone.name) ? name : name + "." + zone.name;
}

void assign_tags(Record& record, const Json& tags, const NewZone& zone) {
  if (tags.elements() == nullptr) refuse(9207, "tags must be a list");
  record.tags.clear();
  for (const Json& tag : *tags.elements()) {
    const std::string text = text_of(tag, "tags");
    const std::size_t colon = text.find(':');
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    };
    if (colon == 0 || colon == std::string::npos ||
        !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), fits)) {
      refuse(9300, "DNS record tag is invalid: " + text);
    }
    record.tags.push_back(text);
  }
  const std::size_t most = zone.plan == "free" ? 0 : 20;
  if (record.tags.size() > most) refuse(9301, "DNS record has too many tags.");
  // Their order means nothing, and is not kept.
  std::reverse(record.tags.begin(), record.tags.end());
}

void assign_member(Record& record, const std::string& name, const Json& value,
                   const NewZone& zone) {
  if (name == "id" || name == "type" || name == "content" || name == "data") return;
  if (name == "name") {
    record.name = full_name(text_of(value, name), zone);
  } else if (name == "ttl") {
    record.ttl = static_cast<std::int64_t>(number_of(value, name));
  } else if (name == "priority") {
    if (!has_priority(record.type)) refuse_value(record.type + " records have no priority");
    const double number = number_of(value, name);
    if (number < 0 || number > 65535) refuse_value("priority is out of range");
    record.priority = static_cast<std::int64_t>(number);
  } else if (name == "proxied") {
    if (value.boolean() == nullptr) refuse(9207, "proxied must be true or false");
    record.proxied = *value.boolean();
  } else if (name == "comment") {
    record.comment = text_of(value, name);
    const std::size_t most = zone.plan == "free" ? 100 : 500;
    if (record.comment.size() > most || record.comment.find_first_of("\r\n") != std::string::npos) {
      refuse(9302, "DNS record comment is invalid.");
    }
  } else if (name == "tags") {
    assign_tags(record, value, zone);
  } else if (name == "settings") {
    if (value.members() == nullptr) refuse(9207, "settings must be an object");
    record.settings = value;
  } else {
    refuse(9207, "unknown member " + name);
  }
}

void check_whole(const Record& record, const NewZone& zone) {
  const std::int64_t least = zone.plan == "enterprise" ? 30 : 60;
  if (record.ttl != 1 && (record.ttl < least || record.ttl > 86400)) {
    refuse(9021, "Invalid TTL. Must be between 60 and 86,400 seconds, or 1 for Automatic.");
  }
  if (has_priority(record.type) && !record.priority) refuse_value("priority is required");
  const bool proxiable = record.type == "A" || record.type == "AAAA" || record.type == "CNAME";
  if (record.proxied && !proxiable) refuse(9004, "This record type cannot be proxied.");
  cloudflare_rdata(record);
}

}  // namespace

void cloudflare_assign(Record& record, const Json& json, const NewZone& zone, bool whole) {
  if (json.members() == nullptr) refuse(9207, "Request body is invalid.");
  const Json* type = json.find("type");
  if (type != nullptr) {
    if (!record.type.empty() && record.type != text_of(*type, "type")) {
      refuse(9207, "the type of a record cannot be changed");
    }
    record.type = text_of(*type, "type");
  }
  if (!is_plain(record.type) && !data_members().contains(record.type)) {
    refuse(9000, "DNS record type \"" + record.type + "\" is invalid.");
  }
  if (whole) {
    for (const char* name : {"name", "type"}) {
      if (json.find(name) == nullptr) refuse(9207, std::string(name) + " is required");
    }
    const char* value = is_plain(record.type) ? "content" : "data";
    if (json.find(value) == nullptr) refuse_value(std::string(value) + " is required");
  }
  for (const auto& [name, value] : *json.members()) assign_member(record, name, value, zone);
  if (const Json* content = json.find("content")) {
    assign_content(record, text_of(*content, "content"));
  }
  if (const Json* data = json.find("data")) assign_data(record, *data);
  // What is proxied has the TTL that the proxy chooses.
  if (record.proxied) record.ttl = 1;
  check_whole(record, zone);
}

dns::Rdata cloudflare_rdata(const Record& record) {
  const auto type = dns::parse_type(record.type);
  if (!type) refuse(9000, "DNS record type is invalid.");
  if (record.type == "TXT") {
    auto text = dns::parse_rdata(*type, record.content, dns::Name());
    if (record.content.front() == '"' && record.content.size() > 1 && text.ok()) {
      return std::move(*text);
    }
    return dns::Txt{record.content};
  }
  std::string text = record.content;
  if (is_host(record.type) && text != ".") text += ".";
  if (record.type == "SRV" || record.type == "URI" || record.type == "MX") {
    text = std::to_string(record.priority.value_or(0)) + " " + text;
  }
  if (record.type == "LOC") {
    const auto metres = [&](const char* name) {
      return shortest(number_of(*record.data.find(name), name)) + "m";
    };
    text.clear();
    for (const char* name : {"lat_degrees", "lat_minutes", "lat_seconds", "lat_direction",
                             "long_degrees", "long_minutes", "long_seconds", "long_direction"}) {
      const Json& value = *record.data.find(name);
      text += (value.string() ? *value.string() : shortest(number_of(value, name))) + " ";
    }
    text += metres("altitude") + " " + metres("size") + " " + metres("precision_horz") + " " +
            metres("precision_vert");
  }
  auto value = dns::parse_rdata(*type, text, dns::Name());
  if (value.ok()) return std::move(*value);
  refuse_value("Content for " + record.type + " record is invalid: " + value.fault().message);
}

void cloudflare_check_neighbours(const Record& record, const std::vector<Record>& all,
                                 const NewZone& zone) {
  const dns::Rdata value = cloudflare_rdata(record);
  std::size_t contents = record.content.size();
  bool has_ns = false;
  for (const Record& other : all) {
    if (&other == &record || other.name != record.name) continue;
    has_ns = has_ns || other.type == "NS";
    if (other.type == record.type) {
      contents += other.content.size();
      if (cloudflare_rdata(other) == value) {
        throw Refusal{400, 81058, "An identical record already exists.", {}};
      }
    }
    const auto is_address = [](const Record& one) {
      return one.type == "A" || one.type == "AAAA" || one.type == "CNAME";
    };
    const bool apex = record.name == zone.name;
    if (record.type == "CNAME" && (is_address(other) || !apex)) {
      refuse(81053, "An A, AAAA, or CNAME record with that host already exists.");
    }
    if (other.type == "CNAME" && (is_address(record) || !apex)) {
      refuse(81054, "A CNAME record with that host already exists.");
    }
    const auto beside_ns = [](const std::string& type) { return type == "NS" || type == "DS"; };
    const bool delegates = record.type == "NS" || other.type == "NS";
    if (delegates && !apex && !(beside_ns(record.type) && beside_ns(other.type))) {
      refuse(81056, "NS records cannot share a name with records of another type.");
    }
  }
  if (contents > 8192) refuse_value("the contents of one name and type are too long");
  if (record.type == "DS" && !has_ns) refuse_value("DS records need NS records at their name");
}

}  // namespace mxsmith::tests
