// What mxsmith asks of PowerDNS, and what the simulator answers, held against the published
// description of the API.
#include <cstdlib>

#include "base/write_permit.hpp"
#include "conformance/powerdns_simulator.hpp"
#include "http/client.hpp"
#include "providers/powerdns/powerdns.hpp"
#include "support/catch.hpp"
#include "support/simulators/described.hpp"

namespace {

using namespace mxsmith;

/// The simulator, and all that was exchanged with it.
class Listener {
 public:
  http::Response answer(const http::Request& request) {
    http::Response response = simulator_.answer(request);
    exchanges_.push_back({request, response});
    return response;
  }
  [[nodiscard]] const std::vector<tests::Simulator::Exchange>& exchanges() const {
    return exchanges_;
  }
  [[nodiscard]] const std::string& key() const { return simulator_.key(); }
  void make_zone() {
    http::Request request{http::Method::post,
                          http::Intent::write,
                          "http://127.0.0.1:8081/api/v1/servers/localhost/zones",
                          {{"X-API-Key", key()}, {"Accept", "application/json"}},
                          R"({"name":"example.com.","kind":"Native","nameservers":["ns1.x."]})",
                          {}};
    REQUIRE(answer(request).status == 201);
  }
  void sign() { simulator_.set_signed("example.com."); }

 private:
  conformance::PowerdnsSimulator simulator_;
  std::vector<tests::Simulator::Exchange> exchanges_;
};

plan::Change change(const std::string& name, dns::Type type, const std::string& value) {
  plan::Change change;
  change.key = {dns::Name::of(name), type};
  change.after = plan::SetState{{change.key.name, type, 300, {}}, {}, {}};
  change.after->set.values.push_back(*dns::parse_rdata(type, value, dns::Name()));
  return change;
}

/// Everything a provider does: finding, listing, reading, writing, being refused, deleting,
/// bringing back with comments, a signed zone, a zone that is not there.
void use_everything(provider::Provider& provider, Listener& listener) {
  const dns::Name apex = dns::Name::of("example.com");
  listener.make_zone();
  REQUIRE(provider.list()->size() == 1);
  const plan::ZoneRef zone = provider.find(apex).at(0);
  const base::WritePermit permit;
  const auto mx = change("example.com", dns::Type::MX, "0 mx.example.");
  provider.apply(provider.read(zone), {{mx, change("a.example.com", dns::Type::A, "192.0.2.1")}});
  provider.apply(provider.read(zone), {{plan::invert(mx)}});
  plan::Change back = mx;
  back.after->verbatim = R"({"records":[{"content":"9 off.","disabled":true}],)"
                         R"("comments":[{"account":"kim","content":"why","modified_at":5}]})";
  provider.apply(provider.read(zone), {{back}});
  CHECK_THROWS_AS(provider.apply(provider.read(zone),
                                 {{change("a.example.com", dns::Type::CNAME, "x.example.")}}),
                  base::Error);
  listener.sign();
  provider.read(zone);
  CHECK_THROWS_AS(provider.read({dns::Name::of("none.example"), "none.example.", {}}), base::Error);
}

TEST_CASE("what is asked and answered is what the published description has", "[powerdns]") {
  Listener listener;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client(
      http::fake_transport([&](const http::Request& request) { return listener.answer(request); }),
      clock);
  ::setenv("MXSMITH_TEST_PDNS_KEY", listener.key().c_str(), 1);
  base::Account account;
  account.name = "ns1";
  account.type = "powerdns";
  account.settings["url"] = {std::string("http://127.0.0.1:8081"), {}};
  account.settings["api_key"] = {base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_PDNS_KEY"}),
                                 {}};
  const auto provider = providers::powerdns_info().make(account, {clock, client});
  use_everything(*provider, listener);

  // The real server answers with the first two as well, and its description has forgotten them; the
  // others it demands although a set has no change in an answer, and a DELETE nothing but its name.
  tests::check_described("powerdns-authoritative-api-swagger-4.7.3.yaml", listener.exchanges(),
                         {"--forgotten", "last_check", "--forgotten", "type", "--optional",
                          "changetype", "--optional", "ttl", "--optional", "records"});
}

}  // namespace
