// Cloudflare as a provider: what it asks and how often, what it makes of the answers, and what it
// writes.
#include <algorithm>

#include "cloudflare_setup.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using http::Json;

namespace {

std::size_t size_of(const Json& body, const char* list) {
  const Json* found = body.find(list);
  return found == nullptr ? 0 : found->elements()->size();
}

/// "192.0.2.7" and so on.
std::string address(int number) {
  return "10." + std::to_string(number / 65536) + "." + std::to_string(number / 256 % 256) + "." +
         std::to_string(number % 256);
}

void fill(CloudflareSetup& setup, int records) {
  for (int i = 0; i < records; ++i) {
    setup.has("A", "h" + std::to_string(i) + ".example.com", address(i));
  }
}

void read_only(CloudflareSimulator::Record& record) {
  record.meta = Json::object({{"read_only", true}, {"email_routing", true}});
}

}  // namespace

TEST_CASE("a Cloudflare zone of 3,000 records takes two requests, and 200 changes one") {
  CloudflareSetup setup;
  fill(setup, 3000);
  const plan::LiveZone live = setup.read();
  CHECK(live.sets().size() == 3000);
  CHECK(setup.simulator.count() == 2);  // the zone's id, its records
  std::vector<plan::Change> changes;
  for (int i = 0; i < 200; ++i) {
    changes.push_back(
        cloudflare_change(live, "h" + std::to_string(i), dns::Type::A, {"192.0.2.1"}));
  }
  setup.simulator.forget();
  setup.apply(live, changes);
  CHECK(setup.simulator.count() == 1);
  CHECK(size_of(setup.sent(), "patches") == 200);
  CHECK(size_of(setup.sent(), "puts") == 0);
  CHECK(setup.simulator.zone(setup.zone_id).writes == 1);
}

TEST_CASE("a Cloudflare step that changes nothing sends nothing") {
  CloudflareSetup setup;
  fill(setup, 3);
  const plan::LiveZone live = setup.read();
  setup.simulator.forget();
  setup.apply(live, {cloudflare_change(live, "h1", dns::Type::A, {address(1)})});
  setup.apply(live, {});
  CHECK(setup.simulator.count() == 0);
}

TEST_CASE("a Cloudflare zone in pages comes whole or not at all") {
  CloudflareSimulator::Options options;
  options.page_cap = 10;
  for (const bool counts : {true, false}) {
    options.counts_pages = counts;
    CloudflareSetup setup(options);
    fill(setup, 35);
    CHECK(setup.read().sets().size() == 35);
    CHECK(setup.simulator.count() == 5);
  }
  // A page that comes twice, one that is left out, one that is cut short.
  struct Row {
    std::string asked;
    std::string given;
    std::size_t dropped;
  };
  for (const Row& row :
       {Row{"page=2", "page=1", 0}, Row{"page=3", "page=4", 0}, Row{"page=2", "page=2", 3}}) {
    CloudflareSetup setup(options);
    fill(setup, 35);
    http::Client client(http::fake_transport([&](http::Request request) {
                          const std::size_t at = request.url.find(row.asked);
                          if (at == std::string::npos) return setup.simulator.answer(request);
                          request.url.replace(at, row.asked.size(), row.given);
                          http::Response response = setup.simulator.answer(request);
                          std::string body = response.body.text();
                          // It says that it is the page that was asked for.
                          const std::string number =
                              "\"" + row.given.substr(0, 4) + "\":" + row.given.substr(5);
                          const std::size_t place = body.rfind(number);
                          body.replace(place, number.size(), "\"page\":" + row.asked.substr(5));
                          for (std::size_t i = 0; i < row.dropped; ++i) {
                            const std::size_t begin = body.find("{\"id\"");
                            body.erase(begin, body.find("{\"id\"", begin + 1) - begin);
                          }
                          response.body = body;
                          return response;
                        }),
                        setup.clock);
    const auto provider = providers::cloudflare_info().make(setup.account, {setup.clock, client});
    const auto error = cloudflare_error([&] {
      provider->read({kCloudflareApex, setup.zone_id, plan::ZoneKind::ordinary});
    });
    INFO(row.asked << " -> " << row.given << ": " << error.what());
    CHECK(error.kind() == ErrorKind::protocol);
  }
}

