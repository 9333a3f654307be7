// A Route 53 provider at the simulator, and an environment without any AWS in it.
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "providers/route53/route53.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/simulators/route53.hpp"

namespace mxsmith::tests {

/// Variables of AWS's tools for the length of a test; all that are not named are taken away.
class AwsEnvironment {
 public:
  explicit AwsEnvironment(std::map<std::string, std::string> set = {}) {
    std::vector<std::string> names = providers::route53_info().environment;
    for (const char* more : {"AWS_DEFAULT_REGION", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                             "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "HOME"}) {
      names.emplace_back(more);
    }
    set.try_emplace("HOME", home_.path().string());
    set.try_emplace("AWS_EC2_METADATA_DISABLED", "true");
    for (const std::string& name : names) {
      const char* value = std::getenv(name.c_str());
      before_.emplace_back(name, value == nullptr ? std::string() : value);
      ::unsetenv(name.c_str());
    }
    for (const auto& [name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~AwsEnvironment() {
    for (const auto& [name, value] : before_) {
      if (value.empty()) {
        ::unsetenv(name.c_str());
      } else {
        ::setenv(name.c_str(), value.c_str(), 1);
      }
    }
  }
  AwsEnvironment(const AwsEnvironment&) = delete;
  AwsEnvironment& operator=(const AwsEnvironment&) = delete;

  [[nodiscard]] const TemporaryDirectory& home() const { return home_; }

 private:
  TemporaryDirectory home_;
  std::vector<std::pair<std::string, std::string>> before_;
};

inline const dns::Name kRoute53Apex = dns::Name::of("example.com");

class Route53Setup {
 public:
  explicit Route53Setup(Route53Simulator::Options options = {}) : simulator(std::move(options)) {
    account.name = "main";
    account.type = "route53";
    account.settings["url"] = {Route53Simulator::url(), {}};
    account.settings["access_key_id"] = {simulator.options().access_key_id, {}};
    ::setenv("MXSMITH_TEST_AWS_SECRET", simulator.options().secret_access_key.c_str(), 1);
    account.settings["secret_access_key"] = {
        base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_AWS_SECRET"}), {}};
  }

  std::unique_ptr<provider::Provider> make() {
    return providers::route53_info().make(account, {clock, client});
  }
  void set(const std::string& name, const std::string& type, const std::vector<std::string>& values,
           std::int64_t ttl = 300) {
    Route53Simulator::Set one;
    one.name = name;
    one.type = type;
    one.ttl = ttl;
    one.values = values;
    simulator.put(id, one);
  }
  plan::LiveZone read() { return make()->read({kRoute53Apex, id, plan::ZoneKind::ordinary}); }
  /// Sends a step and waits until it is done; how often it was asked for.
  std::size_t apply(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
    const auto provider = make();
    provider::Pending pending;
    {
      const base::WritePermit permit;
      pending = provider->apply(live, {changes, true});
    }
    std::size_t polls = 0;
    while (!pending.done() && ++polls < 50 && !provider->done(live.ref(), pending)) {
    }
    return polls;
  }

  Route53Simulator simulator;
  std::string id = simulator.create_zone("example.com.");
  base::Account account;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  std::string trace;
  http::Client client{simulator.transport({Route53Simulator::url()}), clock, client_options()};

 private:
  http::ClientOptions client_options() {
    http::ClientOptions options;
    options.jitter = [] { return 0.5; };
    options.observers = {[this](const http::Exchange& exchange) {
      trace += exchange.request.url + exchange.request.body;
      for (const auto& [name, value] : exchange.request.headers.fields()) trace += name + value;
      if (exchange.response) trace += exchange.response->body.text();
    }};
    return options;
  }
};

/// A change as a plan holds it: before as it was read, after by these values.
inline plan::Change route53_change(const plan::LiveZone& live, const std::string& name,
                                   dns::Type type, const std::vector<std::string>& values,
                                   std::uint32_t ttl = 300) {
  plan::Change change;
  change.key = {*dns::Name::parse(name, kRoute53Apex), type};
  if (const plan::LiveSet* set = live.find(change.key)) {
    change.before = plan::SetState{set->set, {}, live.native->verbatim(change.key)};
  }
  if (values.empty()) return change;
  change.after = plan::SetState{{change.key.name, type, ttl, {}}, {}, {}};
  for (const auto& value : values) {
    change.after->set.values.push_back(*dns::parse_rdata(type, value, kRoute53Apex));
  }
  return change;
}

template <class Deed>
base::Error route53_error(Deed deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error;
  }
  return {base::ErrorKind::usage, "no error"};
}

}  // namespace mxsmith::tests
