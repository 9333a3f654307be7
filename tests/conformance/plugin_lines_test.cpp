// What host and plug-in say to each other is what schemas/provider-v1.json describes.
#include "base/write_permit.hpp"
#include "conformance/powerdns_simulator.hpp"
#include "http/client.hpp"
#include "provider/plugin.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace mxsmith;

TEST_CASE("every line between host and plug-in is as the schema has it", "[plugin]") {
  conformance::PowerdnsSimulator simulator;
  const tests::TemporaryDirectory folder;
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client(
      http::fake_transport([&](const http::Request& request) { return simulator.answer(request); }),
      clock);
  const std::string source = MXSMITH_SOURCE_DIR;
  const std::string lines = (folder.path() / "lines").string();
  base::Account account;
  account.name = "main";
  account.type = "mine";
  account.command = {"/usr/bin/python3", source + "/tests/plugins/tee.py", lines,
                     MXSMITH_PROVIDER_AS_PLUGIN, "powerdns"};
  account.settings["url"] = {std::string("http://127.0.0.1:8081"), {}};
  account.settings["api_key"] = {
      base::SecretSource(base::SecretFromFile{folder.write("key", simulator.key())}), {}};

  const dns::Name apex = dns::Name::of("example.com");
  {
    const auto provider = provider::plugin_info("mine").make(account, {clock, client});
    const base::WritePermit permit;
    http::Request request{http::Method::post,
                          http::Intent::write,
                          "http://127.0.0.1:8081/api/v1/servers/localhost/zones",
                          {{"X-API-Key", simulator.key()}, {"Accept", "application/json"}},
                          R"({"name":"example.com.","kind":"Native","nameservers":["ns1.x."]})",
                          {}};
    REQUIRE(client.send(request).status == 201);
    REQUIRE(provider->list()->size() == 1);
    const plan::ZoneRef zone = provider->find(apex).at(0);
    CHECK(provider->traits(zone).apex_ns == plan::Support::yes);
    plan::Change change;
    change.key = {apex, dns::Type::MX};
    change.after = plan::SetState{{apex, dns::Type::MX, 300, {}}, {}, {}};
    change.after->set.values.push_back(*dns::parse_rdata(dns::Type::MX, "0 mx.example.", {}));
    CHECK(provider->stored(zone, change.after->set) == change.after->set);
    CHECK(provider->apply(provider->read(zone), {{change}}).done());
    const plan::LiveZone live = provider->read(zone);
    REQUIRE(live.find(change.key) != nullptr);
    CHECK(provider->apply(live, {{plan::invert(change)}}).done());
    CHECK(provider->done(zone, {"token"}) == false);
    CHECK_FALSE(provider->check().lines.empty());
    CHECK_THROWS_AS(provider->read({dns::Name::of("none.example"), "none.example.", {}}),
                    base::Error);
  }
  tests::RunOptions options;
  options.args = {source + "/tests/plugins/check_lines.py", source + "/schemas/provider-v1.json",
                  lines};
  const auto checked = tests::run("/usr/bin/python3", options);
  INFO(checked.out << checked.err);
  CHECK(checked.exit == 0);
  CHECK(checked.out.find("lines checked") != std::string::npos);
}
