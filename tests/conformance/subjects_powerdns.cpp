// PowerDNS: the simulator, and the real server. Both are told the same things over the same API.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/powerdns_simulator.hpp"
#include "conformance/subject.hpp"
#include "http/json.hpp"
#include "provider/plugin.hpp"
#include "providers/powerdns/powerdns.hpp"
#include "support/powerdns_server.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;

const char* const kWrongKey = "wrong-key-of-somebody";
const char* const kZones = "/api/v1/servers/localhost/zones";

/// What the tests themselves ask of a server.
class PowerdnsApi {
 public:
  virtual ~PowerdnsApi() = default;
  virtual std::pair<int, std::string> ask(http::Method method, const std::string& target,
                                          const std::string& body) = 0;
  [[nodiscard]] virtual std::string url() const = 0;
  [[nodiscard]] virtual std::string key() const = 0;
  [[nodiscard]] virtual std::unique_ptr<http::Transport> transport() = 0;
};

class Simulated final : public PowerdnsApi {
 public:
  std::pair<int, std::string> ask(http::Method method, const std::string& target,
                                  const std::string& body) override {
    http::Request request;
    request.method = method;
    request.url = url() + target;
    request.headers = {{"X-API-Key", key()}, {"Accept", "application/json"}};
    request.body = body;
    const http::Response response = simulator_.answer(request);
    return {response.status, response.body.text()};
  }
  [[nodiscard]] std::string url() const override { return "http://powerdns.example:8081"; }
  [[nodiscard]] std::string key() const override { return simulator_.key(); }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() override {
    return http::fake_transport([this](const http::Request& request) {
      if (request.url.starts_with(url())) return simulator_.answer(request);
      throw http::TransportError(base::ErrorKind::unavailable, "nobody listens there",
                                 http::Reached::nothing, base::Effect::none);
    });
  }

 private:
  PowerdnsSimulator simulator_;
};

/// One server for all cases of a process: starting it takes longer than most of them.
tests::PowerdnsServer& the_server() {
  static tests::PowerdnsServer server;
  return server;
}

class Real final : public PowerdnsApi {
 public:
  std::pair<int, std::string> ask(http::Method method, const std::string& target,
                                  const std::string& body) override {
    tests::PowerdnsServer::Message message;
    message.method = http::method_name(method);
    message.target = target;
    message.headers = {{"X-API-Key", key()}, {"Accept", "application/json"}};
    message.body = body;
    const auto answer = the_server().send(message);
    return {answer.status, answer.body};
  }
  [[nodiscard]] std::string url() const override { return the_server().url(); }
  [[nodiscard]] std::string key() const override { return the_server().key(); }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() override {
    return http::curl_transport({});
  }
};

const std::string& text(const Json& object, const char* member) {
  return *object.find(member)->string();
}

/// What the list calls a host without its final dot is a host with it at this server, which takes
/// no other and gives no other.
std::string with_final_dot(dns::Type type, std::string content) {
  const bool host = type == dns::Type::MX || type == dns::Type::CNAME || type == dns::Type::NS;
  return host && !content.ends_with('.') ? content + "." : content;
}

