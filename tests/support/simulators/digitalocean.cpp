#include "support/simulators/digitalocean.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "support/simulators/digitalocean_records.hpp"

namespace mxsmith::tests {

namespace {

using digitalocean::Refused;
using http::Json;
using http::Method;
using http::Request;
using http::Response;
using Record = DigitaloceanSimulator::Record;
using std::chrono::seconds;

constexpr std::int64_t kUsualTtl = 1800;
constexpr std::size_t kPerHour = 5000;
constexpr std::size_t kPerMinute = 250;

Response json(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, http::print_json(body)};
}

Response error(const Refused& refused) {
  return json(refused.status, Json::object({{"id", refused.id}, {"message", refused.message}}));
}

Refused not_found() {
  return {404, "not_found", "The resource you were accessing could not be found."};
}

Refused bad_request(const std::string& message) { return {400, "bad_request", message}; }

std::string decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::map<std::string, std::string> query_of(const std::string& text) {
  std::map<std::string, std::string> query;
  for (const std::string& part : base::split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string value = equals < part.size() ? part.substr(equals + 1) : "";
    query[decoded(part.substr(0, equals))] = decoded(value);
  }
  return query;
}

std::int64_t number_in(const std::map<std::string, std::string>& query, const std::string& name,
                       std::int64_t usual, std::int64_t most) {
  const auto found = query.find(name);
  if (found == query.end()) return usual;
  std::int64_t value = 0;
  const char* end = found->second.data() + found->second.size();
  const auto read = std::from_chars(found->second.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < 1 || value > most) {
    throw bad_request(name + " is out of range");
  }
  return value;
}

void check_names(const std::map<std::string, std::string>& query,
                 const std::set<std::string>& known) {
  for (const auto& [name, value] : query) {
    if (!known.contains(name)) throw bad_request("unknown parameter " + name);
  }
}

/// One page of `all`, with links as the API gives them: none to what is not there.
Response page_of(const std::string& path, const std::string& member, const Json::Array& all,
                 const std::map<std::string, std::string>& query) {
  const std::int64_t size = number_in(query, "per_page", 20, 200);
  const std::int64_t page = number_in(query, "page", 1, 1000000);
  const auto total = static_cast<std::int64_t>(all.size());
  const std::int64_t last = std::max<std::int64_t>(1, (total + size - 1) / size);
  const auto link = [&](std::int64_t to) {
    return Json(DigitaloceanSimulator::kUrl + path + "?page=" + std::to_string(to) +
                "&per_page=" + std::to_string(size));
  };
  Json pages = Json::object();
  if (page > 1) pages.add("first", link(1)).add("prev", link(page - 1));
  if (page < last) pages.add("next", link(page + 1)).add("last", link(last));
  Json::Array part;
  for (std::int64_t i = (page - 1) * size; i < std::min(total, page * size); ++i) {
    part.push_back(all[static_cast<std::size_t>(i)]);
  }
  Json links = Json::object();
  if (last > 1) links.add("pages", std::move(pages));
  return json(200, Json::object({{member, Json::array(std::move(part))},
                                 {"links", std::move(links)},
                                 {"meta", Json::object({{"total", total}})}}));
}

Json body_of(const Request& request) {
  const std::string* type = request.headers.find("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) {
    throw bad_request("the content is no JSON");
  }
  try {
    Json body = http::parse_json(request.body, "request");
    if (body.members() != nullptr) return body;
  } catch (const base::Error&) {
    // The same as no object.
  }
  throw bad_request("the body cannot be parsed");
}

Json domain_json(const std::string& name) {
  return Json::object(
      {{"name", name}, {"ttl", kUsualTtl}, {"zone_file", "$ORIGIN " + name + ".\n$TTL 1800\n"}});
}

bool is_write(const Request& request) { return request.method != Method::get; }

}  // namespace

void DigitaloceanSimulator::add_zone(const std::string& name) {
  zones_[name];
  plant(name, {0, "SOA", "@", "1800", kUsualTtl, {}, {}});
  for (const char* server : {"ns1", "ns2", "ns3"}) {
    plant(name, {0, "NS", "@", server + std::string(".digitalocean.com"), kUsualTtl, {}, {}});
  }
}

std::int64_t DigitaloceanSimulator::plant(const std::string& zone_name, Record record) {
  record.id = next_id_++;
  zone(zone_name).records.push_back(std::move(record));
  return next_id_ - 1;
}

DigitaloceanSimulator::Zone& DigitaloceanSimulator::zone(const std::string& name) {
  const auto found = zones_.find(name);
  if (found == zones_.end()) throw not_found();
  return found->second;
}

void DigitaloceanSimulator::need(const std::vector<std::string>& any_of) const {
  const bool has = std::any_of(any_of.begin(), any_of.end(), [&](const std::string& scope) {
    return options_.scopes.contains(scope);
  });
  if (!has) throw Refused{403, "forbidden", "You are not authorized to perform this operation"};
}

http::Headers DigitaloceanSimulator::rate_headers() const {
  const std::size_t left = kPerHour - std::min(kPerHour, asked_.size());
  const auto reset = asked_.empty() ? seconds(0) : asked_.front() + seconds(3600);
  return {{"ratelimit-limit", std::to_string(kPerHour)},
          {"ratelimit-remaining", std::to_string(options_.now ? left : kPerHour - 1)},
          {"ratelimit-reset", std::to_string(reset.count())}};
}

