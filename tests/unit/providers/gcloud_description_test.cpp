// What is asked of Google Cloud DNS, and what the simulator answers, held against a description of
// the API. Google publishes none of this kind, so one of ours stands in for it, written from the
// contract apart from both.
#include <cstdlib>

#include "support/simulators/described.hpp"
#include "unit/providers/gcloud_setup.hpp"

using namespace mxsmith;
using http::Json;
using tests::change_to;
using tests::GcloudSetup;
using tests::GcloudSimulator;
using tests::set_of;

namespace {

/// Everything a provider does: finding, listing, reading in pages, quotas, rights, writing,
/// waiting, being refused in every way, deleting, a zone that is not there.
void use_everything(GcloudSetup& setup) {
  setup.simulator.make_zone("inside", "example.com.", {{"visibility", "private"}});
  const Json policy = Json::object({{"wrr", Json::object({{"items", Json::array()}})}});
  setup.simulator.put("example-com", {"routed.example.com.", "A"}, {300, {}, policy});
  const auto provider = setup.make();
  REQUIRE(provider->list()->size() == 2);
  REQUIRE(provider->find(setup.zone.name).size() == 2);
  REQUIRE(provider->check().lines.size() == 3);
  const auto live = provider->read(setup.zone);
  const auto made = change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.1"}));
  const auto mx = change_to(live, set_of("example.com", dns::Type::MX, 300, {"0 ."}));
  const auto pending = setup.apply(*provider, live, {made, mx});
  while (!provider->done(setup.zone, pending)) {
  }
  const auto wrong = change_to(live, set_of("x.example.com", dns::Type::CNAME, 300, {"a.", "b."}));
  CHECK_THROWS_AS(setup.apply(*provider, live, {wrong}), base::Error);
  CHECK_THROWS_AS(setup.apply(*provider, live, {made}), base::Error);
  const auto now = provider->read(setup.zone);
  setup.apply(*provider, now, {plan::invert(made)});
  CHECK_THROWS_AS(setup.apply(*provider, now, {plan::invert(made)}), base::Error);
  CHECK_THROWS_AS(provider->read({setup.zone.name, "not-there", {}}), base::Error);
  CHECK_THROWS_AS(provider->done(setup.zone, {"4711"}), base::Error);
  setup.simulator.refuse_next(403, "rateLimitExceeded", "Quota exceeded");
  provider->read(setup.zone);
  setup.simulator.revoke_tokens();
  provider->read(setup.zone);
}

}  // namespace

TEST_CASE("gcloud: what is asked and answered is as described, in a description of ours") {
  GcloudSimulator::Options options;
  options.page = 2;
  GcloudSetup setup(options);
  use_everything(setup);
  std::vector<tests::Simulator::Exchange> exchanges = setup.simulator.exchanges();
  std::erase_if(exchanges, [](const auto& exchange) {
    return !exchange.request.url.starts_with(GcloudSimulator::kApi);
  });
  CHECK(exchanges.size() > 20);
  tests::check_described(
      std::string(MXSMITH_SOURCE_DIR) + "/tests/support/simulators/gcloud_description.json",
      exchanges);
}
