#include "support/simulators/digitalocean_records.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dns/rdata.hpp"

namespace mxsmith::tests::digitalocean {

namespace {

using http::Json;
using Record = DigitaloceanSimulator::Record;

/// Of a text as a zone file would spell it.
constexpr std::size_t kMostEncoded = 509;

const std::set<std::string>& types() {
  static const std::set<std::string> kTypes = {"A",  "AAAA", "CAA", "CNAME", "MX",
                                               "NS", "SOA",  "SRV", "TXT"};
  return kTypes;
}

/// The numbers that a type has, with the most each may be.
std::map<std::string, std::int64_t> numbers_of(const std::string& type) {
  if (type == "MX") return {{"priority", 65535}};
  if (type == "SRV") return {{"priority", 65535}, {"weight", 65535}, {"port", 65535}};
  if (type == "CAA") return {{"flags", 255}};
  return {};
}

void check_members(const Json& body) {
  static const std::set<std::string> kMembers = {"type", "name", "data",   "priority", "port",
                                                 "ttl",  "tag",  "weight", "flags"};
  for (const auto& [name, value] : *body.members()) {
    if (!kMembers.contains(name)) throw unprocessable("unknown attribute " + name);
  }
}

/// The text of a member; what it was where the body has none.
std::string text_in(const Json& body, const char* member, const std::string& before) {
  const Json* value = body.find(member);
  if (value == nullptr || value->is_null()) return before;
  if (value->string() == nullptr) throw unprocessable(std::string(member) + " is invalid");
  return *value->string();
}

std::int64_t number_in(const Json& body, const std::string& member, const std::int64_t* before,
                       std::int64_t most) {
  const Json* value = body.find(member);
  if (value == nullptr || value->is_null()) {
    if (before != nullptr) return *before;
    throw unprocessable(member + " can't be blank");
  }
  if (value->integer() == nullptr || *value->integer() < 0 || *value->integer() > most) {
    throw unprocessable(member + " is not in the range 0.." + std::to_string(most));
  }
  return *value->integer();
}

void check_name(const std::string& name, const std::string& zone) {
  const dns::Name apex = dns::Name::of(zone);
  const auto parsed = dns::Name::parse(name, apex);
  const bool ascii =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (name.empty() || !ascii || !parsed || !parsed->is_at_or_below(apex)) {
    throw unprocessable("Name is not valid");
  }
}

void check_text(const std::string& text) {
  if (text.empty()) throw unprocessable("Data can't be blank");
  for (const char c : text) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') {
      throw unprocessable("Data holds signs that are not known to be kept");
    }
  }
  const std::size_t strings = (text.size() + 254) / 255;
  if (text.size() + 3 * strings - 1 > kMostEncoded) {
    throw unprocessable("Data is too long (maximum is 512 characters)");
  }
}

bool is_host(const std::string& type) {
  return type == "CNAME" || type == "MX" || type == "NS" || type == "SRV";
}

/// As the API gives it back: without the final dot, and "@" for the zone itself.
std::string checked_host(const std::string& type, const std::string& data,
                         const std::string& zone) {
  if (data == "@") return data;
  if (!data.ends_with('.')) throw unprocessable("Data needs to end with a dot (.)");
  if (data == ".") {
    if (type != "SRV") throw unprocessable("Data is not a valid hostname");
    return data;
  }
  if (!dns::Name::parse_absolute(data)) throw unprocessable("Data is not a valid hostname");
  const std::string plain = data.substr(0, data.size() - 1);
  return base::to_lower(plain) == zone ? "@" : plain;
}

std::string checked_caa(const std::string& data, const std::string& tag) {
  if (tag != "issue" && tag != "issuewild" && tag != "iodef") {
    throw unprocessable("Tag is not included in the list");
  }
  if (!data.ends_with('.')) throw unprocessable("Data needs to end with a dot (.)");
  if (data.size() < 2 || data.find_first_of("; \t\"\\") != std::string::npos) {
    throw unprocessable("Data is not valid");
  }
  return data.substr(0, data.size() - 1);
}

std::string checked_data(const Record& record, const std::string& data, const std::string& zone) {
  if (record.type == "A" || record.type == "AAAA") {
    const dns::Type type = record.type == "A" ? dns::Type::A : dns::Type::AAAA;
    const bool generic = data.starts_with('\\');
    if (generic || !dns::parse_rdata(type, data, dns::Name())) {
      throw unprocessable("Data must be an IP address");
    }
    return data;
  }
  if (record.type == "TXT") {
    check_text(data);
    return data;
  }
  if (record.type == "CAA") return checked_caa(data, record.tag);
  return is_host(record.type) ? checked_host(record.type, data, zone) : data;
}

/// What would be stored stands there already: data without its final dot is refused when it is
/// sent, also where it is what the API itself gave.
std::string data_in(const Json& body) {
  const Json* value = body.find("data");
  if (value == nullptr || value->string() == nullptr) throw unprocessable("Data can't be blank");
  return *value->string();
}

}  // namespace

Refused unprocessable(const std::string& message) { return {422, "unprocessable_entity", message}; }

Record read_record(const Json& body, const std::string& zone, const Record* before) {
  check_members(body);
  Record record = before != nullptr ? *before : Record{};
  record.type = text_in(body, "type", "");
  if (!types().contains(record.type)) throw unprocessable("Type is not included in the list");
  if (before != nullptr && before->type != record.type) {
    throw unprocessable("Type cannot be changed");
  }
  if (record.type == "SOA" && before == nullptr) throw unprocessable("SOA records are not made");
  record.name = text_in(body, "name", record.name);
  check_name(record.name, zone);
  record.ttl = 1800;
  if (body.find("ttl") != nullptr) record.ttl = number_in(body, "ttl", nullptr, 2147483647);
  if (record.ttl < 30) throw unprocessable("TTL must be at least 30");
  if (record.type == "SOA") return record;
  for (const auto& [member, most] : numbers_of(record.type)) {
    const auto known = record.numbers.find(member);
    const std::int64_t* was = known == record.numbers.end() ? nullptr : &known->second;
    record.numbers[member] = number_in(body, member, was, most);
  }
  if (record.type == "CAA") record.tag = text_in(body, "tag", record.tag);
  record.data = checked_data(record, data_in(body), zone);
  return record;
}

Json print_record(const Record& record) {
  Json printed = Json::object({{"id", record.id},
                               {"type", record.type},
                               {"name", record.name},
                               {"data", record.data},
                               {"ttl", record.ttl}});
  for (const char* member : {"priority", "port", "weight", "flags"}) {
    const auto found = record.numbers.find(member);
    printed.add(member, found == record.numbers.end() ? Json() : Json(found->second));
  }
  printed.add("tag", record.tag.empty() ? Json() : Json(record.tag));
  return printed;
}

void check_beside(const Record& record, const std::vector<Record>& others) {
  const auto same_name = [&](const Record& other) {
    return other.id != record.id && base::equals_ignoring_case(other.name, record.name);
  };
  if (record.type == "CNAME" && record.name == "@") {
    throw unprocessable("CNAME records cannot stand at the apex");
  }
  for (const Record& other : others) {
    if (!same_name(other)) continue;
    if (record.type == "CNAME" || other.type == "CNAME") {
      throw unprocessable("CNAME records cannot share a name with other records");
    }
  }
}

}  // namespace mxsmith::tests::digitalocean
