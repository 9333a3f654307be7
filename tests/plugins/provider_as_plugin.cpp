// A provider of ours as a plug-in: `provider_as_plugin TYPE` speaks protocol provider-v1 and does
// what the built-in provider of that type does, its requests sent by the host. With it the
// conformance list walks the border in both directions.
#include <cstdlib>
#include <iostream>
#include <map>

#include "base/text.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "provider/plugin_messages.hpp"
#include "providers/all.hpp"

namespace {

using namespace mxsmith;
namespace plugin = provider::plugin;
using http::Json;

void say(const Json& line) { std::cout << http::print_json(line) << std::endl; }

Json hear() {
  std::string line;
  if (!std::getline(std::cin, line)) std::exit(0);
  return http::parse_json(line, "the host");
}

/// Every request goes to the host, which sends it.
http::Response ask_host(const http::Request& request) {
  static int asked = 0;
  say(Json::object({{"http", ++asked}, {"request", plugin::json_of(request)}}));
  const Json answer = hear();
  if (const Json* error = answer.find("error")) {
    const base::Error fault = plugin::error_of(*error);
    throw http::TransportError(
        fault.kind(), fault.what(),
        fault.effect() == base::Effect::none ? http::Reached::nothing : http::Reached::maybe,
        fault.effect());
  }
  return plugin::response_of(plugin::member(answer, "response"));
}

http::ClientOptions once() {
  http::ClientOptions options;
  options.retry.tries = 1;
  return options;
}

class Server {
 public:
  explicit Server(const std::string& type) : info_(*providers::find(type)) {}

  Json answer(const std::string& call, const Json& params) {
    if (call == "hello") {
      return Json::object({{"protocol", plugin::kProtocol},
                           {"calls", Json::array({"list", "stored", "done", "check"})}});
    }
    if (call == "open") return open(params);
    if (call == "find") {
      const auto name = dns::Name::parse_absolute(plugin::text_member(params, "zone"));
      return zones_json(provider_->find(*name));
    }
    if (call == "list") return zones_json(*provider_->list());
    if (call == "check") return check();
    const plan::ZoneRef zone = plugin::zone_of(plugin::member(params, "zone"));
    if (call == "traits") {
      return Json::object({{"traits", plugin::json_of(provider_->traits(zone))}});
    }
    if (call == "read") return read(zone);
    if (call == "stored") {
      plugin::WireSet set = plugin::set_of(plugin::member(params, "set"));
      set.live.set = provider_->stored(zone, set.live.set);
      return Json::object({{"set", plugin::json_of(set)}});
    }
    if (call == "apply") return apply(zone, params);
    if (call == "done") {
      return Json::object(
          {{"done", provider_->done(zone, {plugin::text_member(params, "pending")})}});
    }
    plugin::refuse("no call " + call);
  }

 private:
  Json open(const Json& params) {
    base::Account account;
    account.name = plugin::text_member(params, "account");
    account.type = info_.type;
    for (const auto& [name, value] : *plugin::member(params, "settings").members()) {
      account.settings[name] = {setting_of(name, value), {}};
    }
    provider_ = info_.make(account, {clock_, client_});
    return Json::object({{"fingerprint", provider_->fingerprint()}});
  }

  /// Secrets come as texts; a provider of ours takes them from somewhere.
  static base::SettingValue setting_of(const std::string& name, const Json& value) {
    if (value.integer() != nullptr) return *value.integer();
    if (value.boolean() != nullptr) return *value.boolean();
    const std::string& text = *value.string();
    if (name != "api_key") return text;
    ::setenv("PLUGIN_SECRET", text.c_str(), 1);
    return base::SecretSource(base::SecretFromEnv{"PLUGIN_SECRET"});
  }

  static Json zones_json(const std::vector<plan::ZoneRef>& zones) {
    Json list = Json::array();
    for (const auto& zone : zones) list.push(plugin::json_of(zone));
    return Json::object({{"zones", std::move(list)}});
  }

  Json check() {
    Json lines = Json::array();
    for (const auto& line : provider_->check().lines) {
      lines.push(Json::object({{"result", "good"}, {"text", line.text}, {"hint", line.hint}}));
    }
    return Json::object({{"lines", std::move(lines)}});
  }

  Json read(const plan::ZoneRef& zone) {
    plan::LiveZone& live = read_[zone.id] = provider_->read(zone);
    Json sets = Json::array();
    for (const auto& set : live.sets()) {
      plugin::WireSet wire{set, {}, {}};
      if (live.native) wire.verbatim = live.native->verbatim(set.set.key());
      sets.push(plugin::json_of(wire));
    }
    return Json::object({{"sets", std::move(sets)}, {"version", live.version}});
  }

  Json apply(const plan::ZoneRef& zone, const Json& params) {
    provider::Step step;
    step.atomic = *plugin::member(params, "atomic").boolean();
    for (const Json& change : plugin::list_member(params, "changes")) {
      step.changes.push_back(plugin::change_of(change).change);
    }
    const base::WritePermit permit;
    return Json::object({{"pending", provider_->apply(read_.at(zone.id), step).token}});
  }

  const provider::ProviderInfo& info_;
  base::SystemClock clock_;
  http::Client client_{http::fake_transport(ask_host), clock_, once()};
  std::unique_ptr<provider::Provider> provider_;
  std::map<std::string, plan::LiveZone> read_;  ///< By zone id, as last read.
};

}  // namespace

int main(int count, char** words) {
  if (count != 2 || providers::find(words[1]) == nullptr) {
    std::cerr << "usage: provider_as_plugin TYPE\n";
    return 64;
  }
  Server server(words[1]);
  for (;;) {
    const Json call = hear();
    Json line = Json::object({{"id", *call.find("id")}});
    try {
      line.add("result", server.answer(*call.find("call")->string(), *call.find("params")));
    } catch (const base::Error& error) {
      line.add("error", plugin::json_of(error));
    }
    say(line);
  }
}
