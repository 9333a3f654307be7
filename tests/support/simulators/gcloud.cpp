#include "support/simulators/gcloud.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;
using http::Method;
using http::Response;

constexpr std::string_view kRoot = "https://dns.example/dns/v1/";

Response json(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, http::print_json(body)};
}

int digit_of(char c) {
  const std::string_view digits = "0123456789abcdef";
  const auto at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 &&
        digit_of(text[i + 2]) >= 0) {
      result += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::map<std::string, std::string> parameters_of(const std::string& text) {
  std::map<std::string, std::string> parameters;
  for (const auto& part : base::split(text, '&')) {
    const auto equals = part.find('=');
    if (part.empty()) continue;
    const bool bare = equals == std::string::npos;
    parameters[decoded(part.substr(0, equals))] = bare ? "" : decoded(part.substr(equals + 1));
  }
  return parameters;
}

/// The API refuses what it does not know.
void refuse_unknown(const std::map<std::string, std::string>& query,
                    const std::set<std::string>& known) {
  static const std::set<std::string> kEverywhere = {"prettyPrint", "fields", "alt"};
  for (const auto& [name, value] : query) {
    if (known.contains(name) || kEverywhere.contains(name)) continue;
    throw GcloudRefusal{400, "badRequest",
                        "Invalid JSON payload received. Unknown name \"" + name +
                            "\": Cannot bind query parameter."};
  }
}

std::string status_word(int status) {
  switch (status) {
    case 400: return "INVALID_ARGUMENT";
    case 401: return "UNAUTHENTICATED";
    case 403: return "PERMISSION_DENIED";
    case 404: return "NOT_FOUND";
    case 409: return "ALREADY_EXISTS";
    case 412: return "FAILED_PRECONDITION";
    case 429: return "RESOURCE_EXHAUSTED";
    default: return "UNKNOWN";
  }
}

Json zone_json(const std::string& id, const std::string& name, const Json::Members& more) {
  Json zone = Json::object({{"kind", "dns#managedZone"},
                            {"id", "4711" + std::to_string(id.size())},
                            {"name", id},
                            {"dnsName", name},
                            {"description", ""},
                            {"creationTime", "2026-11-01T12:00:00.000Z"},
                            {"nameServers", Json::array({"ns-cloud-a1.example."})}});
  for (const auto& [member, value] : more) zone.add(member, value);
  return zone;
}

Json set_json(const GcloudSimulator::Key& key, const GcloudSimulator::Set& set) {
  Json json = Json::object({{"kind", "dns#resourceRecordSet"},
                            {"name", key.first},
                            {"type", key.second},
                            {"ttl", set.ttl}});
  Json rrdatas = Json::array();
  for (const auto& text : set.rrdatas) rrdatas.push(text);
  if (!set.rrdatas.empty()) json.add("rrdatas", std::move(rrdatas));
  if (!set.policy.is_null()) json.add("routingPolicy", set.policy);
  json.add("signatureRrdatas", Json::array());
  return json;
}

}  // namespace

Response gcloud_refusal(const GcloudRefusal& refusal) {
  const Json one = Json::object(
      {{"message", refusal.message}, {"domain", "global"}, {"reason", refusal.reason}});
  return json(refusal.status,
              Json::object({{"error", Json::object({{"code", refusal.status},
                                                    {"message", refusal.message},
                                                    {"errors", Json::array({one})},
                                                    {"status", status_word(refusal.status)}})}}));
}

void GcloudSimulator::make_zone(const std::string& id, const std::string& name,
                                const Json::Members& more) {
  const std::lock_guard hold(state_);
  Zone zone{id, name, more, {}, {}, {}, 0};
  zone.sets[{name, "SOA"}] = {
      21600, {"ns-cloud-a1.example. cloud-dns-hostmaster.example. 1 21600 3600 259200 300"}, {}};
  zone.sets[{name, "NS"}] = {21600, {"ns-cloud-a1.example.", "ns-cloud-a2.example."}, {}};
  zones_[id] = std::move(zone);
}

void GcloudSimulator::put(const std::string& id, const Key& key, Set set) {
  const std::lock_guard hold(state_);
  ++zones_.at(id).writes;
  zones_.at(id).sets[key] = std::move(set);
}

