#include "support/simulators/cloudflare.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;
using http::Response;
using Record = CloudflareSimulator::Record;
using Refusal = CloudflareRefusal;

/// The edge adds these to every answer.
Response answered(int status, const Json& body) {
  return {status,
          {{"Content-Type", "application/json"},
           {"CF-Ray", "8f0000000000abcd-FRA"},
           {"Ratelimit", "\"default\";r=1100;t=200"},
           {"Ratelimit-Policy", "\"default\";q=1200;w=300"}},
          http::print_json(body)};
}

Response refused(const Refusal& refusal, const std::string& pointer = {}) {
  Json error = Json::object({{"code", refusal.code}, {"message", refusal.message}});
  if (!pointer.empty()) error.add("source", Json::object({{"pointer", pointer}}));
  if (!refusal.detail.empty()) {
    error.add("error_chain",
              Json::array({Json::object({{"code", 9000}, {"message", refusal.detail}})}));
  }
  return answered(refusal.status, Json::object({{"success", false},
                                                {"errors", Json::array({std::move(error)})},
                                                {"messages", Json::array()},
                                                {"result", Json()}}));
}

Json succeeded(Json result) {
  return Json::object({{"success", true},
                       {"errors", Json::array()},
                       {"messages", Json::array()},
                       {"result", std::move(result)}});
}

std::string moment(std::uint64_t count) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "2026-12-05T16:%02u:%02u.%06uZ",
                static_cast<unsigned>(count / 60 % 60), static_cast<unsigned>(count % 60),
                static_cast<unsigned>(count % 1000000));
  return text.data();
}

std::string percent_decoded(const std::string& text) {
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

/// Members of a query; a name that is not `known` is an error here, where the real one ignores it.
void check_names(const std::map<std::string, std::string>& query,
                 const std::set<std::string>& known) {
  for (const auto& [name, value] : query) {
    if (!known.contains(name)) throw Refusal{400, 1004, "unknown parameter " + name, {}};
  }
}

std::size_t number_in(const std::map<std::string, std::string>& query, const std::string& name,
                      std::size_t usual, std::size_t least, std::size_t most) {
  const auto found = query.find(name);
  if (found == query.end()) return usual;
  std::size_t number = 0;
  for (const char digit : found->second) {
    if (digit < '0' || digit > '9' || number > most) {
      throw Refusal{400, 1004, "Invalid value of " + name, {}};
    }
    number = number * 10 + static_cast<std::size_t>(digit - '0');
  }
  if (number < least || number > most) throw Refusal{400, 1004, "Invalid value of " + name, {}};
  return number;
}

void check_choice(const std::map<std::string, std::string>& query, const std::string& name,
                  const std::set<std::string>& choices) {
  const auto found = query.find(name);
  if (found != query.end() && !choices.contains(found->second)) {
    throw Refusal{400, 1004, "Invalid value of " + name, {}};
  }
}

Json printed(const CloudflareSimulator::Zone& zone) {
  const auto& told = zone.told;
  const bool paid = told.plan != "free";
  return Json::object(
      {{"id", zone.id},
       {"name", told.name},
       {"status", told.status},
       {"paused", false},
       {"type", told.type},
       {"development_mode", 0},
       {"name_servers", Json::array({"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"})},
       {"original_name_servers", Json::array({"ns1.example.net"})},
       {"original_registrar", Json()},
       {"original_dnshost", Json()},
       {"created_on", moment(0)},
       {"modified_on", moment(0)},
       {"activated_on", moment(0)},
       {"meta", Json::object({{"step", 2}, {"page_rule_quota", 3}, {"phishing_detected", false}})},
       {"owner",
        Json::object(
            {{"id", "00000000000000000000000000000000"}, {"name", "Kim"}, {"type", "user"}})},
       {"account", Json::object({{"id", told.account}, {"name", "Account " + told.account}})},
       {"permissions", Json::array({"#dns_records:edit", "#dns_records:read", "#zone:read"})},
       {"plan", Json::object({{"id", "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
                              {"name", told.plan},
                              {"legacy_id", told.plan},
                              {"is_subscribed", paid}})}});
}

}  // namespace

Json Record::print() const {
  Json json = Json::object({{"id", id}, {"type", type}, {"name", name}, {"content", content}});
  if (priority) json.add("priority", *priority);
  if (!data.is_null()) json.add("data", data);
  Json all = Json::array();
  for (const auto& tag : tags) all.push(tag);
  json.add("proxiable", type == "A" || type == "AAAA" || type == "CNAME");
  json.add("proxied", proxied);
  json.add("ttl", ttl);
  json.add("settings", settings);
  json.add("meta", meta);
  json.add("comment", comment.empty() ? Json() : Json(comment));
  json.add("tags", std::move(all));
  json.add("created_on", moment(0));
  json.add("modified_on", moment(modified));
  return json;
}

std::string CloudflareSimulator::next_id() {
  std::array<char, 40> id{};
  std::snprintf(id.data(), id.size(), "%032llx", static_cast<unsigned long long>(++last_id_));
  return id.data();
}

std::string CloudflareSimulator::add_zone(NewZone told) {
  const std::lock_guard hold(state_);
  zones_.push_back({std::move(told), next_id(), {}, 0});
  return zones_.back().id;
}

void CloudflareSimulator::remove_zones(const std::string& name) {
  const std::lock_guard hold(state_);
  std::erase_if(zones_, [&](const Zone& zone) { return zone.told.name == name; });
}

CloudflareSimulator::Zone CloudflareSimulator::zone(const std::string& id) const {
  const std::lock_guard hold(state_);
  return *std::find_if(zones_.begin(), zones_.end(),
                       [&](const Zone& zone) { return zone.id == id; });
}

CloudflareSimulator::Zone* CloudflareSimulator::find_zone(const std::string& id) {
  const auto found =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& zone) { return zone.id == id; });
  return found == zones_.end() ? nullptr : &*found;
}

