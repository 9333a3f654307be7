// PowerDNS as a provider: what it makes of the server's answers, and what it asks.
#include <algorithm>

#include "powerdns_setup.hpp"
#include "providers/powerdns/patch.hpp"
#include "providers/powerdns/type_words.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::Error;
using base::ErrorKind;

namespace {

const std::string kMx = rrset_json(
    "example.com.", "MX",
    R"({"content":"10 MX1.Old.example.","disabled":false},{"content":"20 mx2.old.example.","disabled":false},
       {"content":"90 spare.example.","disabled":true})",
    R"({"content":"ask Kim","account":"me","modified_at":1700000000})");

plan::Change inverted_after(const plan::Change& change) { return plan::invert(change); }

}  // namespace

TEST_CASE("a zone is read with its live sets, and what is not DNS data is remembered") {
  PowerdnsSetup setup;
  setup.zone(zone_json(
      kMx + "," +
      rrset_json("www.example.com.", "A", R"({"content":"192.0.2.1","disabled":true})") + "," +
      rrset_json("old.example.com.", "A", "", R"({"content":"x","account":""})") + "," +
      rrset_json("k1._domainkey.example.com.", "TXT", R"({"content":"\"v=DKIM1; \" \"p=AA\""})")));
  const auto live = setup.read();
  CHECK(live.version == "serial 2026112301");
  REQUIRE(live.sets().size() == 2);
  const auto* mx = live.find(kPowerdnsApex, dns::Type::MX);
  REQUIRE(mx != nullptr);
  CHECK(mx->set.values.size() == 2);
  CHECK(mx->set.ttl == 300);
  CHECK(live.native->verbatim(mx->set.key()) ==
        R"({"records":[{"content":"10 MX1.Old.example.","disabled":false},)"
        R"({"content":"20 mx2.old.example.","disabled":false},)"
        R"({"content":"90 spare.example.","disabled":true}],)"
        R"("comments":[{"content":"ask Kim","account":"me","modified_at":1700000000}]})");
  CHECK(setup.asked.back().headers.find("X-API-Key") != nullptr);
  CHECK(*setup.asked.back().headers.find("Accept") == "application/json");
}

TEST_CASE("records that mxsmith does not read are shown as PowerDNS's own and survive") {
  PowerdnsSetup setup;
  setup.zone(zone_json(rrset_json("example.com.", "ALIAS", R"({"content":"x.example."})") + "," +
                       rrset_json("l.example.com.", "LUA", R"({"content":"A \"return 1\""})") +
                       "," +
                       rrset_json("h.example.com.", "HTTPS", R"({"content":"1 . ipv4hint=auto"})") +
                       "," + rrset_json("t.example.com.", "TXT", R"({"content":"\"\\999\""})") +
                       "," + rrset_json("n.example.com.", "BRANDNEW", R"({"content":"x"})") + "," +
                       rrset_json("o.example.com.", "ADDR", R"({"content":"\\# 4 01020304"})")));
  const auto live = setup.read();
  REQUIRE(live.sets().size() == 6);
  for (const auto& set : live.sets()) {
    INFO(set.set.key().text());
    CHECK(set.foreign().empty() == (set.set.type == dns::Type{65400}));
  }
  const auto error = powerdns_error(
      [&] { setup.sent(live, {powerdns_change(live, "h", dns::Type::HTTPS, {"0 x.example."})}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.key() == "h.example.com/HTTPS");
  CHECK(error.effect() == Effect::none);
}

TEST_CASE("removals go first, disabled records go along, and comments are left where they are") {
  PowerdnsSetup setup;
  setup.zone(
      zone_json(kMx + "," + rrset_json("sw.example.com.", "A", R"({"content":"192.0.2.1"})")));
  const auto live = setup.read();
  CHECK(setup.sent(live, {powerdns_change(live, "sw", dns::Type::CNAME, {"x.example."}),
                          powerdns_change(live, "@", dns::Type::MX,
                                          {"10 mx1.old.example.", "0 in.new.example."}),
                          powerdns_change(live, "sw", dns::Type::A, {})}) ==
        R"({"rrsets":[{"name":"sw.example.com.","type":"A","changetype":"DELETE"},)"
        R"({"name":"sw.example.com.","type":"CNAME","changetype":"REPLACE","ttl":300,)"
        R"("records":[{"content":"x.example.","disabled":false}]},)"
        R"({"name":"example.com.","type":"MX","changetype":"REPLACE","ttl":300,)"
        R"("records":[{"content":"10 MX1.Old.example.","disabled":false},)"
        R"({"content":"0 in.new.example.","disabled":false},)"
        R"({"content":"90 spare.example.","disabled":true}]}]})");
}

TEST_CASE("a set that is deleted leaves its disabled records, and comes back as it was") {
  PowerdnsSetup setup;
  setup.zone(zone_json(kMx));
  const auto live = setup.read();
  const auto gone = powerdns_change(live, "@", dns::Type::MX, {});
  CHECK(setup.sent(live, {gone}) ==
        R"({"rrsets":[{"name":"example.com.","type":"MX","changetype":"REPLACE","ttl":300,)"
        R"("records":[{"content":"90 spare.example.","disabled":true}]}]})");
  SECTION("somebody removed the rest meanwhile: all comes back, byte for byte") {
    setup.zone(zone_json(""));
    CHECK(setup.sent(setup.read(), {inverted_after(gone)}) ==
          R"({"rrsets":[{"name":"example.com.","type":"MX","changetype":"REPLACE","ttl":300,)"
          R"("records":[{"content":"10 MX1.Old.example.","disabled":false},)"
          R"({"content":"20 mx2.old.example.","disabled":false},)"
          R"({"content":"90 spare.example.","disabled":true}],)"
          R"("comments":[{"content":"ask Kim","account":"me","modified_at":1700000000}]}]})");
  }
  SECTION("the disabled record was changed meanwhile: it stays so") {
    setup.zone(zone_json(
        rrset_json("example.com.", "MX", R"({"content":"91 other.example.","disabled":true})")));
    CHECK(setup.sent(setup.read(), {inverted_after(gone)}) ==
          R"({"rrsets":[{"name":"example.com.","type":"MX","changetype":"REPLACE","ttl":300,)"
          R"("records":[{"content":"10 MX1.Old.example.","disabled":false},)"
          R"({"content":"20 mx2.old.example.","disabled":false},)"
          R"({"content":"91 other.example.","disabled":true}]}]})");
  }
}

TEST_CASE("a set of which only disabled records are there is made with them") {
  PowerdnsSetup setup;
  setup.zone(zone_json(
      rrset_json("a.example.com.", "A", R"({"content":"192.0.2.1","disabled":true})") + "," +
      rrset_json("c.example.com.", "CNAME", R"({"content":"x.","disabled":true})")));
  const auto live = setup.read();
  CHECK(live.sets().empty());
  CHECK(setup.sent(live, {powerdns_change(live, "a", dns::Type::A, {"192.0.2.2"})}) ==
        R"({"rrsets":[{"name":"a.example.com.","type":"A","changetype":"REPLACE","ttl":300,)"
        R"("records":[{"content":"192.0.2.2","disabled":false},)"
        R"({"content":"192.0.2.1","disabled":true}]}]})");
  CHECK(setup.sent(live, {powerdns_change(live, "a", dns::Type::A, {"192.0.2.1"})}) ==
        R"({"rrsets":[{"name":"a.example.com.","type":"A","changetype":"REPLACE","ttl":300,)"
        R"("records":[{"content":"192.0.2.1","disabled":false}]}]})");
  const auto error = powerdns_error(
      [&] { setup.sent(live, {powerdns_change(live, "c", dns::Type::CNAME, {"y."})}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.key() == "c.example.com/CNAME");
}

TEST_CASE("what changes nothing is not sent") {
  PowerdnsSetup setup;
  setup.zone(zone_json(kMx));
  const auto live = setup.read();
  CHECK(setup.sent(live, {powerdns_change(live, "@", dns::Type::MX,
                                          {"20 mx2.old.example.", "10 mx1.old.example."}),
                          powerdns_change(live, "nothing", dns::Type::A, {})}) == "");
  CHECK(setup.sent(live, {}) == "");
}

TEST_CASE("no body is larger than its cost says") {
  PowerdnsSetup setup;
  setup.zone(zone_json(""));
  const auto live = setup.read();
  const plan::StepCost cost = providers::powerdns::patch_cost();
  const std::vector<std::pair<dns::Type, std::vector<std::string>>> sets = {
      {dns::Type::A, {"192.0.2.1"}},
      {dns::Type::TXT, {R"("\\\"\\\"\\\"\\\"\\\"")", R"("\000\001\255")", R"("")"}},
      {dns::Type{61}, {"AAAA"}},
      {dns::Type{65534}, {"\\# 4 01020304"}},
  };
  for (const auto& [type, values] : sets) {
    const auto change = powerdns_change(live, "a", type, values, dns::kMaxTtl);
    std::size_t octets = cost.per_change + cost.per_octet * change.key.name.text().size();
    for (const auto& value : change.after->set.values) {
      octets += cost.per_value + cost.per_octet * dns::print_rdata(value).size();
    }
    const std::string body = setup.sent(live, {change});
    INFO(body);
    CHECK(body.size() - std::string(R"({"rrsets":[]})").size() <= octets);
  }
}

TEST_CASE("zones that a change would not last in are told apart and not written") {
  struct Row {
    std::string zone;
    plan::ZoneKind kind;
  };
  const std::vector<Row> rows = {
      {R"("kind":"Native")", plan::ZoneKind::ordinary},
      {R"("kind":"Master")", plan::ZoneKind::ordinary},
      {R"("kind":"Primary")", plan::ZoneKind::ordinary},
      {R"("kind":"Producer")", plan::ZoneKind::ordinary},
      {R"("kind":"Slave")", plan::ZoneKind::secondary},
      {R"("kind":"secondary")", plan::ZoneKind::secondary},
      {R"("kind":"Consumer")", plan::ZoneKind::secondary},
      {R"("kind":"Native","presigned":true)", plan::ZoneKind::presigned},
      {R"("kind":"Native","presigned":false,"dnssec":true)", plan::ZoneKind::ordinary},
      {R"("kind":"Native","dnssec":true)", plan::ZoneKind::presigned},
  };
  for (const auto& row : rows) {
    INFO(row.zone);
    PowerdnsSetup setup;
    setup.answers("GET /zones/example.com./metadata/PRESIGNED",
                  setup.json(200, R"({"kind":"PRESIGNED","metadata":["1"]})"));
    setup.zone(zone_json("", row.zone));
    const auto live = setup.read();
    CHECK(live.ref().kind == row.kind);
    if (row.kind == plan::ZoneKind::ordinary) continue;
    const auto error = powerdns_error(
        [&] { setup.sent(live, {powerdns_change(live, "a", dns::Type::A, {"192.0.2.1"})}); });
    CHECK(error.kind() == ErrorKind::unsupported);
    CHECK(setup.asked.back().method == http::Method::get);
  }
  PowerdnsSetup setup;
  setup.answers("GET /zones/example.com./metadata/PRESIGNED",
                setup.json(200, R"({"kind":"PRESIGNED","metadata":[]})"));
  setup.zone(zone_json("", R"("kind":"Native","dnssec":true)"));
  CHECK(setup.read().ref().kind == plan::ZoneKind::ordinary);
}

TEST_CASE("zones are found by name and listed with the server's ids") {
  PowerdnsSetup setup;
  const std::string all =
      R"([{"name":"0/25.2.0.192.in-addr.arpa.","id":"0=2F25.2.0.192.in-addr.arpa.","kind":"Slave"},
          {"name":"example.com.","id":"example.com.","kind":"Native"},
          {"name":"example.com..internal","id":"example.com..internal","kind":"Native"}])";
  setup.answers("GET /zones?dnssec=false", setup.json(200, all));
  setup.answers("GET /zones?dnssec=false&zone=0%2F25.2.0.192.in-addr.arpa.", setup.json(200, all));
  setup.answers("GET /zones?dnssec=false&zone=none.example.", setup.json(200, "[]"));
  const auto provider = setup.make();
  CHECK(provider->list()->size() == 2);
  const auto found = provider->find(dns::Name::of("0/25.2.0.192.in-addr.arpa"));
  REQUIRE(found.size() == 1);
  CHECK(found.front().kind == plan::ZoneKind::secondary);
  CHECK(provider->find(dns::Name::of("none.example")).empty());
  CHECK_THROWS_AS(provider->read(found.front()), Error);
  CHECK(setup.asked.back().url.ends_with("/zones/0=2F25.2.0.192.in-addr.arpa."));
}

TEST_CASE("a read that is not what it should be is an error and never a zone") {
  using Setup = PowerdnsSetup;
  const std::string good = zone_json(kMx);
  const std::vector<std::pair<std::string, http::Response>> rows = {
      {"cut off", Setup::json(200, good.substr(0, good.size() / 2))},
      {"no rrsets", Setup::json(200, R"({"name":"example.com.","kind":"Native"})")},
      {"rrsets of another shape", Setup::json(200, R"({"name":"example.com.","rrsets":{}})")},
      {"an array", Setup::json(200, "[]")},
      {"nothing", Setup::json(200, "")},
      {"a page", {200, {{"Content-Type", "text/html"}}, "<html>welcome</html>"}},
      {"no content type", {200, {}, good}},
      {"another zone",
       Setup::json(200, R"({"name":"example.net.","kind":"Native","dnssec":false,"rrsets":[]})")},
      {"a kind of the future", Setup::json(200, zone_json("", R"("kind":"Quantum")"))},
      {"a record outside", Setup::json(200, zone_json(rrset_json("a.example.net.", "A", "")))},
      {"an MX that is none",
       Setup::json(200, zone_json(rrset_json("example.com.", "MX", R"({"content":"mail"})")))},
      {"a set twice", Setup::json(200, zone_json(kMx + "," + kMx))},
      {"a record without content",
       Setup::json(200, zone_json(rrset_json("example.com.", "MX", "{}")))},
      {"redirected", {302, {{"Location", "http://elsewhere.example/"}}, ""}},
  };
  for (const auto& [what, response] : rows) {
    INFO(what);
    PowerdnsSetup setup;
    setup.answers("GET /zones/example.com.", response);
    const auto error = powerdns_error([&] { setup.read(); });
    CHECK((error.kind() == ErrorKind::protocol || error.kind() == ErrorKind::unsupported));
    CHECK(error.effect() == Effect::none);
  }
}

TEST_CASE("the server's refusals become errors that name the record") {
  struct Row {
    int status;
    std::string body;
    ErrorKind kind;
    Effect effect;
    std::string key;
  };
  const std::vector<Row> rows = {
      {401, R"({"error":"Unauthorized"})", ErrorKind::auth, Effect::none, ""},
      {403, "", ErrorKind::auth, Effect::none, ""},
      {404, R"({"error":"Not Found"})", ErrorKind::not_found, Effect::none, ""},
      {409, R"({"error":"Conflict"})", ErrorKind::conflict, Effect::none, ""},
      {400, "Bad Request", ErrorKind::invalid, Effect::none, ""},
      {422, R"({"error":"RRset sw.example.com. IN A: Conflicts with pre-existing RRset"})",
       ErrorKind::invalid, Effect::none, "sw.example.com/A"},
      {422, R"({"error":"Record sw.example.com./AAAA 'x': Invalid IPv6 address"})",
       ErrorKind::invalid, Effect::none, "sw.example.com/AAAA"},
      {422, R"({"error":"something else"})", ErrorKind::invalid, Effect::none, ""},
      {500, R"({"error":"Internal Server Error"})", ErrorKind::unavailable, Effect::unknown, ""},
      {503, "<html>", ErrorKind::unavailable, Effect::unknown, ""},
      {200, "", ErrorKind::protocol, Effect::unknown, ""},
  };
  for (const auto& row : rows) {
    INFO(row.status << " " << row.body);
    PowerdnsSetup setup;
    setup.zone(zone_json(""));
    const auto live = setup.read();
    setup.answers("PATCH /zones/example.com.", setup.json(row.status, row.body));
    const base::WritePermit permit;
    const auto error = powerdns_error([&] {
      setup.make()->apply(live, {{powerdns_change(live, "sw", dns::Type::AAAA, {"2001:db8::1"}),
                                  powerdns_change(live, "sw", dns::Type::A, {"192.0.2.1"})},
                                 true});
    });
    CHECK(error.kind() == row.kind);
    CHECK(error.effect() == row.effect);
    CHECK(error.key() == row.key);
    CHECK(std::string(error.what()).find(PowerdnsSetup::kKey) == std::string::npos);
  }
}

TEST_CASE("a write is not sent outside of applying a step") {
  PowerdnsSetup setup;
  setup.zone(zone_json(""));
  const auto live = setup.read();
  const auto error = powerdns_error([&] {
    setup.make()->apply(live, {{powerdns_change(live, "a", dns::Type::A, {"192.0.2.1"})}, true});
  });
  CHECK(error.kind() == ErrorKind::refused);
  CHECK(setup.asked.size() == 1);
}

TEST_CASE("settings are taken, or refused with words") {
  const auto text = [](const std::string& value) { return base::Setting{value, {}}; };
  struct Row {
    std::string what;
    std::map<std::string, base::Setting> settings;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"a slip", {{"apikey", text("x")}}, "did you mean `api_key`"},
      {"a literal key", {{"api_key", text("secret")}}, "never the key itself"},
      {"no scheme", {{"url", text("ns1.example:8081")}}, "http://"},
      {"no host", {{"url", text("http://")}}, "no host"},
      {"a password", {{"url", text("http://me:word@ns1.example")}}, "password"},
      {"a query", {{"url", text("http://ns1.example/?a=b")}}, "query"},
      {"empty", {{"server", text("")}}, "empty"},
      {"a number", {{"server", {std::int64_t{1}, {}}}}, "takes a string"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    PowerdnsSetup setup(row.settings);
    const auto error = powerdns_error([&] { setup.make(); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK_THAT(error.what(), has_text(row.words));
  }
}

TEST_CASE("accounts at one server have one fingerprint, however the address is written") {
  const auto fingerprint = [](const std::string& url, const std::string& server) {
    PowerdnsSetup setup({{"url", {url, {}}}, {"server", {server, {}}}});
    return setup.make()->fingerprint();
  };
  const std::string plain = fingerprint("http://ns1.example:8081", "localhost");
  CHECK(fingerprint("HTTP://NS1.example:8081/", "localhost") == plain);
  CHECK(fingerprint("http://ns1.example:8081/api/v1", "localhost") == plain);
  CHECK(fingerprint("http://ns1.example:8081/api/v1/", "localhost") == plain);
  CHECK(fingerprint("http://ns2.example:8081", "localhost") != plain);
  CHECK(fingerprint("http://ns1.example:8081", "other") != plain);
  CHECK(plain.find(PowerdnsSetup::kKey) == std::string::npos);
}

TEST_CASE("the environment speaks where settings are silent") {
  PowerdnsSetup setup;
  setup.account.settings.clear();
  ::unsetenv("PDNS_API_URL");
  CHECK_THAT(powerdns_error([&] { setup.make(); }).what(), has_text("PDNS_API_URL"));
  ::setenv("PDNS_API_URL", "http://env.example:8081", 1);
  ::unsetenv("PDNS_API_KEY");
  CHECK(powerdns_error([&] { setup.make(); }).kind() == ErrorKind::auth);
  ::setenv("PDNS_API_KEY", "from-the-environment", 1);
  ::setenv("PDNS_SERVER_NAME", "other", 1);
  CHECK(setup.make()->places(kPowerdnsApex) ==
        std::vector<std::string>{"http://env.example:8081/api/v1/servers/other/zones"});
  for (const char* name : {"PDNS_API_URL", "PDNS_API_KEY", "PDNS_SERVER_NAME"}) ::unsetenv(name);
}

TEST_CASE("the traits are those of a server that writes a step at once and one at a time") {
  PowerdnsSetup setup;
  const auto traits = setup.make()->traits({kPowerdnsApex, "example.com.", {}});
  CHECK(traits.granularity == plan::Granularity::rrset);
  CHECK(traits.atomic_step == plan::Support::yes);
  CHECK(traits.multiple_writers == plan::Support::no);
  CHECK(traits.max_octets_per_step == 2'000'000);
}