TEST_CASE("zones of one name in several Cloudflare accounts are told apart") {
  CloudflareSetup setup;
  const std::string other =
      setup.simulator.add_zone({"example.com", "free", "acc1", "pending", "full"});
  const auto found = setup.make()->find(kCloudflareApex);
  REQUIRE(found.size() == 2);
  CHECK(found[0].note == "account Account acc0, active");
  CHECK(found[1].note == "account Account acc1, pending");
  setup.account.settings["account_id"] = {std::string("acc1"), {}};
  const auto filtered = setup.make();
  const auto one = filtered->find(kCloudflareApex);
  REQUIRE(one.size() == 1);
  CHECK(one[0].id == other);
  CHECK(filtered->traits(one[0]).max_writes_per_step == 200);
  CHECK(filtered->list()->size() == 1);
  CHECK(setup.make()->find(dns::Name::of("example.net")).empty());
}

TEST_CASE("Cloudflare zones whose names have other letters are found under both forms") {
  CloudflareSetup setup({}, {"b\xC3\xBC"
                             "cher.example"});
  const auto found = setup.make()->find(dns::Name::of("xn--bcher-kva.example"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == dns::Name::of("xn--bcher-kva.example"));
}

TEST_CASE("limits follow the plan of the Cloudflare zone") {
  struct Row {
    const char* plan;
    std::size_t writes;
    std::uint32_t ttl;
    bool tags;
  };
  for (const Row& row : {Row{"free", 200, 60, false}, Row{"pro", 3500, 60, true},
                         Row{"business", 3500, 60, true}, Row{"enterprise", 3500, 30, true}}) {
    CloudflareSetup setup({}, {"example.com", row.plan});
    const auto provider = setup.make();
    const auto traits = provider->traits(provider->find(kCloudflareApex).at(0));
    INFO(row.plan);
    CHECK(traits.max_writes_per_step == row.writes);
    CHECK(traits.min_ttl == row.ttl);
    const auto& keys = traits.meta_keys;
    CHECK((std::find(keys.begin(), keys.end(), "tags") != keys.end()) == row.tags);
  }
  CHECK(CloudflareSetup().make()->traits({}).max_writes_per_step == 200);
}

TEST_CASE("texts at Cloudflare are read alike with and without quotes") {
  CloudflareSetup setup;
  const std::string half(255, 'a');
  setup.has("TXT", "a.example.com", "v=spf1 -all");
  setup.has("TXT", "b.example.com", "\"v=spf1 -all\"");
  setup.has("TXT", "c.example.com", "\"" + half + "\" \"tail; here\"");
  setup.has("TXT", "d.example.com", "say \"hi\"");
  setup.has("TXT", "e.example.com", "\"left");
  setup.has("TXT", "f.example.com", R"("\195\188\"\\")");
  setup.has("TXT", "g.example.com", "\"one\" two\"");
  const plan::LiveZone live = setup.read();
  const auto text = [&](const char* name) {
    return std::get<dns::Txt>(live.find(dns::Name::of(name), dns::Type::TXT)->set.values.at(0))
        .octets;
  };
  CHECK(text("a.example.com") == "v=spf1 -all");
  CHECK(text("b.example.com") == "v=spf1 -all");
  CHECK(text("c.example.com") == half + "tail; here");
  CHECK(text("d.example.com") == "say \"hi\"");
  CHECK(text("e.example.com") == "\"left");
  CHECK(text("f.example.com") == "\xC3\xBC\"\\");
  CHECK(text("g.example.com") == "\"one\" two\"");
}

TEST_CASE("values change under their ids, and what is kept with them stays") {
  CloudflareSetup setup;
  const auto adorned = [](CloudflareSimulator::Record& record) {
    record.comment = "ask Kim";
    record.tags = {"owner:kim"};
    record.settings = Json::object({{"ipv4_only", true}});
  };
  setup.has("MX", "example.com", "old.example.net", adorned);
  setup.has("TXT", "example.com", "\"v=spf1 include:old.example -all\"", adorned);
  setup.has("A", "www.example.com", "192.0.2.1", [&](auto& record) {
    adorned(record);
    record.proxied = true;
    record.ttl = 1;
  });
  const plan::LiveZone live = setup.read();
  CHECK(live.find(dns::Name::of("www.example.com"), dns::Type::A)->meta() ==
        plan::Meta{{"automatic_ttl", "true"},
                   {"comment", "\"ask Kim\""},
                   {"proxied", "true"},
                   {"tags", "[\"owner:kim\"]"}});
  const auto before = setup.simulator.zone(setup.zone_id).records;
  setup.apply(
      live, {cloudflare_change(live, "@", dns::Type::MX, {"0 new.example.net."}),
             cloudflare_change(live, "@", dns::Type::TXT, {"\"v=spf1 include:new.example -all\""}),
             cloudflare_change(live, "www", dns::Type::A, {"192.0.2.2"})});
  CHECK(size_of(setup.sent(), "patches") == 3);
  CHECK(size_of(setup.sent(), "deletes") + size_of(setup.sent(), "posts") == 0);
  const Json mx = setup.sent().find("patches")->elements()->at(0);
  CHECK(http::print_json(mx) == R"({"type":"MX","name":"example.com","ttl":300,"id":")" +
                                    before[0].id +
                                    R"(","priority":0,"content":"new.example.net."})");
  const auto after = setup.simulator.zone(setup.zone_id).records;
  REQUIRE(after.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(after[i].id == before[i].id);
    CHECK(after[i].comment == "ask Kim");
    CHECK(after[i].tags.size() == 1);
    CHECK(after[i].settings == before[i].settings);
    CHECK(after[i].proxied == before[i].proxied);
    CHECK(after[i].ttl == before[i].ttl);
  }
  CHECK(after[0].priority == 0);
}