void GcloudSimulator::remove(const std::string& id, const Key& key) {
  const std::lock_guard hold(state_);
  ++zones_.at(id).writes;
  zones_.at(id).sets.erase(key);
}

std::map<GcloudSimulator::Key, GcloudSimulator::Set> GcloudSimulator::sets(
    const std::string& id) const {
  const std::lock_guard hold(state_);
  return zones_.at(id).sets;
}

std::size_t GcloudSimulator::writes(const std::string& id) const {
  const std::lock_guard hold(state_);
  return zones_.at(id).writes;
}

void GcloudSimulator::deny(const std::string& permission) {
  const std::lock_guard hold(state_);
  denied_.insert(permission);
}

void GcloudSimulator::refuse_next(int status, const std::string& reason,
                                  const std::string& message) {
  const std::lock_guard hold(state_);
  refusals_.insert(refusals_.begin(), gcloud_refusal({status, reason, message}));
}

Response GcloudSimulator::respond(const http::Request& request) {
  const std::lock_guard hold(state_);
  try {
    if (is_about_tokens(request)) return respond_with_token(request);
    if (!request.url.starts_with(kRoot)) return {404, {{"Content-Type", "text/html"}}, "<html>"};
    const std::string target = request.url.substr(kRoot.size());
    const std::size_t mark = std::min(target.find('?'), target.size());
    Asked asked{request, {}, {}};
    for (const auto& part : base::split(target.substr(0, mark), '/')) {
      asked.path.push_back(decoded(part));
    }
    if (mark < target.size()) asked.query = parameters_of(target.substr(mark + 1));
    if (given(request) == nullptr) {
      throw GcloudRefusal{401, "authError",
                          "Request had invalid authentication credentials. Expected OAuth 2 access "
                          "token."};
    }
    if (!refusals_.empty()) {
      Response refusal = std::move(refusals_.back());
      refusals_.pop_back();
      return refusal;
    }
    return dispatch(asked);
  } catch (const GcloudRefusal& refusal) {
    return gcloud_refusal(refusal);
  }
}

void GcloudSimulator::demand(const std::string& permission) const {
  if (!denied_.contains(permission)) return;
  throw GcloudRefusal{403, "forbidden",
                      "Required '" + permission + "' permission for 'projects/" + kProject + "'"};
}

/// projects/P[/managedZones[/ZONE[/rrsets | /changes[/ID]]]]
Response GcloudSimulator::dispatch(const Asked& asked) {
  const auto& path = asked.path;
  const Method method = asked.request.method;
  if (path.size() < 2 || path[0] != "projects") throw GcloudRefusal{404, "notFound", "Not Found"};
  if (path[1] != kProject) {
    throw GcloudRefusal{403, "forbidden", "Permission denied on resource project " + path[1] + "."};
  }
  if (path.size() == 2 && method == Method::get) {
    refuse_unknown(asked.query, {});
    return project();
  }
  if (path.size() < 3 || path[2] != "managedZones") {
    throw GcloudRefusal{404, "notFound", "Not Found"};
  }
  if (path.size() == 3 && method == Method::get) return list_zones(asked);
  if (path.size() == 4 && method == Method::post && path[3].ends_with(":testIamPermissions")) {
    return permissions(asked);
  }
  const auto found = zones_.find(path.at(3));
  if (found == zones_.end()) {
    throw GcloudRefusal{
        404, "notFound",
        "The 'parameters.managedZone' resource named '" + path[3] + "' does not exist."};
  }
  const std::string what = path.size() > 4 ? path[4] : "";
  if (what == "rrsets" && path.size() == 5 && method == Method::get) {
    return list_sets(asked, found->second);
  }
  if (what == "changes" && path.size() == 5 && method == Method::post) {
    refuse_unknown(asked.query, {"clientOperationId"});
    return change(asked, found->second);
  }
  if (what == "changes" && path.size() == 6 && method == Method::get) {
    refuse_unknown(asked.query, {"clientOperationId"});
    demand("dns.changes.get");
    return poll(found->second, path[5]);
  }
  throw GcloudRefusal{404, "notFound", "Not Found"};
}