void CloudflareSimulator::put_as_it_is(const std::string& zone, Record record) {
  const std::lock_guard hold(state_);
  record.id = next_id();
  find_zone(zone)->records.push_back(std::move(record));
}

void CloudflareSimulator::make_read_only(const std::string& zone, const std::string& name,
                                         const std::string& type, const Json& meta) {
  const std::lock_guard hold(state_);
  for (Record& record : find_zone(zone)->records) {
    if (record.name == name && record.type == type) record.meta = meta;
  }
}

void CloudflareSimulator::adorn(const std::string& zone, const std::string& name,
                                const std::string& type, const std::string& comment,
                                const std::vector<std::string>& tags) {
  const std::lock_guard hold(state_);
  for (Record& record : find_zone(zone)->records) {
    if (record.name != name || record.type != type) continue;
    record.comment = comment;
    record.tags = tags;
    record.settings = Json::object({{"ipv4_only", true}});
  }
}

/// One kind of credential, in the right fields; nothing when it is good.
std::optional<Response> CloudflareSimulator::refusal(const http::Request& request) const {
  const std::string* bearer = request.headers.find("Authorization");
  const std::string* email = request.headers.find("X-Auth-Email");
  const std::string* key = request.headers.find("X-Auth-Key");
  if (bearer != nullptr && (email != nullptr || key != nullptr)) {
    return refused({400, 6003, "Invalid request headers", "two kinds of credentials"});
  }
  if (bearer != nullptr) {
    if (!bearer->starts_with("Bearer ")) {
      return refused(
          {400, 6003, "Invalid request headers", "Invalid format for Authorization header"});
    }
    if (*bearer == "Bearer " + options_.token) return std::nullopt;
    return refused({403, 9109, "Invalid access token", {}});
  }
  if (email == nullptr || key == nullptr) {
    return refused({400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers", {}});
  }
  if (*email == options_.email && *key == options_.key) return std::nullopt;
  return refused({403, 9103, "Unknown X-Auth-Key or X-Auth-Email", {}});
}

Response CloudflareSimulator::respond(const http::Request& request) {
  const std::lock_guard hold(state_);
  if (throttled_ != 0) {
    --throttled_;
    Response response = refused({429, 10000, "Rate limited. Please wait", {}});
    response.headers.add("Retry-After", "120");
    return response;
  }
  if (auto no = refusal(request)) return *no;
  const std::string target = request.url.substr(std::string(kBase).size());
  const std::size_t mark = std::min(target.find('?'), target.size());
  Query query;
  if (mark < target.size()) {
    for (const std::string& part : base::split(target.substr(mark + 1), '&')) {
      const std::size_t equals = std::min(part.find('='), part.size());
      const std::string value = equals < part.size() ? part.substr(equals + 1) : "";
      query[part.substr(0, equals)] = percent_decoded(value);
    }
  }
  try {
    return route(request, target.substr(0, mark), query);
  } catch (const Refusal& no) {
    return refused(no);
  } catch (const base::Error& error) {
    return refused({400, 9207, "Request body is invalid.", error.what()});
  }
}

Response CloudflareSimulator::route(const http::Request& request, const std::string& path,
                                    const Query& query) {
  const bool reads = request.method == http::Method::get;
  if (reads && path == "/user/tokens/verify") {
    return answered(200, succeeded(Json::object(
                             {{"id", "ed17574386854bf78a67040be0a770b0"}, {"status", "active"}})));
  }
  if (reads && path == "/zones") return zones(query);
  constexpr std::string_view kZones = "/zones/";
  if (!path.starts_with(kZones)) throw Refusal{404, 7000, "No route for that URI", {}};
  const std::size_t end = std::min(path.find('/', kZones.size()), path.size());
  Zone* zone = find_zone(path.substr(kZones.size(), end - kZones.size()));
  const std::string rest = path.substr(end);
  if (zone == nullptr) {
    throw Refusal{404,
                  7003,
                  "Could not route to " + path +
                      ", perhaps your object identifier is "
                      "invalid?",
                  {}};
  }
  if (reads && rest == "/dns_records") return records(*zone, query);
  if (request.method == http::Method::post && rest == "/dns_records/batch") {
    return batch(*zone, request);
  }
  throw Refusal{405, 10405, "Method not allowed for this authentication scheme", {}};
}

Response CloudflareSimulator::page(std::vector<Json> items, const Query& query, std::size_t usual,
                                   std::size_t most) const {
  std::size_t size = number_in(query, "per_page", usual, 5, most);
  if (options_.page_cap != 0) size = std::min(size, options_.page_cap);
  const std::size_t number = number_in(query, "page", 1, 1, 1000000);
  Json result = Json::array();
  for (std::size_t i = (number - 1) * size; i < std::min(number * size, items.size()); ++i) {
    result.push(std::move(items[i]));
  }
  Json info = Json::object({{"page", static_cast<std::int64_t>(number)},
                            {"per_page", static_cast<std::int64_t>(size)},
                            {"count", static_cast<std::int64_t>(result.elements()->size())},
                            {"total_count", static_cast<std::int64_t>(items.size())}});
  if (options_.counts_pages) {
    info.add("total_pages", static_cast<std::int64_t>((items.size() + size - 1) / size));
  }
  Json body = succeeded(std::move(result));
  body.add("result_info", std::move(info));
  return answered(200, body);
}

Response CloudflareSimulator::zones(const Query& query) const {
  check_names(query, {"name", "status", "account.id", "account.name", "page", "per_page", "order",
                      "direction", "match", "type"});
  check_choice(query, "order", {"name", "status", "account.id", "account.name"});
  check_choice(query, "direction", {"asc", "desc"});
  if (!options_.may_list_zones) throw Refusal{403, 10000, "Authentication error", {}};
  std::vector<Json> items;
  for (const Zone& zone : zones_) {
    const auto wanted = [&](const std::string& name, const std::string& value) {
      const auto found = query.find(name);
      return found == query.end() || found->second == value;
    };
    if (wanted("name", zone.told.name) && wanted("account.id", zone.told.account) &&
        wanted("status", zone.told.status)) {
      items.push_back(printed(zone));
    }
  }
  return page(std::move(items), query, 20, 50);
}

Response CloudflareSimulator::records(const Zone& zone, const Query& query) const {
  check_names(query, {"page", "per_page", "order", "direction"});
  check_choice(query, "order", {"type", "name", "content", "ttl", "proxied"});
  check_choice(query, "direction", {"asc", "desc"});
  std::vector<const Record*> sorted;
  for (const Record& record : zone.records) sorted.push_back(&record);
  const auto order = query.find("order");
  const bool by_name = order != query.end() && order->second == "name";
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Record* a, const Record* b) {
    return by_name ? a->name < b->name : a->type < b->type;
  });
  std::vector<Json> items;
  items.reserve(sorted.size());
  for (const Record* record : sorted) {
    items.push_back(record->print());
    if (!options_.older_members) continue;
    items.back().add("locked", false).add("zone_id", zone.id).add("zone_name", zone.told.name);
  }
  return page(std::move(items), query, 100, 50000);
}