TEST_CASE("a Cloudflare record that comes back has what it had") {
  CloudflareSetup setup;
  setup.has("CNAME", "www.example.com", "example.net", [](auto& record) {
    record.settings = Json::object({{"flatten_cname", true}});
    record.comment = "first";
  });
  const plan::LiveZone live = setup.read();
  const auto gone = cloudflare_change(live, "www", dns::Type::CNAME, {});
  setup.apply(live, {gone});
  CHECK(setup.simulator.zone(setup.zone_id).records.empty());
  setup.apply(setup.read(), {plan::invert(gone)});
  const auto record = setup.simulator.zone(setup.zone_id).records.at(0);
  CHECK(record.comment == "first");
  CHECK(record.settings == Json::object({{"flatten_cname", true}}));
}

TEST_CASE("metadata at Cloudflare is set, changed and taken away") {
  CloudflareSetup setup;
  setup.has("A", "www.example.com", "192.0.2.1");
  const auto become = [&](const plan::Meta& meta, std::uint32_t ttl) {
    const plan::LiveZone live = setup.read();
    auto change = cloudflare_change(live, "www", dns::Type::A, {"192.0.2.1"}, ttl);
    change.after->meta = meta;
    setup.apply(live, {change});
    return setup.simulator.zone(setup.zone_id).records.at(0);
  };
  auto record = become({{"automatic_ttl", "true"}, {"proxied", "true"}}, 300);
  CHECK(record.proxied);
  CHECK(record.ttl == 1);
  record = become({{"automatic_ttl", "true"}, {"comment", "\"x\""}, {"tags", "[\"a:1\"]"}}, 300);
  CHECK(!record.proxied);
  CHECK(record.ttl == 1);
  CHECK(record.comment == "x");
  record = become({}, 600);
  CHECK(record.ttl == 600);
  CHECK(record.comment.empty());
  CHECK(record.tags.empty());
}

