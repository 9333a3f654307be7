#include "conformance/powerdns_simulator.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dns/type.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;
using http::Method;
using http::Request;
using http::Response;
using Zone = PowerdnsSimulator::Zone;
using Set = PowerdnsSimulator::Set;
using Query = std::map<std::string, std::string>;

constexpr std::string_view kApi = "/api/v1/servers/localhost";

/// An answer that is thrown: nothing of the request takes place.
struct Refusal {
  int status;
  std::string words;
};

Refusal unprocessable(const std::string& words) { return {422, words}; }

Response json(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json"}}, http::print_json(body)};
}

/// Its own words for a status, in the form that the request asked for.
Response plain(int status, const std::string& words, const Request& request) {
  const std::string* accept = request.headers.find("Accept");
  if (accept != nullptr && *accept == "application/json") {
    return json(status, Json::object({{"error", words}}));
  }
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, words};
}

std::string words_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    default: return "Not Implemented";
  }
}

Refusal refusal(int status) { return {status, words_of(status)}; }

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return std::isxdigit(static_cast<unsigned char>(c)) ? std::tolower(c) - 'a' + 10 : -1;
}

/// %XX, and with '=' the server's own =XX.
std::string decoded(const std::string& text, char mark) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == mark && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
        digit_of(text[i + 2]) >= 0) {
      result += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string id_of(const std::string& name) {
  if (name == ".") return "=2E";
  std::string id;
  for (const char c : name) {
    const bool safe =
        std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (safe) {
      id += c;
    } else {
      id += '=';
      id += kDigits[static_cast<unsigned char>(c) >> 4];
      id += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return id;
}

Query query_of(const std::string& text) {
  Query query;
  for (const auto& part : base::split(text, '&')) {
    const auto equals = part.find('=');
    if (!part.empty()) query[part.substr(0, equals)] = decoded(part.substr(equals + 1), '%');
  }
  return query;
}

/// Nobody may rely on a parameter that was never compared with the server.
void refuse_unknown(const Query& query, const std::set<std::string>& known) {
  for (const auto& [name, value] : query) {
    if (!known.contains(name)) throw refusal(501);
  }
}

const std::string& text_of(const Json& object, const std::string& member) {
  const Json* value = object.find(member);
  if (value == nullptr || value->string() == nullptr) {
    throw unprocessable("Key '" + member + "' not present or not a String");
  }
  return *value->string();
}

std::string canonical(const std::string& name) {
  if (name.empty() || name.back() != '.') {
    throw unprocessable("DNS Name '" + name + "' is not canonical");
  }
  return base::to_lower(name);
}

Json body_of(const Request& request) {
  try {
    return http::parse_json(request.body, "request");
  } catch (const base::Error&) {
    throw refusal(400);
  }
}

bool is_at_or_below(const std::string& name, const std::string& zone) {
  return name == zone || zone == "." || (name.size() > zone.size() && name.ends_with("." + zone));
}

void check_owner(const std::string& name) {
  const std::string rest = name.starts_with("*.") ? name.substr(2) : name;
  const bool fits = std::all_of(rest.begin(), rest.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '/';
  });
  if (fits) return;
  std::string shown;
  for (const char sign : name) {
    const auto c = static_cast<unsigned char>(sign);
    if (c > 0x20 && c < 0x7f) {
      shown += static_cast<char>(c);
    } else {
      const std::string number = std::to_string(static_cast<int>(c));
      shown += "\\" + std::string(3 - number.size(), '0') + number;
    }
  }
  throw unprocessable("Name '" + shown + "' contains unsupported characters");
}

/// The server's word for a type: in capitals, and its own for some numbers.
std::string type_of(const std::string& name, const std::string& text) {
  static const std::set<std::string> kUnknown = {"NULL", "X25", "NSAP", "ISDN", "RT", "PX"};
  static const std::set<std::string> kOwn = {"ALIAS", "LUA", "ADDR", "OPT", "TSIG"};
  std::string word = upper(text);
  if (word == "TYPE65400") word = "ADDR";
  if (kOwn.contains(word)) return word;
  const auto type = dns::parse_type(word);
  if (!type || kUnknown.contains(word)) {
    throw unprocessable("RRset " + name + " IN " + text + ": unknown type given");
  }
  return word;
}

bool is_hostname(const std::string& name) {
  if (name == ".") return true;
  for (const auto& label : base::split(name.substr(0, name.size() - 1), '.')) {
    const bool fits = !label.empty() && label.front() != '-' && label.back() != '-' &&
                      std::all_of(label.begin(), label.end(),
                                  [](unsigned char c) { return std::isalnum(c) || c == '-'; });
    if (!fits) return false;
  }
  return true;
}

/// One element of `rrsets` in a PATCH or a POST.
struct Wanted {
  std::string name;
  std::string type;
  [[nodiscard]] std::string text() const { return name + " IN " + type; }
};

std::int64_t ttl_of(const Json& rrset) {
  const Json* value = rrset.find("ttl");
  const bool text = value != nullptr && value->string() != nullptr;
  if (value == nullptr || (!text && value->integer() == nullptr)) {
    throw unprocessable("Key 'ttl' not an Integer or not present");
  }
  const std::int64_t ttl = text ? std::stoll(*value->string()) : *value->integer();
  return ttl < 0 ? ttl + (std::int64_t{1} << 32) : ttl;
}

PowerdnsSimulator::Record record_of(const Json& json, const Wanted& wanted, const Zone& zone) {
  PowerdnsSimulator::Record record;
  const std::string& sent = text_of(json, "content");
  if (const Json* disabled = json.find("disabled")) {
    if (disabled->boolean() == nullptr) {
      throw unprocessable("Key 'disabled' not present or not a Bool");
    }
    record.disabled = *disabled->boolean();
  }
  const bool apex = wanted.name == zone.name;
  if (wanted.type == "OPT" || wanted.type == "TSIG") {
    throw unprocessable("RRset " + wanted.text() + ": invalid type given");
  }
  if (!apex && (wanted.type == "SOA" || wanted.type == "DNSKEY")) {
    throw unprocessable("Record " + wanted.text() + " is only allowed at apex");
  }
  if (apex && wanted.type == "DS") {
    throw unprocessable("Record " + wanted.text() + " is not allowed at apex");
  }
  CheckedContent checked = check_powerdns_content(wanted.type, sent);
  if (!checked.fault.empty()) {
    throw unprocessable("Record " + wanted.name + "/" + wanted.type + " '" + sent +
                        "': " + checked.fault);
  }
  record.content = std::move(checked.content);
  return record;
}

void check_records(const Wanted& wanted, const std::vector<PowerdnsSimulator::Record>& records) {
  if ((wanted.type == "CNAME" || wanted.type == "DNAME" || wanted.type == "SOA") &&
      records.size() > 1) {
    throw unprocessable("RRset " + wanted.text() + " has more than one record");
  }
  std::set<std::string> seen;
  for (const auto& record : records) {
    if (!seen.insert(record.content).second) {
      throw unprocessable("Duplicate record in RRset " + wanted.text() + " with content \"" +
                          record.content + "\"");
    }
    if (wanted.type != "MX" && wanted.type != "NS" && wanted.type != "SRV") continue;
    const std::string host = record.content.substr(record.content.rfind(' ') + 1);
    if (!is_hostname(host)) {
      throw unprocessable("RRset " + wanted.text() + " non-hostname content " + host);
    }
  }
}

Json::Array comments_of(const Json& comments) {
  Json::Array all;
  for (const Json& comment : *comments.elements()) {
    const std::string& content = text_of(comment, "content");
    const std::string& account = text_of(comment, "account");
    const Json* at = comment.find("modified_at");
    all.push_back(Json::object(
        {{"account", account},
         {"content", content},
         {"modified_at", at != nullptr && at->integer() ? *at->integer() : std::int64_t{1}}}));
  }
  return all;
}

bool is_live(const Set& set) {
  return std::any_of(set.records.begin(), set.records.end(),
                     [](const auto& record) { return !record.disabled; });
}

void check_neighbours(const Wanted& wanted, const Zone& zone) {
  for (const auto& [key, set] : zone.sets) {
    if (key.first != wanted.name || key.second == wanted.type || !is_live(set)) continue;
    if (key.second == "CNAME" || wanted.type == "CNAME") {
      throw unprocessable("RRset " + wanted.text() + ": Conflicts with pre-existing RRset");
    }
  }
}

bool is_array(const Json* value) { return value != nullptr && value->elements() != nullptr; }

void remove_if_empty(Zone& zone, const PowerdnsSimulator::Key& key) {
  const Set& set = zone.sets[key];
  if (set.records.empty() && set.comments.empty()) zone.sets.erase(key);
}

void replace(Zone& zone, const Json& rrset, const Wanted& wanted) {
  if (!is_at_or_below(wanted.name, zone.name)) {
    throw unprocessable("RRset " + wanted.text() + ": Name is out of zone");
  }
  const Json* records = rrset.find("records");
  const Json* comments = rrset.find("comments");
  if (!is_array(records) && !is_array(comments)) {
    throw unprocessable("No change for RRset " + wanted.text());
  }
  const PowerdnsSimulator::Key key{wanted.name, wanted.type};
  Set set = zone.sets.contains(key) ? zone.sets[key] : Set();
  if (is_array(records)) {
    set.ttl = ttl_of(rrset);
    set.records.clear();
    for (const Json& record : *records->elements()) {
      set.records.push_back(record_of(record, wanted, zone));
    }
    check_records(wanted, set.records);
    if (set.records.empty()) set.comments.clear();
  }
  if (is_array(comments)) set.comments = comments_of(*comments);
  if (is_array(records)) check_neighbours(wanted, zone);
  if (set.records.empty()) set.ttl = 0;
  zone.sets[key] = std::move(set);
  remove_if_empty(zone, key);
}

Json::Array strings(const std::vector<std::string>& texts) {
  Json::Array all;
  for (const auto& text : texts) all.emplace_back(text);
  return all;
}

std::vector<std::string> soa_fields(const Zone& zone) {
  const auto soa = zone.sets.find({zone.name, "SOA"});
  if (soa == zone.sets.end() || soa->second.records.empty()) return {};
  return base::split(soa->second.records.front().content, ' ');
}

std::int64_t serial_of(const Zone& zone) {
  const auto fields = soa_fields(zone);
  return fields.size() < 7 ? 0 : std::stoll(fields[2]);
}

enum class Dnssec : std::uint8_t { no, yes };

/// What a list of zones says of each.
Json summary(const Zone& zone, Dnssec dnssec) {
  Json json = Json::object({{"account", ""},
                            {"catalog", ""},
                            {"id", zone.id},
                            {"kind", zone.kind},
                            {"last_check", 0},
                            {"masters", Json::array(strings(zone.masters))},
                            {"name", zone.name},
                            {"notified_serial", 0},
                            {"serial", serial_of(zone)},
                            {"url", std::string(kApi) + "/zones/" + zone.id}});
  if (dnssec == Dnssec::yes) {
    json.add("dnssec", zone.presigned || zone.has_keys);
    json.add("edited_serial", serial_of(zone));
  }
  return json;
}

Json rrsets_of(const Zone& zone) {
  Json rrsets = Json::array();
  for (const auto& [key, set] : zone.sets) {
    Json records = Json::array();
    for (const auto& record : set.records) {
      records.push(Json::object({{"content", record.content}, {"disabled", record.disabled}}));
    }
    rrsets.push(Json::object({{"comments", Json::array(set.comments)},
                              {"name", key.first},
                              {"records", std::move(records)},
                              {"ttl", set.ttl},
                              {"type", key.second}}));
  }
  return rrsets;
}

enum class Rrsets : std::uint8_t { no, yes };

Json detail(const Zone& zone, Rrsets rrsets) {
  Json json = summary(zone, Dnssec::yes);
  json.add("api_rectify", false)
      .add("master_tsig_key_ids", Json::array())
      .add("nsec3narrow", false)
      .add("nsec3param", "")
      .add("slave_tsig_key_ids", Json::array())
      .add("soa_edit", "")
      .add("soa_edit_api", zone.soa_edit_api);
  if (rrsets == Rrsets::yes) json.add("rrsets", rrsets_of(zone));
  return json;
}

std::string kind_of(const std::string& text) {
  const std::string kind = base::to_lower(text);
  for (const char* known : {"Master", "Slave", "Producer", "Consumer"}) {
    if (kind == base::to_lower(known)) return known;
  }
  return "Native";
}

}  // namespace

PowerdnsSimulator::Zone* PowerdnsSimulator::find(const std::string& id) {
  std::string name = base::to_lower(decoded(decoded(id, '%'), '='));
  if (name.empty() || name.back() != '.') name += '.';
  const auto found = zones_.find(name);
  return found == zones_.end() ? nullptr : &found->second;
}

void PowerdnsSimulator::set_presigned(const std::string& name) {
  const std::lock_guard hold(mutex_);
  zones_.at(name).presigned = true;
}

void PowerdnsSimulator::set_signed(const std::string& name) {
  const std::lock_guard hold(mutex_);
  zones_.at(name).has_keys = true;
}

void PowerdnsSimulator::set_soa_edit_api(const std::string& name, const std::string& rule) {
  const std::lock_guard hold(mutex_);
  zones_.at(name).soa_edit_api = rule;
}

Response PowerdnsSimulator::answer(const Request& request) {
  const std::lock_guard hold(mutex_);
  // Larger ones are turned away before anybody asks in which form.
  if (request.body.size() > options_.max_body) {
    return {400, {{"Content-Type", "text/plain; charset=utf-8"}}, words_of(400)};
  }
  const std::size_t host = request.url.find("://") + 3;
  const std::string target =
      request.url.substr(std::min(request.url.find('/', host), request.url.size()));
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string* key = request.headers.find("X-API-Key");
  if (key == nullptr || *key != options_.key) {
    Response response = plain(401, words_of(401), request);
    response.headers.add("WWW-Authenticate", "X-API-Key realm=\"PowerDNS\"");
    return response;
  }
  try {
    return route(request, target.substr(0, mark),
                 query_of(mark == target.size() ? "" : target.substr(mark + 1)));
  } catch (const Refusal& refused) {
    if (refused.status == 422) return json(422, Json::object({{"error", refused.words}}));
    return plain(refused.status, refused.words, request);
  }
}

Response PowerdnsSimulator::route(const Request& request, const std::string& path,
                                  const Query& query) {
  if (!path.starts_with(kApi)) throw refusal(404);
  const std::string rest = path.substr(kApi.size());
  if (rest.empty() && request.method == Method::get) {
    const std::string self(kApi);
    return json(200, Json::object({{"autoprimaries_url", self + "/autoprimaries{/autoprimary}"},
                                   {"config_url", self + "/config{/config_setting}"},
                                   {"daemon_type", "authoritative"},
                                   {"id", "localhost"},
                                   {"type", "Server"},
                                   {"url", self},
                                   {"version", "4.7.3"},
                                   {"zones_url", self + "/zones{/zone}"}}));
  }
  if (rest == "/zones") return zones(request, query);
  if (!rest.starts_with("/zones/")) throw refusal(404);
  const std::string id = rest.substr(7, rest.find('/', 7) - 7);
  const std::string below = rest.substr(7 + id.size());
  if (request.method == Method::post && below.empty()) throw refusal(405);
  Zone* found = find(id);
  if (found == nullptr) throw refusal(404);
  return zone(request, *found, below, query);
}

Response PowerdnsSimulator::zones(const Request& request, const Query& query) {
  if (request.method == Method::post) return create(request);
  if (request.method != Method::get) throw refusal(405);
  refuse_unknown(query, {"zone", "dnssec"});
  const auto wanted = query.find("zone");
  const auto dnssec = query.find("dnssec");
  Json all = Json::array();
  const std::string name = wanted == query.end() ? "" : canonical(wanted->second);
  for (const auto& [known, zone] : zones_) {
    if (!name.empty() && known != name) continue;
    const bool quick = dnssec != query.end() && dnssec->second == "false";
    all.push(summary(zone, quick ? Dnssec::no : Dnssec::yes));
  }
  return json(200, all);
}

Response PowerdnsSimulator::zone(const Request& request, Zone& zone, const std::string& rest,
                                 const Query& query) {
  if (rest == "/metadata/PRESIGNED" && request.method == Method::get) {
    Json values = Json::array();
    if (zone.presigned) values.push("1");
    return json(
        200, Json::object(
                 {{"kind", "PRESIGNED"}, {"metadata", std::move(values)}, {"type", "Metadata"}}));
  }
  if (!rest.empty()) throw refusal(501);
  switch (request.method) {
    case Method::get: {
      refuse_unknown(query, {"rrsets"});
      const auto rrsets = query.find("rrsets");
      const bool all = rrsets == query.end() || rrsets->second != "false";
      return json(200, detail(zone, all ? Rrsets::yes : Rrsets::no));
    }
    case Method::patch: return patch(zone, request);
    case Method::remove: {
      const std::string name = zone.name;
      zones_.erase(name);
      return {204, {}, {}};
    }
    case Method::put: {
      const Json body = body_of(request);
      if (const Json* kind = body.find("kind")) zone.kind = kind_of(*kind->string());
      return {204, {}, {}};
    }
    default: throw refusal(405);
  }
}

Response PowerdnsSimulator::create(const Request& request) {
  const Json body = body_of(request);
  Zone made;
  made.name = canonical(text_of(body, "name"));
  if (zones_.contains(made.name)) throw refusal(409);
  made.id = id_of(made.name);
  made.kind = kind_of(text_of(body, "kind"));
  if (body.find("zone") != nullptr) throw refusal(501);
  if (const Json* masters = body.find("masters"); is_array(masters)) {
    for (const Json& master : *masters->elements()) made.masters.push_back(*master.string());
  }
  if (const Json* rule = body.find("soa_edit_api")) made.soa_edit_api = *rule->string();
  const auto put = [&](const char* type, const std::string& content) {
    made.sets[{made.name, type}].ttl = 3600;
    made.sets[{made.name, type}].records.push_back({content});
  };
  if (made.kind != "Slave" && made.kind != "Consumer") {
    put("SOA", "a.misconfigured.dns.server.invalid. hostmaster." + made.name + " 0 10800 3600 " +
                   "604800 3600");
  }
  if (const Json* servers = body.find("nameservers"); is_array(servers)) {
    for (const Json& server : *servers->elements()) put("NS", *server.string());
  }
  if (const Json* rrsets = body.find("rrsets"); is_array(rrsets)) {
    for (const Json& rrset : *rrsets->elements()) {
      const std::string name = canonical(text_of(rrset, "name"));
      replace(made, rrset, {name, type_of(name, text_of(rrset, "type"))});
    }
  }
  raise_serial(made);
  const Response response = json(201, detail(made, Rrsets::yes));
  zones_[made.name] = std::move(made);
  return response;
}

Response PowerdnsSimulator::patch(Zone& zone, const Request& request) const {
  const Json body = body_of(request);
  const Json* rrsets = body.find("rrsets");
  if (!is_array(rrsets)) throw unprocessable("No rrsets given in update request");
  Zone changed = zone;
  std::set<std::string> seen;
  bool soa_sent = false;
  for (const Json& rrset : *rrsets->elements()) {
    const std::string change = upper(text_of(rrset, "changetype"));
    const std::string name = canonical(text_of(rrset, "name"));
    check_owner(name);
    const Wanted wanted{name, type_of(name, text_of(rrset, "type"))};
    if (!seen.insert(wanted.text() + change).second) {
      throw unprocessable("Duplicate RRset " + wanted.text() + " with changetype: " + change);
    }
    if (change == "DELETE") {
      changed.sets.erase({wanted.name, wanted.type});
    } else if (change == "REPLACE") {
      replace(changed, rrset, wanted);
      soa_sent = soa_sent || wanted.type == "SOA";
    } else {
      throw unprocessable("Changetype not understood");
    }
  }
  Response response{204, {}, {}};
  const std::int64_t before = serial_of(changed);
  raise_serial(changed);
  if (!soa_sent && serial_of(changed) != before) {
    const std::string serial = std::to_string(serial_of(changed));
    response.headers = {{"X-PDNS-Old-Serial", serial}, {"X-PDNS-New-Serial", serial}};
  }
  zone = std::move(changed);
  return response;
}

/// By the rule DEFAULT: YYYYMMDDnn, or one more where that is not more.
void PowerdnsSimulator::raise_serial(Zone& zone) const {
  auto fields = soa_fields(zone);
  if (fields.size() < 7 || zone.soa_edit_api.empty()) return;
  if (zone.soa_edit_api != "DEFAULT") throw std::logic_error("this rule is not simulated");
  const std::int64_t today = std::int64_t{options_.today} * 100 + 1;
  const std::int64_t serial = serial_of(zone);
  fields[2] = std::to_string(serial >= today ? serial + 1 : today);
  zone.sets[{zone.name, "SOA"}].records.front().content = base::join(fields, " ");
}

}  // namespace mxsmith::conformance
