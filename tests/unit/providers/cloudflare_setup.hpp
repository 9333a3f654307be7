// A Cloudflare account at the simulator, and changes as a plan holds them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "providers/cloudflare/cloudflare.hpp"
#include "support/catch.hpp"
#include "support/simulators/cloudflare.hpp"

namespace mxsmith::tests {

inline const dns::Name kCloudflareApex = dns::Name::of("example.com");

class CloudflareSetup {
 public:
  explicit CloudflareSetup(CloudflareSimulator::Options options = {},
                           CloudflareSimulator::NewZone zone = {"example.com"})
      : simulator(std::move(options)), zone_id(simulator.add_zone(std::move(zone))) {
    ::setenv("MXSMITH_TEST_CLOUDFLARE", simulator.options().token.c_str(), 1);
    account.name = "main";
    account.type = "cloudflare";
    account.settings["token"] = {base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_CLOUDFLARE"}),
                                 {}};
  }

  std::unique_ptr<provider::Provider> make() {
    return providers::cloudflare_info().make(account, {clock, client});
  }
  /// As the engine does: found, then read, by one provider.
  plan::LiveZone read() {
    provider = make();
    return provider->read(provider->find(kCloudflareApex).at(0));
  }
  void apply(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
    const base::WritePermit permit;
    provider->apply(live, {changes, true});
  }
  /// A record as it stands there, in whichever form.
  void has(const std::string& type, const std::string& name, const std::string& content,
           const std::function<void(CloudflareSimulator::Record&)>& more = {}) {
    CloudflareSimulator::Record record;
    record.type = type;
    record.name = name;
    record.content = content;
    record.ttl = 300;
    if (type == "MX") record.priority = 10;
    if (more) more(record);
    simulator.put_as_it_is(zone_id, record);
  }
  /// The body of the last request.
  http::Json sent() {
    return http::parse_json(simulator.exchanges().back().request.body, "the request");
  }

  CloudflareSimulator simulator;
  std::string zone_id;
  base::Account account;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client{simulator.transport({CloudflareSimulator::kBase}), clock};
  std::unique_ptr<provider::Provider> provider;
};

/// A change as a plan holds it: before as it was read, after by these values.
inline plan::Change cloudflare_change(const plan::LiveZone& live, const std::string& name,
                                      dns::Type type, const std::vector<std::string>& values,
                                      std::uint32_t ttl = 300) {
  plan::Change change;
  change.key = {*dns::Name::parse(name, kCloudflareApex), type};
  const plan::LiveSet* set = live.find(change.key);
  if (set != nullptr) {
    change.before = plan::SetState{set->set, set->meta(), live.native->verbatim(change.key)};
  }
  if (values.empty()) return change;
  change.after = plan::SetState{
      {change.key.name, type, ttl, {}}, set == nullptr ? plan::Meta() : set->meta(), {}};
  for (const auto& value : values) {
    change.after->set.values.push_back(*dns::parse_rdata(type, value, kCloudflareApex));
  }
  return change;
}

inline base::Error cloudflare_error(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error;
  }
  return {base::ErrorKind::usage, "no error"};
}

}  // namespace mxsmith::tests