TEST_CASE("what Cloudflare keeps itself is somebody else's, also beside what is not") {
  CloudflareSetup setup;
  setup.has("MX", "example.com", "route1.mx.cloudflare.net", read_only);
  setup.has("TXT", "example.com", "\"v=spf1 include:_spf.mx.cloudflare.net ~all\"", read_only);
  setup.has("TXT", "example.com", "token=1");
  setup.has("CNAME", "app.example.com", "u-u-i-d.cfargotunnel.com");
  setup.has("AAAA", "work.example.com", "100::", [](auto& record) { record.proxied = true; });
  setup.has("A", "x.example.com", "192.0.2.9", [](auto& record) {
    record.meta = Json::object({{"read_only", true}});
  });
  setup.has("NEWTYPE", "n.example.com", "who knows");
  const plan::LiveZone live = setup.read();
  const auto owner = [&](const char* name, dns::Type type) {
    return std::string(live.find(dns::Name::of(name), type)->foreign());
  };
  CHECK(owner("example.com", dns::Type::MX) == "Cloudflare Email Routing");
  CHECK(owner("app.example.com", dns::Type::CNAME) == "a Cloudflare Tunnel");
  CHECK(owner("work.example.com", dns::Type::AAAA) == "Cloudflare Workers");
  CHECK(owner("x.example.com", dns::Type::A) == "Cloudflare, as a record that is read only");
  const plan::LiveSet& texts = *live.find(kCloudflareApex, dns::Type::TXT);
  CHECK(texts.foreign().empty());
  CHECK(texts.foreign(dns::Txt{"v=spf1 include:_spf.mx.cloudflare.net ~all"}) ==
        "Cloudflare Email Routing");
  CHECK(texts.foreign(dns::Txt{"token=1"}).empty());

  // The token changes, with the TTL of the set; the record of Email Routing is not touched.
  setup.apply(live, {cloudflare_change(
                        live, "@", dns::Type::TXT,
                        {"\"v=spf1 include:_spf.mx.cloudflare.net ~all\"", "token=2"}, 600)});
  CHECK(size_of(setup.sent(), "patches") == 1);
  CHECK(setup.sent().members()->size() == 1);
  const auto refused = cloudflare_error([&] {
    const plan::LiveZone now = setup.read();
    setup.apply(now, {cloudflare_change(now, "@", dns::Type::TXT, {"token=2"})});
  });
  CHECK(refused.kind() == ErrorKind::unsupported);
  CHECK(std::string(refused.what()).find("belongs to Cloudflare Email Routing") !=
        std::string::npos);
  CHECK(refused.key() == "example.com/TXT");
}

TEST_CASE("swaps and delegations fit into one Cloudflare batch") {
  CloudflareSetup setup;
  setup.has("A", "sw.example.com", "192.0.2.1");
  const plan::LiveZone live = setup.read();
  const std::string digest(64, 'a');
  const auto ns = cloudflare_change(live, "sub", dns::Type::NS, {"ns.example.net."});
  const auto ds = cloudflare_change(live, "sub", dns::Type::DS, {"1 13 2 " + digest});
  setup.apply(live, {cloudflare_change(live, "sw", dns::Type::CNAME, {"x.example.net."}), ds, ns,
                     cloudflare_change(live, "sw", dns::Type::A, {})});
  CHECK(setup.simulator.zone(setup.zone_id).writes == 1);
  const plan::LiveZone there = setup.read();
  setup.apply(there, {cloudflare_change(there, "sub", dns::Type::NS, {}),
                      cloudflare_change(there, "sub", dns::Type::DS, {})});
  CHECK(setup.simulator.zone(setup.zone_id).records.size() == 1);
}