/// What is refused counts as well.
std::optional<Response> DigitaloceanSimulator::refused_for_haste() {
  if (!options_.now) return std::nullopt;
  const seconds now = options_.now();
  while (!asked_.empty() && asked_.front() + seconds(3600) <= now) asked_.pop_front();
  const bool hour = asked_.size() >= kPerHour;
  const bool minute =
      asked_.size() >= kPerMinute && asked_[asked_.size() - kPerMinute] + seconds(60) > now;
  if (!hour && !minute) {
    asked_.push_back(now);
    return std::nullopt;
  }
  Response response = error({429, "too_many_requests", "API rate limit exceeded."});
  if (minute && !hour) response.headers.add("retry-after", "60");
  return response;
}

Response DigitaloceanSimulator::respond(const Request& request) {
  std::optional<Response> response = refused_for_haste();
  if (!response) {
    try {
      const std::string* credential = request.headers.find("Authorization");
      if (credential == nullptr || *credential != "Bearer " + options_.token) {
        throw Refused{401, "unauthorized", "Unable to authenticate you."};
      }
      const std::size_t begin = request.url.find('/', request.url.find("://") + 3);
      const std::size_t end = std::min(request.url.find('?'), request.url.size());
      const std::string query = end < request.url.size() ? request.url.substr(end + 1) : "";
      response = route(request, request.url.substr(begin, end - begin), query_of(query));
      if (is_write(request)) ++writes_;
    } catch (const Refused& refused) {
      response = error(refused);
    }
  }
  const http::Headers rate = rate_headers();
  for (const auto& [name, value] : rate.fields()) response->headers.add(name, value);
  return *response;
}

Response DigitaloceanSimulator::route(const Request& request, const std::string& path,
                                      const Query& query) {
  const auto parts = base::split(path, '/');
  if (parts.size() < 3 || parts[1] != "v2" || parts[2] != "domains") throw not_found();
  if (parts.size() == 3) return domains(request, query);
  const std::string name = decoded(parts[3]);
  if (parts.size() == 4) return domain(request, name);
  if (parts[4] != "records" || parts.size() > 6) throw not_found();
  return parts.size() == 5 ? records(request, name, query) : record(request, name, parts[5]);
}

Response DigitaloceanSimulator::domains(const Request& request, const Query& query) {
  if (request.method == Method::get) {
    need({"domain:read"});
    check_names(query, {"page", "per_page"});
    Json::Array all;
    for (const auto& [name, zone] : zones_) all.push_back(domain_json(name));
    return page_of("/v2/domains", "domains", all, query);
  }
  if (request.method != Method::post) throw not_found();
  need({"domain:create"});
  const Json body = body_of(request);
  const Json* name = body.find("name");
  if (name == nullptr || name->string() == nullptr || name->string()->ends_with('.')) {
    throw digitalocean::unprocessable("Name is not a valid domain name");
  }
  const std::string& text = *name->string();
  if (zones_.contains(text)) throw digitalocean::unprocessable("Name already exists");
  add_zone(text);
  return json(201, Json::object({{"domain", domain_json(text)}}));
}

Response DigitaloceanSimulator::domain(const Request& request, const std::string& name) {
  if (request.method == Method::get) {
    need({"domain:read"});
    zone(name);
    return json(200, Json::object({{"domain", domain_json(name)}}));
  }
  if (request.method != Method::remove) throw not_found();
  need({"domain:delete"});
  zone(name);
  zones_.erase(name);
  return {204, {}, {}};
}

Response DigitaloceanSimulator::records(const Request& request, const std::string& name,
                                        const Query& query) {
  if (request.method == Method::get) {
    need({"domain:read"});
    check_names(query, {"page", "per_page", "type", "name"});
    Json::Array all;
    for (const Record& one : zone(name).records) {
      const auto type = query.find("type");
      const auto owner = query.find("name");
      const std::string full = one.name == "@" ? name : one.name + "." + name;
      if (type != query.end() && type->second != one.type) continue;
      if (owner != query.end() && owner->second != full) continue;
      all.push_back(digitalocean::print_record(one));
    }
    return page_of("/v2/domains/" + name + "/records", "domain_records", all, query);
  }
  if (request.method != Method::post) throw not_found();
  need({"domain:create", "domain:update"});
  Zone& place = zone(name);
  Record made = digitalocean::read_record(body_of(request), name, nullptr);
  digitalocean::check_beside(made, place.records);
  made.id = next_id_++;
  place.records.push_back(made);
  return json(201, Json::object({{"domain_record", digitalocean::print_record(made)}}));
}

Response DigitaloceanSimulator::record(const Request& request, const std::string& name,
                                       const std::string& id) {
  Zone& place = zone(name);
  const auto found = std::find_if(place.records.begin(), place.records.end(),
                                  [&](const Record& one) { return std::to_string(one.id) == id; });
  switch (request.method) {
    case Method::get: need({"domain:read"}); break;
    case Method::remove: need({"domain:delete", "domain:update"}); break;
    case Method::put:
    case Method::patch: need({"domain:update"}); break;
    default: throw not_found();
  }
  if (found == place.records.end()) throw not_found();
  if (request.method == Method::remove) {
    if (found->type == "SOA") throw digitalocean::unprocessable("SOA records cannot be deleted");
    place.records.erase(found);
    return {204, {}, {}};
  }
  if (request.method != Method::get) {
    const Record changed = digitalocean::read_record(body_of(request), name, &*found);
    digitalocean::check_beside(changed, place.records);
    *found = changed;
  }
  return json(200, Json::object({{"domain_record", digitalocean::print_record(*found)}}));
}

}  // namespace mxsmith::tests