Response GcloudSimulator::project() const {
  demand("dns.projects.get");
  const auto sets = static_cast<std::int64_t>(options_.sets_per_change);
  const auto octets = static_cast<std::int64_t>(options_.octets_per_change);
  return json(200, Json::object({{"kind", "dns#project"},
                                 {"number", "104711"},
                                 {"id", kProject},
                                 {"quota", Json::object({{"kind", "dns#quota"},
                                                         {"managedZones", 10000},
                                                         {"rrsetsPerManagedZone", 10000},
                                                         {"rrsetAdditionsPerChange", sets},
                                                         {"rrsetDeletionsPerChange", sets},
                                                         {"totalRrdataSizePerChange", octets},
                                                         {"resourceRecordsPerRrset", 100}})}}));
}

Response GcloudSimulator::list_zones(const Asked& asked) const {
  refuse_unknown(asked.query, {"dnsName", "maxResults", "pageToken"});
  demand("dns.managedZones.list");
  const auto wanted = asked.query.find("dnsName");
  std::vector<Json> all;
  for (const auto& [id, zone] : zones_) {
    if (wanted != asked.query.end() && wanted->second != zone.name) continue;
    all.push_back(zone_json(id, zone.name, zone.more));
  }
  return page(asked, "dns#managedZonesListResponse", "managedZones", all);
}

Response GcloudSimulator::list_sets(const Asked& asked, const Zone& zone) const {
  refuse_unknown(asked.query, {"maxResults", "pageToken", "name", "type"});
  demand("dns.resourceRecordSets.list");
  std::vector<Json> all;
  for (const auto& [key, set] : zone.sets) all.push_back(set_json(key, set));
  return page(asked, "dns#resourceRecordSetsListResponse", "rrsets", all);
}

Response GcloudSimulator::permissions(const Asked& asked) const {
  const Json body = http::parse_json(asked.request.body, "the question");
  Json allowed = Json::array();
  for (const Json& one : *body.find("permissions")->elements()) {
    if (!denied_.contains(*one.string())) allowed.push(one);
  }
  return json(200, Json::object({{"permissions", std::move(allowed)}}));
}

Response GcloudSimulator::poll(Zone& zone, const std::string& id) {
  const auto found = zone.changes.find(id);
  if (found == zone.changes.end()) {
    throw GcloudRefusal{404, "notFound",
                        "The 'parameters.changeId' resource named '" + id + "' does not exist."};
  }
  Json change = found->second;
  change.add("status", zone.polls[id]-- > 0 ? "pending" : "done");
  return json(200, change);
}

/// The token is the place of the next element, in base64, and holds for this list alone.
Response GcloudSimulator::page(const Asked& asked, const char* kind, const char* member,
                               const std::vector<Json>& all) const {
  std::size_t begin = 0;
  std::size_t most = options_.page;
  if (const auto set = asked.query.find("maxResults"); set != asked.query.end()) {
    std::size_t wanted = 0;
    std::from_chars(set->second.data(), set->second.data() + set->second.size(), wanted);
    if (wanted == 0) throw GcloudRefusal{400, "invalid", "Invalid value for 'maxResults'"};
    most = std::min(most, wanted);
  }
  if (const auto token = asked.query.find("pageToken"); token != asked.query.end()) {
    const std::string place = base::parse_base64(token->second).value_or("");
    const std::string prefix = std::string(member) + ":";
    if (!place.starts_with(prefix)) {
      throw GcloudRefusal{400, "invalid", "Invalid value for 'pageToken'"};
    }
    std::from_chars(place.data() + prefix.size(), place.data() + place.size(), begin);
  }
  Json elements = Json::array();
  const std::size_t end = std::min(begin + most, all.size());
  for (std::size_t i = begin; i < end; ++i) elements.push(all[i]);
  Json body = Json::object({{"kind", kind}, {member, std::move(elements)}});
  if (end < all.size()) {
    body.add("nextPageToken", base::print_base64(std::string(member) + ":" + std::to_string(end)));
  }
  return json(200, body);
}

}  // namespace mxsmith::tests