namespace {

/// A batch at work on a copy of the records.
class Transaction {
 public:
  Transaction(CloudflareSimulator::Zone zone, std::uint64_t now)
      : zone_(std::move(zone)), now_(now) {}

  void remove(const Json& element) {
    check_members(element, {"id"});
    Record& record = known(element);
    const Record gone = record;
    std::erase_if(zone_.records, [&](const Record& one) { return one.id == gone.id; });
    if (gone.type == "NS" && !has(gone.name, "NS") && has(gone.name, "DS")) {
      throw Refusal{400, 81059, "NS records cannot go while DS records need them", {}};
    }
    done_.push(gone.print());
  }
  void patch(const Json& element) {
    Record& record = known(element);
    cloudflare_assign(record, element, zone_.told, false);
    finish(record);
  }
  void put(const Json& element) {
    Record& record = known(element);
    Record fresh;
    fresh.id = record.id;
    fresh.type = record.type;
    cloudflare_assign(fresh, element, zone_.told, true);
    record = std::move(fresh);
    finish(record);
  }
  void post(const Json& element, std::string id) {
    Record record;
    cloudflare_assign(record, element, zone_.told, true);
    record.id = std::move(id);
    zone_.records.push_back(std::move(record));
    finish(zone_.records.back());
  }
  Json take_done() { return std::exchange(done_, Json::array()); }
  std::vector<Record> take_records() { return std::move(zone_.records); }