TEST_CASE("a Cloudflare batch that is refused names the record as well as can be") {
  for (const bool tells : {true, false}) {
    CloudflareSimulator::Options options;
    options.tells_where = tells;
    CloudflareSetup setup(options);
    const plan::LiveZone live = setup.read();
    setup.has("A", "b.example.com", "192.0.2.1");  // meanwhile
    const auto error = cloudflare_error([&] {
      setup.apply(live, {cloudflare_change(live, "a", dns::Type::A, {"192.0.2.1"}),
                         cloudflare_change(live, "b", dns::Type::A, {"192.0.2.1"})});
    });
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::conflict);
    CHECK(error.effect() == Effect::none);
    CHECK(error.key() == (tells ? "b.example.com/A" : ""));
    CHECK(std::string(error.what()).find("81058: An identical record already exists.") !=
          std::string::npos);
    CHECK(std::string(error.what()).find("b.example.com/A") != std::string::npos);
    CHECK((std::string(error.what()).find("a.example.com/A") == std::string::npos) == tells);
    CHECK(error.request_id() == "8f0000000000abcd-FRA");
    CHECK(setup.simulator.zone(setup.zone_id).records.size() == 1);
  }
}

TEST_CASE("more records than a Cloudflare batch takes are not sent") {
  CloudflareSetup setup({}, {"example.com", "free"});
  const plan::LiveZone live = setup.read();
  std::vector<std::string> values;
  for (int i = 0; i < 201; ++i) values.push_back(address(i));
  setup.simulator.forget();
  const auto error = cloudflare_error(
      [&] { setup.apply(live, {cloudflare_change(live, "a", dns::Type::A, values)}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(setup.simulator.count() == 0);
}

TEST_CASE("Cloudflare that is asked too often is asked again when it says") {
  CloudflareSetup setup;
  setup.simulator.throttle(1);
  const auto start = setup.clock.now();
  CHECK(setup.read().sets().empty());
  CHECK(setup.clock.now() - start >= base::Seconds(120));
  // As it was told before there was that status.
  bool first = true;
  http::Client client(http::fake_transport([&](const http::Request& request) {
                        if (!std::exchange(first, false)) return setup.simulator.answer(request);
                        return http::Response{
                            403,
                            {{"Content-Type", "application/json"}},
                            R"({"success":false,"errors":[{"code":971,"message":"Please wait"}]})"};
                      }),
                      setup.clock);
  const auto provider = providers::cloudflare_info().make(setup.account, {setup.clock, client});
  CHECK(provider->find(kCloudflareApex).size() == 1);
}

TEST_CASE("credentials of Cloudflare: tokens, keys, and none") {
  CloudflareSetup setup;
  for (const char* variable :
       {"CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "CLOUDFLARE_DNS_API_TOKEN", "CF_DNS_API_TOKEN",
        "CLOUDFLARE_API_KEY", "CF_API_KEY", "CLOUDFLARE_EMAIL", "CF_API_EMAIL"}) {
    ::unsetenv(variable);
  }
  const auto header = [&](const char* name) {
    setup.make()->list();
    const http::Headers headers = setup.simulator.exchanges().back().request.headers;
    const std::string* value = headers.find(name);
    return value == nullptr ? std::string() : *value;
  };
  CHECK(header("Authorization") == "Bearer " + setup.simulator.options().token);
  CHECK(header("X-Auth-Key").empty());
  const base::SecretSource key = base::SecretFromEnv{"MXSMITH_TEST_CLOUDFLARE_KEY"};
  ::setenv("MXSMITH_TEST_CLOUDFLARE_KEY", setup.simulator.options().key.c_str(), 1);
  setup.account.settings["key"] = {key, {}};
  CHECK(cloudflare_error([&] { setup.make(); }).kind() == ErrorKind::usage);
  setup.account.settings.erase("token");
  CHECK(std::string(cloudflare_error([&] { setup.make(); }).what()).find("mail address") !=
        std::string::npos);
  setup.account.settings["email"] = {setup.simulator.options().email, {}};
  CHECK(header("X-Auth-Key") == setup.simulator.options().key);
  CHECK(header("X-Auth-Email") == setup.simulator.options().email);
  CHECK(header("Authorization").empty());
  setup.account.settings.clear();
  CHECK(cloudflare_error([&] { setup.make(); }).kind() == ErrorKind::auth);
  ::setenv("CF_API_TOKEN", setup.simulator.options().token.c_str(), 1);
  CHECK(header("Authorization") == "Bearer " + setup.simulator.options().token);
  ::setenv("CF_API_TOKEN", "something else", 1);
  const auto error = cloudflare_error([&] { setup.make()->list(); });
  ::unsetenv("CF_API_TOKEN");
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(std::string(error.what()).find("9109: Invalid access token") != std::string::npos);
}

TEST_CASE("settings of a Cloudflare account that cannot be taken") {
  const auto said = [](const std::string& name, base::SettingValue value) {
    CloudflareSetup setup;
    setup.account.settings[name] = {std::move(value), {}};
    const auto error = cloudflare_error([&] { setup.make(); });
    CHECK(error.kind() == ErrorKind::usage);
    return std::string(error.what());
  };
  CHECK(said("tokn", std::string("x")).find("did you mean `token`") != std::string::npos);
  CHECK(said("token", std::string("abc")).find("never the secret itself") != std::string::npos);
  CHECK(said("url", std::string("ftp://x")).find("neither http") != std::string::npos);
  CHECK(said("account_id", std::string("a/b")).find("account id") != std::string::npos);
}

TEST_CASE("what a Cloudflare credential may do is looked at without writing") {
  CloudflareSetup setup;
  const auto check = setup.make()->check();
  REQUIRE(check.lines.size() == 3);
  CHECK(check.lines[0].text == "the token is active");
  CHECK(check.lines[1].text == "it sees 1 zone");
  CHECK(check.lines[2].text == "it may read the records of example.com");
  CHECK(setup.simulator.count(http::Method::get) == setup.simulator.count());
  CloudflareSimulator::Options options;
  options.may_list_zones = false;
  CloudflareSetup blind(options);
  CHECK(cloudflare_error([&] { blind.make()->check(); }).kind() == ErrorKind::auth);
}

TEST_CASE("fingerprints of Cloudflare accounts hold no credential and outlive it") {
  CloudflareSetup setup;
  const std::string first = setup.make()->fingerprint();
  ::setenv("MXSMITH_TEST_CLOUDFLARE", "a-new-token", 1);
  CHECK(setup.make()->fingerprint() == first);
  setup.account.settings["account_id"] = {std::string("acc1"), {}};
  CHECK(setup.make()->fingerprint() != first);
}

TEST_CASE("answers of Cloudflare that are none are errors, and what they may have done is told") {
  struct Row {
    int status;
    std::string type;
    std::string body;
    ErrorKind kind;
    Effect effect;
  };
  const std::string json = "application/json";
  const std::string no = R"({"success":false,"errors":[],"messages":[],"result":null})";
  const std::vector<Row> rows = {
      {200, json, no, ErrorKind::protocol, Effect::unknown},
      {200, "text/html", "<html>", ErrorKind::protocol, Effect::unknown},
      {200, json, "{", ErrorKind::protocol, Effect::unknown},
      {201, json, R"({"success":true})", ErrorKind::protocol, Effect::unknown},
      {502, "text/html", "<html>", ErrorKind::unavailable, Effect::unknown},
      {400, json, R"({"success":false,"errors":[{"code":6003,"message":"headers"}]})",
       ErrorKind::auth, Effect::none},
      {400, json, R"({"success":false,"errors":[{"code":1004,"message":"no"}]})",
       ErrorKind::invalid, Effect::none},
      {404, json, R"({"success":false,"errors":[{"code":81044,"message":"gone"}]})",
       ErrorKind::conflict, Effect::none}};
  for (const Row& row : rows) {
    CloudflareSetup setup;
    const plan::LiveZone live = setup.read();
    http::Client client(http::fake_transport([&](const http::Request&) {
                          return http::Response{row.status, {{"Content-Type", row.type}}, row.body};
                        }),
                        setup.clock);
    const auto provider = providers::cloudflare_info().make(setup.account, {setup.clock, client});
    const auto error = cloudflare_error([&] {
      const base::WritePermit permit;
      provider->apply(live, {{cloudflare_change(live, "a", dns::Type::A, {"192.0.2.1"})}, true});
    });
    INFO(row.status << " " << row.body << ": " << error.what());
    CHECK(error.kind() == row.kind);
    CHECK(error.effect() == row.effect);
  }
}
