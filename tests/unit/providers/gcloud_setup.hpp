// A Google Cloud account at the simulator, and what was asked of it.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "providers/gcloud/gcloud.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/simulators/gcloud.hpp"

namespace mxsmith::tests {

/// Takes away every variable that a Google account is read from, and gives them back.
class CleanEnvironment {
 public:
  CleanEnvironment() {
    for (const char* name :
         {"GOOGLE_APPLICATION_CREDENTIALS", "GCE_SERVICE_ACCOUNT_FILE", "GOOGLE_CLOUD_PROJECT",
          "GCE_PROJECT", "CLOUDSDK_CORE_PROJECT", "CLOUDSDK_CONFIG", "GCE_METADATA_HOST", "HOME"}) {
      const char* value = std::getenv(name);
      before_[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
      ::unsetenv(name);
    }
    set("HOME", "/nowhere");
  }
  ~CleanEnvironment() {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }
  CleanEnvironment(const CleanEnvironment&) = delete;
  CleanEnvironment& operator=(const CleanEnvironment&) = delete;

  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

class GcloudSetup {
 public:
  explicit GcloudSetup(GcloudSimulator::Options options = {}) : simulator(with_clock(options)) {
    account.name = "shop";
    account.type = "gcloud";
    account.settings["url"] = {std::string(GcloudSimulator::kApi), {}};
    simulator.make_zone("example-com", "example.com.");
    credential(GcloudSimulator::service_account_file());
  }

  /// The credential is in a file of that content from now on.
  void credential(const std::string& content) {
    const auto path = folder.write("credential-" + std::to_string(++files_) + ".json", content);
    account.settings["credentials"] = {base::SecretSource(base::SecretFromFile{path}), {}};
  }
  std::unique_ptr<provider::Provider> make() {
    return providers::gcloud_info().make(account, {clock, client});
  }
  plan::LiveZone read() { return make()->read(zone); }
  provider::Pending apply(provider::Provider& provider, const plan::LiveZone& live,
                          const std::vector<plan::Change>& changes) {
    const base::WritePermit permit;
    return provider.apply(live, {changes, true});
  }
  /// Applies it and gives the body that was sent; empty: none was.
  std::string sent(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
    simulator.forget();
    const auto provider = make();
    apply(*provider, live, changes);
    for (const auto& exchange : simulator.exchanges()) {
      if (exchange.request.url.find("/changes") != std::string::npos) return exchange.request.body;
    }
    return {};
  }
  [[nodiscard]] std::size_t asked_for(const std::string& part) const {
    const auto all = simulator.exchanges();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
      return one.request.url.find(part) != std::string::npos;
    }));
  }

  CleanEnvironment environment;
  TemporaryDirectory folder;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  GcloudSimulator simulator;
  std::string traces;
  http::Client client{simulator.transport(), clock, client_options()};
  base::Account account;
  plan::ZoneRef zone{dns::Name::of("example.com"), "example-com", plan::ZoneKind::ordinary};

 private:
  GcloudSimulator::Options with_clock(GcloudSimulator::Options options) const {
    options.clock = &clock;
    return options;
  }
  http::ClientOptions client_options() {
    http::ClientOptions options;
    options.jitter = [] { return 0.5; };
    options.observers.push_back([this](const http::Exchange& exchange) {
      traces += http::print_trace(exchange) + http::print_exchange(exchange);
    });
    return options;
  }
  int files_ = 0;
};

inline dns::RRset set_of(const std::string& name, dns::Type type, std::uint32_t ttl,
                         const std::vector<std::string>& values) {
  dns::RRset set{dns::Name::of(name), type, ttl, {}};
  for (const auto& value : values) set.add(*dns::parse_rdata(type, value, dns::Name()));
  return set;
}

inline plan::Change change_to(const plan::LiveZone& live, const dns::RRset& after) {
  plan::Change change;
  change.key = after.key();
  if (const auto* there = live.find(change.key)) change.before = plan::SetState{there->set, {}, {}};
  if (!after.values.empty()) change.after = plan::SetState{after, {}, {}};
  return change;
}

/// What was thrown.
template <class Work>
base::Error fault_of(const Work& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("unreachable");
}

}  // namespace mxsmith::tests
