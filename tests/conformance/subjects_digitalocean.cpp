// DigitalOcean: the simulator.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/subject.hpp"
#include "http/json.hpp"
#include "providers/digitalocean/digitalocean.hpp"
#include "support/powerdns_server.hpp"
#include "support/process.hpp"
#include "support/simulators/digitalocean.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;
using http::Method;
using tests::DigitaloceanSimulator;

const char* const kWrongToken = "token-of-somebody-else";

const std::string& text(const Json& object, const char* member) {
  return *object.find(member)->string();
}

std::int64_t number(const Json& object, const char* member) {
  return *object.find(member)->integer();
}

std::string label_of(const dns::Name& zone) {
  std::string label = zone.text();
  label.pop_back();
  return label;
}

/// A host as the API gives it.
dns::Name host_in(const Json& record, const dns::Name& zone) {
  const std::string& data = text(record, "data");
  return data == "@" ? zone : *dns::Name::parse_absolute(data);
}

dns::Rdata value_in(const Json& record, dns::Type type, const dns::Name& zone) {
  const auto half = [&](const char* member) {
    return static_cast<std::uint16_t>(number(record, member));
  };
  switch (type) {
    case dns::Type::MX: return dns::Mx{half("priority"), host_in(record, zone)};
    case dns::Type::CNAME: return dns::Cname{host_in(record, zone)};
    case dns::Type::NS: return dns::Ns{host_in(record, zone)};
    case dns::Type::SRV:
      return dns::Srv{half("priority"), half("weight"), half("port"), host_in(record, zone)};
    case dns::Type::TXT: return dns::Txt{text(record, "data")};
    case dns::Type::CAA:
      return dns::Caa{static_cast<std::uint8_t>(number(record, "flags")),
                      dns::SharedOctets(text(record, "tag")), text(record, "data")};
    default: return *dns::parse_rdata(type, text(record, "data"), zone);
  }
}

/// What the API has to be told for a value in presentation form; what is not written in any other
/// way stays as it is spelled.
Json body_of(const dns::Key& key, std::uint32_t ttl, const std::string& value,
             const dns::Name& zone) {
  Json body = Json::object({{"type", dns::type_name(key.type)},
                            {"name", key.name.text_relative_to(zone)},
                            {"ttl", ttl}});
  const auto parsed = *dns::parse_rdata(key.type, value, dns::Name());
  const auto with_dot = [](std::string host) { return host.ends_with('.') ? host : host + "."; };
  if (const auto* mx = std::get_if<dns::Mx>(&parsed)) {
    const std::string host = value.substr(value.rfind(' ') + 1);
    return body.add("priority", int{mx->preference}).add("data", with_dot(host));
  }
  if (const auto* srv = std::get_if<dns::Srv>(&parsed)) {
    body.add("priority", int{srv->priority}).add("weight", int{srv->weight});
    return body.add("port", int{srv->port}).add("data", srv->target.text());
  }
  if (const auto* txt = std::get_if<dns::Txt>(&parsed)) return body.add("data", txt->octets);
  if (const auto* caa = std::get_if<dns::Caa>(&parsed)) {
    body.add("flags", int{caa->flags}).add("tag", std::string(caa->tag.view()));
    return body.add("data", caa->value + ".");
  }
  const bool host = key.type == dns::Type::CNAME || key.type == dns::Type::NS;
  return body.add("data", host ? with_dot(value) : value);
}

class DigitaloceanSubject final : public Subject {
 public:
  [[nodiscard]] std::string name() const override { return "digitalocean"; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    return providers::digitalocean_info();
  }
  [[nodiscard]] std::string account(Access access) const override {
    const bool right = access != Access::wrong_secret;
    const auto token = folder_.write("token", right ? simulator_.token() : kWrongToken);
    const std::string url = access == Access::nobody_there
                                ? "http://127.0.0.1:" + std::to_string(tests::free_port())
                                : DigitaloceanSimulator::kUrl;
    return "url = \"" + url + "\"\ntoken = {file = \"" + token.string() + "\"}\n";
  }
  [[nodiscard]] bool speaks_http() const override { return true; }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() const override {
    return simulator_.transport({DigitaloceanSimulator::kUrl});
  }
  [[nodiscard]] std::vector<std::string> secrets() const override { return {simulator_.token()}; }
  [[nodiscard]] http::Response refusal_of(const dns::Key&) const override {
    return {422,
            {{"Content-Type", "application/json"}},
            R"x({"id":"unprocessable_entity","message":"Data needs to end with a dot (.)"})x"};
  }

