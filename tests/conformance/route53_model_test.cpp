// What mxsmith asks of Route 53, and what the simulator answers, held against AWS's service model,
// read where it lies: MXSMITH_SHARED, by default ../shared beside the repository. Without it the
// test cannot run, which is said aloud; MXSMITH_DEMAND_SHARED=1 makes it a failure.
#include <cstdlib>
#include <iostream>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "http/json.hpp"
#include "providers/route53/route53.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/simulators/route53.hpp"

namespace {

using namespace mxsmith;
using http::Json;
using tests::Route53Simulator;
namespace fs = std::filesystem;

fs::path model() {
  const char* set = std::getenv("MXSMITH_SHARED");
  const fs::path root = set != nullptr ? fs::path(set) : fs::path(MXSMITH_SOURCE_DIR) / "../shared";
  return root / "data" / "route53-service-2.json";
}

std::string exchanges_of(const Route53Simulator& simulator) {
  Json all = Json::array();
  for (const auto& [request, response] : simulator.exchanges()) {
    const std::size_t path = request.url.find('/', request.url.find("://") + 3);
    all.push(Json::object({{"method", std::string(http::method_name(request.method))},
                           {"path", request.url.substr(path)},
                           {"request", request.body},
                           {"status", response.status},
                           {"response", response.body.text()}}));
  }
  return http::print_json(all);
}

plan::Change change(const std::string& name, dns::Type type, const std::string& value) {
  plan::Change change;
  change.key = {dns::Name::of(name), type};
  change.after = plan::SetState{{change.key.name, type, 300, {}}, {}, {}};
  change.after->set.values.push_back(*dns::parse_rdata(type, value, dns::Name()));
  return change;
}

void put_what_is_of_others(Route53Simulator& simulator, const std::string& id) {
  Route53Simulator::Set alias;
  alias.name = "\\052.example.com.";
  alias.type = "A";
  alias.alias = {"Z2FDTNDATAQYW2", "d1.cloudfront.net."};
  simulator.put(id, alias);
  for (const char* identifier : {"blue", "green"}) {
    Route53Simulator::Set routed{"r.example.com.", "A", identifier, 1, 60,
                                 {"192.0.2.1"},    {},  "check-1",  {}};
    simulator.put(id, routed);
  }
  simulator.create_zone("example.com.", true);
  simulator.create_zone("svc.local.", true, "servicediscovery.amazonaws.com");
}

/// Everything a provider does: finding, listing in pages, reading in pages, writing, changing,
/// following, deleting, being refused, a zone that is not there, checking the account.
void use_everything(provider::Provider& provider, Route53Simulator& simulator,
                    const std::string& id) {
  put_what_is_of_others(simulator, id);
  REQUIRE(provider.list()->size() == 2);
  REQUIRE(provider.find(dns::Name::of("example.com")).size() == 2);
  CHECK(provider.check().lines.size() == 4);
  const plan::ZoneRef zone{dns::Name::of("example.com"), id, {}};
  const base::WritePermit permit;
  const auto mx = change("example.com", dns::Type::MX, "0 mx.example.");
  const auto apply = [&](const std::vector<plan::Change>& changes) {
    const auto pending = provider.apply(provider.read(zone), {changes, true});
    while (!pending.done() && !provider.done(zone, pending)) {
    }
  };
  apply({mx, change("a.example.com", dns::Type::A, "192.0.2.1"),
         change("t.example.com", dns::Type::TXT, "\"<a & b>\\000\\255\""),
         change("*.w.example.com", dns::Type::HTTPS, "1 . alpn=h2"),
         change("example.com", dns::Type::NS, "ns1.example.")});
  auto other = change("example.com", dns::Type::MX, "5 mx.example.");
  other.before = mx.after;
  apply({other});
  apply({plan::invert(other)});
  auto gone = mx;
  std::swap(gone.before, gone.after);
  apply({gone});
  CHECK_THROWS_AS(apply({change("a.example.com", dns::Type::CNAME, "x.example.")}), base::Error);
  simulator.inject({http::Method::get, 1, 400, "Throttling", "Rate exceeded"});
  provider.read(zone);
  CHECK_THROWS_AS(provider.read({zone.name, "Z404", {}}), base::Error);
  CHECK_THROWS_AS(provider.done(zone, {"C404"}), base::Error);
}

TEST_CASE("what is asked of and answered by Route 53 is what AWS's service model has",
          "[route53]") {
  if (!fs::exists(model())) {
    std::cerr << "NOT RUN: AWS's service model of Route 53, there is no " << model().string()
              << " (set MXSMITH_SHARED)\n";
    const char* demand = std::getenv("MXSMITH_DEMAND_SHARED");
    if (demand != nullptr && std::string(demand) == "1") FAIL("the model is demanded");
    return;
  }
  Route53Simulator::Options options;
  options.sets_per_page = 3;
  options.zones_per_page = 1;
  options.polls = 2;
  Route53Simulator simulator(options);
  const std::string id = simulator.create_zone("example.com.");
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client(simulator.transport({Route53Simulator::url()}), clock);
  ::setenv("MXSMITH_TEST_AWS_SECRET", options.secret_access_key.c_str(), 1);
  base::Account account;
  account.name = "main";
  account.type = "route53";
  account.settings["url"] = {Route53Simulator::url(), {}};
  account.settings["access_key_id"] = {options.access_key_id, {}};
  account.settings["secret_access_key"] = {
      base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_AWS_SECRET"}), {}};
  const auto make = [&] { return providers::route53_info().make(account, {clock, client}); };
  use_everything(*make(), simulator, id);
  account.settings["zone_ids"] = {std::vector<std::string>{id}, {}};
  REQUIRE(make()->find(dns::Name::of("example.com")).size() == 1);

  const tests::TemporaryDirectory folder;
  const fs::path exchanges = folder.write("exchanges.json", exchanges_of(simulator));
  tests::RunOptions run;
  run.args = {std::string(MXSMITH_SOURCE_DIR) + "/tests/conformance/route53_model_test.py",
              model().string(), exchanges.string()};
  const auto checked = tests::run("/usr/bin/python3", run);
  INFO(checked.out << checked.err);
  CHECK(checked.exit == 0);
  CHECK(checked.out.find("exchanges checked: ChangeResourceRecordSets, GetChange, GetHostedZone, "
                         "ListHostedZones, ListHostedZonesByName, ListResourceRecordSets") !=
        std::string::npos);
}

}  // namespace