class PowerdnsSubject : public Subject {
 public:
  PowerdnsSubject(std::string name, std::unique_ptr<PowerdnsApi> api)
      : name_(std::move(name)), api_(std::move(api)) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] provider::ProviderInfo info() const override { return providers::powerdns_info(); }
  [[nodiscard]] std::string account(Access access) const override {
    const bool right = access != Access::wrong_secret;
    const auto key = folder_.write("api.key", right ? api_->key() : kWrongKey);
    const std::string url = access == Access::nobody_there
                                ? "http://127.0.0.1:" + std::to_string(tests::free_port())
                                : api_->url();
    return "url = \"" + url + "\"\napi_key = {file = \"" + key.string() + "\"}\n";
  }
  [[nodiscard]] bool speaks_http() const override { return true; }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() const override {
    return api_->transport();
  }
  [[nodiscard]] std::vector<std::string> secrets() const override { return {api_->key()}; }
  [[nodiscard]] http::Response refusal_of(const dns::Key& key) const override {
    const std::string words = "RRset " + key.name.text() + " IN " + dns::type_name(key.type) +
                              ": Conflicts with pre-existing RRset";
    return {422,
            {{"Content-Type", "application/json"}},
            http::print_json(Json::object({{"error", words}}))};
  }

  void make_zone(const dns::Name& zone) override {
    api_->ask(http::Method::remove, std::string(kZones) + "/" + zone.text(), {});
    const Json zone_json =
        Json::object({{"name", zone.text()},
                      {"kind", "Native"},
                      {"nameservers", Json::array({"ns1.example.net.", "ns2.example.net."})}});
    must(201, http::Method::post, kZones, http::print_json(zone_json));
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    Json change = change_of(set.key, set.values.empty() ? "DELETE" : "REPLACE");
    Json records = Json::array();
    for (const std::string& value : set.values) {
      records.push(
          Json::object({{"content", with_final_dot(set.key.type, value)}, {"disabled", false}}));
    }
    if (!set.values.empty()) {
      change.add("ttl", set.ttl);
      change.add("records", std::move(records));
    }
    patch(zone, std::move(change));
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    const Json answer = whole(zone);
    for (const Json& set : *answer.find("rrsets")->elements()) {
      const auto name = dns::Name::parse_absolute(text(set, "name"));
      const auto type = dns::parse_type(text(set, "type"));
      if (!name || !type) throw std::runtime_error("a set that is none: " + http::print_json(set));
      for (const Json& record : *set.find("records")->elements()) {
        auto value = dns::parse_rdata(*type, text(record, "content"), dns::Name());
        if (!value) throw std::runtime_error("a value that is none: " + text(record, "content"));
        const auto ttl = static_cast<std::uint32_t>(*set.find("ttl")->integer());
        all.add(*name, *type, ttl, std::move(*value));
      }
    }
    return all;
  }
  /// Every PATCH raises the serial, also one that changes nothing.
  std::string mark(const dns::Name& zone) override {
    return std::to_string(*whole(zone).find("serial")->integer());
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    const Json answer = whole(zone);
    for (const Json& set : *answer.find("rrsets")->elements()) {
      const auto name = dns::Name::parse_absolute(text(set, "name"));
      std::vector<std::string> parts;
      for (const char* member : {"records", "comments"}) {
        for (const Json& one : *set.find(member)->elements()) {
          parts.push_back(http::print_json(one));
        }
      }
      std::sort(parts.begin(), parts.end());  // their order means nothing
      std::string& kept = all[{*name, *dns::parse_type(text(set, "type"))}];
      kept = std::to_string(*set.find("ttl")->integer());
      for (const std::string& part : parts) kept.append(" ").append(part);
    }
    return all;
  }
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    Json change = change_of(key, "REPLACE");
    change.add(
        "comments",
        Json::array({Json::object(
            {{"content", "see ticket 4711"}, {"account", "kim"}, {"modified_at", 1700000000}})}));
    patch(zone, std::move(change));
    return "see ticket 4711";
  }

 private:
  std::string must(int status, http::Method method, const std::string& target,
                   const std::string& body) {
    auto [got, answer] = api_->ask(method, target, body);
    if (got == status) return std::move(answer);
    throw std::runtime_error(std::string(http::method_name(method)) + " " + target + " got " +
                             std::to_string(got) + ": " + answer + " for " + body);
  }
  Json whole(const dns::Name& zone) {
    return http::parse_json(
        must(200, http::Method::get, std::string(kZones) + "/" + zone.text(), {}), "the zone");
  }
  static Json change_of(const dns::Key& key, const char* what) {
    return Json::object(
        {{"name", key.name.text()}, {"type", dns::type_name(key.type)}, {"changetype", what}});
  }
  void patch(const dns::Name& zone, Json change) {
    const Json body = Json::object({{"rrsets", Json::array({std::move(change)})}});
    must(204, http::Method::patch, std::string(kZones) + "/" + zone.text(), http::print_json(body));
  }

  std::string name_;
  std::unique_ptr<PowerdnsApi> api_;
  tests::TemporaryDirectory folder_;
};

/// On the other side of the border to plug-ins: the same provider, and the example.
class PluginSubject final : public PowerdnsSubject {
 public:
  PluginSubject(const std::string& name, std::vector<std::string> command)
      : PowerdnsSubject(name, std::make_unique<Simulated>()), command_(std::move(command)) {}
  [[nodiscard]] provider::ProviderInfo info() const override {
    provider::ProviderInfo info = provider::plugin_info("elsewhere");
    info.traits = providers::powerdns_info().traits;
    info.make = [make = info.make, command = command_](const base::Account& account,
                                                       const provider::Tools& tools) {
      base::Account with_command = account;
      with_command.command = command;
      return make(with_command, tools);
    };
    return info;
  }

 private:
  std::vector<std::string> command_;
};

}  // namespace

std::vector<SubjectEntry> powerdns_subjects() {
  return {{"powerdns, simulated", "[powerdns-simulated]",
           [] {
             return std::make_unique<PowerdnsSubject>("powerdns, simulated",
                                                      std::make_unique<Simulated>());
           }},
          {"powerdns as a plug-in", "[plugin]",
           [] {
             return std::make_unique<PluginSubject>(
                 "powerdns as a plug-in",
                 std::vector<std::string>{MXSMITH_PROVIDER_AS_PLUGIN, "powerdns"});
           }},
          {"example plug-in in Python", "[plugin-python]",
           [] {
             return std::make_unique<PluginSubject>(
                 "example plug-in in Python",
                 std::vector<std::string>{"/usr/bin/python3",
                                          MXSMITH_SOURCE_DIR "/examples/plugin/powerdns.py"});
           }},
          {"powerdns", "[powerdns-server]",
           [] { return std::make_unique<PowerdnsSubject>("powerdns", std::make_unique<Real>()); }}};
}

}  // namespace mxsmith::conformance