  void make_zone(const dns::Name& zone) override {
    ask(Method::remove, "/v2/domains/" + label_of(zone), {});
    must(201, Method::post, "/v2/domains", Json::object({{"name", label_of(zone)}}));
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    for (const Json& record : elements(zone)) {
      if (is_of(record, set.key, zone)) {
        const std::string id = std::to_string(number(record, "id"));
        must(204, Method::remove, path(zone) + "/" + id, {});
      }
    }
    for (const std::string& value : set.values) {
      // What nobody can store there, nobody has stored there.
      const auto parsed = dns::parse_rdata(set.key.type, value, dns::Name());
      const auto* txt = std::get_if<dns::Txt>(&*parsed);
      const plan::Traits traits = info().traits;
      if (txt != nullptr && txt->octets.size() > traits.max_txt_octets) continue;
      if (traits.stores(set.key.type)) {
        must(201, Method::post, path(zone), body_of(set.key, set.ttl, value, zone));
      } else {
        simulator_.plant(label_of(zone), {0,
                                          dns::type_name(set.key.type),
                                          set.key.name.text_relative_to(zone),
                                          value,
                                          set.ttl,
                                          {},
                                          {}});
      }
    }
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const Json& record : elements(zone)) {
      const dns::Type type = *dns::parse_type(text(record, "type"));
      if (!info().traits.stores(type)) continue;
      all.add(*dns::Name::parse(text(record, "name"), zone), type,
              static_cast<std::uint32_t>(number(record, "ttl")), value_in(record, type, zone));
    }
    return all;
  }
  std::string mark(const dns::Name&) override { return std::to_string(simulator_.writes()); }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::vector<std::string>> parts;
    for (const Json& record : elements(zone)) {
      parts[key_of(record, zone)].push_back(http::print_json(record));
    }
    std::map<dns::Key, std::string> all;
    for (auto& [key, records] : parts) {
      std::sort(records.begin(), records.end());
      for (const std::string& record : records) all[key].append(record).append(" ");
    }
    return all;
  }

 private:
  static std::string path(const dns::Name& zone) {
    return "/v2/domains/" + label_of(zone) + "/records";
  }
  static dns::Key key_of(const Json& record, const dns::Name& zone) {
    return {*dns::Name::parse(text(record, "name"), zone), *dns::parse_type(text(record, "type"))};
  }
  static bool is_of(const Json& record, const dns::Key& key, const dns::Name& zone) {
    return key_of(record, zone) == key;
  }
  http::Response ask(Method method, const std::string& target, const Json& body) {
    http::Request request;
    request.method = method;
    request.url = DigitaloceanSimulator::kUrl + target;
    request.headers = {{"Authorization", "Bearer " + simulator_.token()}};
    if (!body.is_null()) {
      request.headers.add("Content-Type", "application/json");
      request.body = http::print_json(body);
    }
    return simulator_.answer(request);
  }
  Json must(int status, Method method, const std::string& target, const Json& body) {
    const http::Response response = ask(method, target, body);
    const std::string answer = response.body.text();
    if (response.status != status) {
      throw std::runtime_error(std::string(http::method_name(method)) + " " + target + " got " +
                               std::to_string(response.status) + ": " + answer + " for " +
                               http::print_json(body));
    }
    return answer.empty() ? Json() : http::parse_json(answer, target);
  }
  Json::Array elements(const dns::Name& zone) {
    Json::Array all;
    for (int page = 1;; ++page) {
      const Json answer =
          must(200, Method::get, path(zone) + "?per_page=200&page=" + std::to_string(page), {});
      const Json::Array& some = *answer.find("domain_records")->elements();
      all.insert(all.end(), some.begin(), some.end());
      if (some.size() < 200) return all;
    }
  }

  mutable DigitaloceanSimulator simulator_;
  tests::TemporaryDirectory folder_;
};

}  // namespace

std::vector<SubjectEntry> digitalocean_subjects() {
  return {
      {"digitalocean", "[digitalocean]", [] { return std::make_unique<DigitaloceanSubject>(); }}};
}

}  // namespace mxsmith::conformance