 private:
  static void check_members(const Json& element, const std::set<std::string>& names) {
    if (element.members() == nullptr) throw Refusal{400, 9207, "Request body is invalid.", {}};
    for (const auto& [name, value] : *element.members()) {
      if (!names.contains(name)) throw Refusal{400, 9207, "unknown member " + name, {}};
    }
  }
  [[nodiscard]] bool has(const std::string& name, const std::string& type) const {
    return std::any_of(zone_.records.begin(), zone_.records.end(),
                       [&](const Record& one) { return one.name == name && one.type == type; });
  }
  Record& known(const Json& element) {
    const Json* id = element.find("id");
    if (id == nullptr || id->string() == nullptr) {
      throw Refusal{400, 9207, "an element has no id", {}};
    }
    const auto found =
        std::find_if(zone_.records.begin(), zone_.records.end(),
                     [&](const Record& record) { return record.id == *id->string(); });
    if (found == zone_.records.end()) throw Refusal{404, 81044, "Record does not exist.", {}};
    const Json* read_only = found->meta.find("read_only");
    if (read_only != nullptr && *read_only->boolean()) {
      throw Refusal{400, 1046, "This record is read only", {}};
    }
    return *found;
  }
  void finish(Record& record) {
    cloudflare_check_neighbours(record, zone_.records, zone_.told);
    record.modified = now_;
    done_.push(record.print());
  }

  CloudflareSimulator::Zone zone_;
  std::uint64_t now_;
  Json done_ = Json::array();
};

}  // namespace

Response CloudflareSimulator::batch(Zone& zone, const http::Request& request) {
  const std::string* type = request.headers.find("Content-Type");
  if (type == nullptr || *type != "application/json") {
    throw Refusal{415, 1004, "Content-Type must be application/json", {}};
  }
  if (zone.told.type == "secondary") {
    throw Refusal{400, 1004, "records of a secondary zone cannot be changed", {}};
  }
  const Json body = http::parse_json(request.body, "the batch");
  constexpr std::array<const char*, 4> kLists = {"deletes", "patches", "puts", "posts"};
  std::size_t operations = 0;
  if (body.members() == nullptr) throw Refusal{400, 9207, "Request body is invalid.", {}};
  for (const auto& [name, list] : *body.members()) {
    if (std::find(kLists.begin(), kLists.end(), name) == kLists.end() ||
        list.elements() == nullptr) {
      throw Refusal{400, 9207, "unknown member " + name, {}};
    }
    operations += list.elements()->size();
  }
  const std::size_t most = zone.told.plan == "free" ? 200 : 3500;
  if (operations == 0 || operations > most) {
    throw Refusal{400, 1004, "a batch has 1 to " + std::to_string(most) + " operations", {}};
  }
  Transaction transaction(zone, ++now_);
  Json result = Json::object();
  for (const char* name : kLists) {
    const Json* list = body.find(name);
    const std::size_t count = list == nullptr ? 0 : list->elements()->size();
    for (std::size_t i = 0; i < count; ++i) {
      const Json& element = (*list->elements())[i];
      try {
        if (name == kLists[0]) transaction.remove(element);
        if (name == kLists[1]) transaction.patch(element);
        if (name == kLists[2]) transaction.put(element);
        if (name == kLists[3]) transaction.post(element, next_id());
      } catch (const Refusal& no) {
        const std::string place = std::string("/") + name + "/" + std::to_string(i);
        return refused(no, options_.tells_where ? place : "");
      }
    }
    result.add(name, transaction.take_done());
  }
  zone.records = transaction.take_records();
  ++zone.writes;
  return answered(200, succeeded(std::move(result)));
}

}  // namespace mxsmith::tests
