// DigitalOcean as a provider: what it asks, how often, and what it makes of the answers.
#include "providers/digitalocean/digitalocean.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/write_permit.hpp"
#include "http/json.hpp"
#include "support/catch.hpp"
#include "support/simulators/described.hpp"
#include "support/simulators/digitalocean.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using http::Json;
using http::Method;

namespace {

const dns::Name kApex = dns::Name::of("example.com");
const plan::ZoneRef kZone = {kApex, "example.com", plan::ZoneKind::ordinary};

class Setup {
 public:
  explicit Setup(DigitaloceanSimulator::Options options = {}) : simulator(counted(options)) {
    ::setenv("MXSMITH_TEST_DO_TOKEN", simulator.token().c_str(), 1);
    account.name = "main";
    account.type = "digitalocean";
    account.settings["token"] = {base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_DO_TOKEN"}),
                                 {}};
  }
  std::unique_ptr<provider::Provider> make() {
    return providers::digitalocean_info().make(account, {clock, client});
  }
  /// A zone with its three name servers.
  void make_zone(const std::string& name = "example.com") {
    REQUIRE(ask(Method::post, "/v2/domains", R"({"name":")" + name + "\"}").status == 201);
    simulator.forget();
  }
  void put(const std::string& body) {
    REQUIRE(ask(Method::post, "/v2/domains/example.com/records", body).status == 201);
    simulator.forget();
  }
  http::Response ask(Method method, const std::string& target, const std::string& body) {
    http::Request request{method,
                          http::Intent::write,
                          DigitaloceanSimulator::kUrl + target,
                          {{"Authorization", "Bearer " + simulator.token()}},
                          body,
                          {}};
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    return simulator.answer(request);
  }
  plan::LiveZone read() { return make()->read(kZone); }
  void apply(const plan::LiveZone& live, const std::vector<plan::Change>& changes) {
    const base::WritePermit permit;
    make()->apply(live, {changes, false});
  }
  /// The bodies that were sent to change something, and the targets without one.
  std::vector<std::string> writes() const {
    std::vector<std::string> all;
    for (const auto& [request, response] : simulator.exchanges()) {
      if (request.method == Method::get) continue;
      all.push_back(std::string(http::method_name(request.method)) + " " +
                    (request.body.empty() ? request.url : request.body));
    }
    return all;
  }

  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  DigitaloceanSimulator simulator;
  http::Client client{simulator.transport({DigitaloceanSimulator::kUrl}), clock};
  base::Account account;

 private:
  DigitaloceanSimulator::Options counted(DigitaloceanSimulator::Options options) {
    options.now = [this] { return clock.now().time_since_epoch(); };
    return options;
  }
};

plan::Change change(const plan::LiveZone& live, const std::string& name, dns::Type type,
                    const std::vector<std::string>& values, std::uint32_t ttl = 300) {
  plan::Change change;
  change.key = {*dns::Name::parse(name, kApex), type};
  if (const plan::LiveSet* set = live.find(change.key)) {
    change.before = plan::SetState{set->set, {}, {}};
  }
  if (values.empty()) return change;
  change.after = plan::SetState{{change.key.name, type, ttl, {}}, {}, {}};
  for (const auto& value : values) {
    change.after->set.values.push_back(*dns::parse_rdata(type, value, kApex));
  }
  return change;
}

base::Error error_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const base::Error& error) {
    return error;
  }
  return {ErrorKind::usage, "no error"};
}

/// What is read of one record that the API gives like that.
base::Parsed<plan::LiveSet> read_one(const std::string& element) {
  const std::string body =
      R"({"domain_records":[)" + element + R"(],"links":{},"meta":{"total":1}})";
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client(http::fake_transport([&](const http::Request&) {
                        return http::Response{200, {{"Content-Type", "application/json"}}, body};
                      }),
                      clock);
  ::setenv("MXSMITH_TEST_DO_TOKEN", "token", 1);
  base::Account account;
  account.settings["token"] = {base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_DO_TOKEN"}),
                               {}};
  try {
    const auto live = providers::digitalocean_info().make(account, {clock, client})->read(kZone);
    REQUIRE(live.sets().size() == 1);
    return live.sets().front();
  } catch (const base::Error& error) {
    return base::Fault{error.what()};
  }
}

std::string element(const std::string& type, const std::string& name, const std::string& data,
                    const std::string& more = {}) {
  return R"({"id":7,"type":")" + type + R"(","name":")" + name + R"(","data":")" + data +
         R"(","ttl":1800)" + more + "}";
}

}  // namespace

TEST_CASE("digitalocean: records are read as they are meant") {
  struct Row {
    std::string element;
    std::string owner;
    std::string value;
  };
  const std::vector<Row> rows = {
      {element("A", "@", "192.0.2.1"), "example.com.", "192.0.2.1"},
      {element("A", "*", "192.0.2.1"), "*.example.com.", "192.0.2.1"},
      {element("A", "WWW", "192.0.2.1"), "www.example.com.", "192.0.2.1"},
      {element("AAAA", "a.b", "2001:DB8::1"), "a.b.example.com.", "2001:db8::1"},
      {element("CNAME", "www", "@"), "www.example.com.", "example.com."},
      {element("CNAME", "www", "Web.Example.NET"), "www.example.com.", "web.example.net."},
      {element("CNAME", "www", "web.example.net."), "www.example.com.", "web.example.net."},
      {element("NS", "sub", "ns1.example.net"), "sub.example.com.", "ns1.example.net."},
      {element("MX", "@", "@", R"(,"priority":0)"), "example.com.", "0 example.com."},
      {element("MX", "@", "MX.foo.com", R"(,"priority":65535)"), "example.com.",
       "65535 mx.foo.com."},
      {element("MX", "@", ".", R"(,"priority":0)"), "example.com.", "0 ."},
      {element("SRV", "_s._tcp", ".", R"(,"priority":0,"weight":0,"port":0)"),
       "_s._tcp.example.com.", "0 0 0 ."},
      {element("CAA", "@", "letsencrypt.org", R"(,"flags":0,"tag":"issue")"), "example.com.",
       "0 issue \"letsencrypt.org\""},
      {element("CAA", "@", "letsencrypt.org.", R"(,"flags":128,"tag":"ISSUEWILD")"), "example.com.",
       "128 issuewild \"letsencrypt.org\""},
      {element("CAA", "@", "@", R"(,"flags":0,"tag":"issue")"), "example.com.",
       "0 issue \"example.com\""},
      {element("TXT", "t", "v=DKIM1; p=MIIB"), "t.example.com.", "\"v=DKIM1; p=MIIB\""},
      {element("TXT", "t", R"(\"left to itself\")"), "t.example.com.", R"("\"left to itself\"")"},
      {element("TXT", "t", "@"), "t.example.com.", "\"@\""}};
  for (const Row& row : rows) {
    INFO(row.element);
    const auto set = read_one(row.element);
    if (!set) FAIL(set.fault().message);
    CHECK(set->set.name.text() == row.owner);
    CHECK(set->set.ttl == 1800);
    CHECK(dns::print_rdata(set->set.values.front()) == row.value);
    CHECK(set->extra->record_ids == std::vector<std::string>{"7"});
    CHECK(set->foreign().empty());
  }
}

TEST_CASE("digitalocean: what cannot be understood makes the zone unreadable") {
  const std::vector<std::string> rows = {
      "{}",
      "null",
      R"({"id":7})",
      element("A", "@", "192.0.2"),
      element("A", "", "192.0.2.1"),
      element("A", "www.example.net.", "192.0.2.1"),
      element("A", "a..b", "192.0.2.1"),
      element("MX", "@", "mx.example"),
      element("MX", "@", "mx.example", R"(,"priority":null)"),
      element("MX", "@", "mx.example", R"(,"priority":65536)"),
      element("MX", "@", "mx.example", R"(,"priority":-1)"),
      element("MX", "@", "mx..example", R"(,"priority":1)"),
      element("SRV", "_s._tcp", "x.example", R"(,"priority":0,"weight":0)"),
      element("CAA", "@", "x.example", R"(,"flags":256,"tag":"issue")"),
      element("CAA", "@", "x.example", R"(,"flags":0,"tag":"is sue")"),
      R"({"id":7,"type":"A","name":"@","data":"192.0.2.1"})",
      R"({"id":"7","type":"A","name":"@","data":"192.0.2.1","ttl":60})",
      R"({"type":"A","name":"@","data":"192.0.2.1","ttl":60})",
      R"({"id":7,"type":"TXT","name":"@","data":null,"ttl":60})"};
  for (const std::string& row : rows) {
    INFO(row);
    CHECK_FALSE(read_one(row).ok());
  }
}

TEST_CASE("digitalocean: types that nobody knows are somebody else's") {
  Setup setup;
  setup.make_zone();
  setup.simulator.plant("example.com", {0, "ALIAS", "@", "x.example", 60, {}, {}});
  setup.simulator.plant("example.com", {0, "HTTPS", "www", "1 .", 60, {}, {}});
  const auto live = setup.read();
  REQUIRE(live.sets().size() == 3);
  for (const auto& set : live.sets()) {
    CHECK(set.foreign().empty() == (set.set.type == dns::Type::NS));
  }
  plan::Change gone = change(live, "www", dns::Type::HTTPS, {});
  const auto error = error_of([&] { setup.apply(live, {gone}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.effect() == Effect::none);
  CHECK(setup.writes().empty());
}

TEST_CASE("digitalocean: what is sent") {
  struct Row {
    std::string name;
    dns::Type type;
    std::string value;
    std::string body;
  };
  const std::vector<Row> rows = {
      {"@", dns::Type::A, "192.0.2.1", R"({"type":"A","name":"@","ttl":300,"data":"192.0.2.1"})"},
      {"*.a", dns::Type::AAAA, "2001:db8::1",
       R"({"type":"AAAA","name":"*.a","ttl":300,"data":"2001:db8::1"})"},
      {"www", dns::Type::CNAME, "@",
       R"({"type":"CNAME","name":"www","ttl":300,"data":"example.com."})"},
      {"@", dns::Type::MX, "0 mx.example.net.",
       R"({"type":"MX","name":"@","ttl":300,"data":"mx.example.net.","priority":0})"},
      {"_s._tcp", dns::Type::SRV, "0 0 0 .",
       R"({"type":"SRV","name":"_s._tcp","ttl":300,"data":".","priority":0,"weight":0,"port":0})"},
      {"@", dns::Type::CAA, "0 iodef \"mailto:a@example.com\"",
       R"({"type":"CAA","name":"@","ttl":300,"data":"mailto:a@example.com.",)"
       R"("flags":0,"tag":"iodef"})"},
      {"t", dns::Type::TXT, R"("v=DMARC1; p=none" "; rua=mailto:a@b.example")",
       R"({"type":"TXT","name":"t","ttl":300,"data":"v=DMARC1; p=none; rua=mailto:a@b.example"})"},
      {"sub", dns::Type::NS, "ns1.example.net.",
       R"({"type":"NS","name":"sub","ttl":300,"data":"ns1.example.net."})"}};
  for (const Row& row : rows) {
    INFO(row.body);
    Setup setup;
    setup.make_zone();
    const auto live = setup.read();
    setup.simulator.forget();
    setup.apply(live, {change(live, row.name, row.type, {row.value})});
    CHECK(setup.writes() == std::vector<std::string>{"POST " + row.body});
    const auto now = setup.read();
    const auto* set = now.find(*dns::Name::parse(row.name, kApex), row.type);
    REQUIRE(set != nullptr);
    CHECK(set->set.has(*dns::parse_rdata(row.type, row.value, kApex)));
  }
}

TEST_CASE("digitalocean: a change of a value is one request, with data and dot as if it were new") {
  Setup setup;
  setup.make_zone();
  setup.put(R"({"type":"MX","name":"@","data":"mx1.example.net.","priority":10,"ttl":300})");
  setup.put(R"({"type":"MX","name":"@","data":"mx2.example.net.","priority":20,"ttl":300})");
  const auto live = setup.read();
  setup.simulator.forget();
  setup.apply(live, {change(live, "@", dns::Type::MX, {"10 mx1.example.net.", "0 in.example."})});
  REQUIRE(setup.writes().size() == 1);
  CHECK(setup.writes().front() ==
        R"(PUT {"type":"MX","name":"@","ttl":300,"data":"in.example.","priority":0})");
  SECTION("a TTL as well, of each record") {
    const auto now = setup.read();
    setup.simulator.forget();
    setup.apply(now,
                {change(now, "@", dns::Type::MX, {"10 mx1.example.net.", "0 in.example."}, 600)});
    CHECK(setup.simulator.count(Method::put) == 2);
    CHECK(setup.simulator.count() == 2);
  }
}

TEST_CASE("digitalocean: equal records that are there twice go together") {
  Setup setup;
  setup.make_zone();
  setup.put(R"({"type":"A","name":"a","data":"192.0.2.1","ttl":300})");
  setup.put(R"({"type":"A","name":"a","data":"192.0.2.1","ttl":600})");
  const auto live = setup.read();
  const auto* set = live.find(*dns::Name::parse("a", kApex), dns::Type::A);
  REQUIRE(set != nullptr);
  CHECK(set->set.values.size() == 1);
  setup.simulator.forget();
  setup.apply(live, {change(live, "a", dns::Type::A, {})});
  CHECK(setup.simulator.count(Method::remove) == 2);
  CHECK(setup.read().find(*dns::Name::parse("a", kApex), dns::Type::A) == nullptr);
}

TEST_CASE("digitalocean: a zone is read by the largest pages and found by one request") {
  Setup setup;
  setup.make_zone();
  // Beside SOA and three NS.
  for (int i = 0; i < 596; ++i) {
    setup.simulator.plant("example.com",
                          {0, "A", "h" + std::to_string(i), "192.0.2.1", 300, {}, {}});
  }
  const auto provider = setup.make();
  CHECK(provider->find(kApex).size() == 1);
  CHECK(setup.simulator.count() == 1);
  setup.simulator.forget();
  CHECK(provider->read(kZone).sets().size() == 597);
  CHECK(setup.simulator.count() == 3);
  CHECK(setup.simulator.exchanges().back().request.url ==
        "https://api.digitalocean.com/v2/domains/example.com/records?page=3&per_page=200");
  setup.simulator.plant("example.com", {0, "A", "one.more", "192.0.2.1", 300, {}, {}});
  setup.simulator.forget();
  CHECK(provider->read(kZone).sets().size() == 598);
  CHECK(setup.simulator.count() == 4);
}

TEST_CASE("digitalocean: zones are listed over all pages, and one that is not there is not found") {
  Setup setup;
  for (int i = 0; i < 201; ++i) setup.make_zone("z" + std::to_string(i) + ".example");
  const auto provider = setup.make();
  CHECK(provider->list()->size() == 201);
  CHECK(setup.simulator.count() == 2);
  CHECK(provider->find(kApex).empty());
  CHECK(provider->places(kApex) ==
        std::vector<std::string>{"https://api.digitalocean.com/v2/domains"});
}

TEST_CASE("digitalocean: pages that are missing, repeated or moved are errors") {
  const auto page = [](const std::string& ids, bool next, int total) {
    std::string records;
    for (const std::string& id : base::split(ids, ' ')) {
      records += (records.empty() ? "" : ",") + std::string(R"({"id":)") + id +
                 R"(,"type":"A","name":"a)" + id + R"(","data":"192.0.2.1","ttl":60})";
    }
    return R"({"domain_records":[)" + records + R"(],"links":{)" +
           (next ? R"("pages":{"next":"https://x.example/"})" : "") + R"(},"meta":{"total":)" +
           std::to_string(total) + "}}";
  };
  const std::vector<std::vector<std::string>> rows = {
      {page("1 2", false, 3)},                      // one is missing
      {page("1 2", true, 3), page("2", false, 3)},  // one comes twice
      {page("1 2", true, 4), page("3", false, 4)},  // one is missing on the last page
      {page("1 2", true, 4), page("3", false, 3)},  // one went meanwhile
      {page("1 2", true, 3), "{\"domain_records\":[],\"links\":{}}"},  // no count
  };
  for (const auto& pages : rows) {
    INFO(pages.back());
    Setup setup;
    std::size_t number = 0;
    http::Client client(
        http::fake_transport([&](const http::Request& request) {
          CHECK(request.url.starts_with(DigitaloceanSimulator::kUrl));
          return http::Response{200, {{"Content-Type", "application/json"}}, pages.at(number++)};
        }),
        setup.clock);
    const auto provider = providers::digitalocean_info().make(setup.account, {setup.clock, client});
    CHECK_THROWS_AS(provider->read(kZone), base::Error);
  }
}

TEST_CASE("digitalocean: errors say what, why and what now") {
  Setup setup;
  setup.make_zone();
  setup.put(R"({"type":"CNAME","name":"www","data":"x.example.","ttl":300})");
  const auto live = setup.read();
  SECTION("a record is refused") {
    const auto error =
        error_of([&] { setup.apply(live, {change(live, "www", dns::Type::A, {"192.0.2.1"})}); });
    CHECK(error.kind() == ErrorKind::invalid);
    CHECK(error.effect() == Effect::none);
    CHECK(error.key() == "www.example.com/A");
    CHECK(std::string(error.what()) ==
          "creating www.example.com/A: the server answered 422: CNAME records cannot share a name "
          "with other records (unprocessable_entity)");
  }
  SECTION("the second of two is refused") {
    const auto error = error_of([&] {
      setup.apply(live, {change(live, "a", dns::Type::A, {"192.0.2.1"}),
                         change(live, "www", dns::Type::A, {"192.0.2.1"})});
    });
    CHECK(error.effect() == Effect::partial);
    CHECK(error.key() == "www.example.com/A");
  }
  SECTION("a record that went meanwhile") {
    setup.ask(
        Method::remove,
        "/v2/domains/example.com/records/" +
            live.find(*dns::Name::parse("www", kApex), dns::Type::CNAME)->extra->record_ids[0],
        {});
    const auto error =
        error_of([&] { setup.apply(live, {change(live, "www", dns::Type::CNAME, {})}); });
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.effect() == Effect::none);
  }
  SECTION("a type that is not there") {
    const auto error = error_of([&] {
      setup.apply(live,
                  {change(live, "_25._tcp", dns::Type::TLSA, {"3 1 1 " + std::string(64, 'a')})});
    });
    CHECK(error.kind() == ErrorKind::unsupported);
    CHECK(error.key() == "_25._tcp.example.com/TLSA");
  }
  SECTION("an atomic step of several records is not promised") {
    const base::WritePermit permit;
    const auto error = error_of([&] {
      setup.make()->apply(live,
                          {{change(live, "a", dns::Type::A, {"192.0.2.1", "192.0.2.2"})}, true});
    });
    CHECK(error.kind() == ErrorKind::unsupported);
  }
}

TEST_CASE("digitalocean: tokens without the right, and wrong ones") {
  DigitaloceanSimulator::Options options;
  options.scopes = {"domain:read", "domain:create"};
  Setup setup(options);
  setup.make_zone();
  const auto live = setup.read();
  const auto error = error_of([&] { setup.apply(live, {change(live, "@", dns::Type::NS, {})}); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(error.effect() == Effect::none);
  CHECK(error.hint().find("domain:update") != std::string::npos);
  ::setenv("MXSMITH_TEST_DO_TOKEN", "wrong-token-of-somebody", 1);
  const auto refused = error_of([&] { setup.make()->find(kApex); });
  CHECK(refused.kind() == ErrorKind::auth);
  CHECK(std::string(refused.what()).find("wrong-token") == std::string::npos);
  CHECK(refused.hint().find("token") != std::string::npos);
}

TEST_CASE("digitalocean: the rights that the README names are enough") {
  DigitaloceanSimulator::Options options;
  options.scopes = {"domain:read", "domain:update"};
  Setup setup(options);
  setup.simulator.add_zone("example.com");
  plan::LiveZone live = setup.read();
  setup.apply(live, {change(live, "a", dns::Type::A, {"192.0.2.1", "192.0.2.2"})});
  live = setup.read();
  setup.apply(live, {change(live, "a", dns::Type::A, {"192.0.2.3"})});
  live = setup.read();
  setup.apply(live, {change(live, "a", dns::Type::A, {})});
  CHECK(setup.read().sets().size() == 1);
  CHECK(setup.make()->check().lines.size() == 3);
}

TEST_CASE("digitalocean: a check of the account tells which zones are seen") {
  Setup setup;
  const auto none = setup.make()->check();
  CHECK(none.lines.at(1).result == provider::AccountCheck::Line::Result::doubtful);
  setup.make_zone();
  const auto check = setup.make()->check();
  CHECK(check.lines.at(0).result == provider::AccountCheck::Line::Result::good);
  CHECK(check.lines.at(1).text == "it sees 1 zone: example.com");
  CHECK(setup.simulator.count(Method::post) == 0);
  ::setenv("MXSMITH_TEST_DO_TOKEN", "wrong", 1);
  CHECK(error_of([&] { setup.make()->check(); }).kind() == ErrorKind::auth);
}

TEST_CASE("digitalocean: however many requests, the server never has to say stop") {
  Setup setup;
  setup.make_zone();
  const auto provider = setup.make();
  const auto begin = setup.clock.now();
  for (int i = 0; i < 5600; ++i) provider->find(kApex);
  for (const auto& [request, response] : setup.simulator.exchanges()) {
    REQUIRE(response.status == 200);
  }
  CHECK(setup.clock.now() - begin >= base::Seconds(3600));
}

TEST_CASE("digitalocean: settings") {
  Setup setup;
  SECTION("the token is never written") {
    setup.account.settings["token"] = {std::string("dop_v1_abc"), {}};
    const auto error = error_of([&] { setup.make(); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(std::string(error.what()).find("dop_v1_abc") == std::string::npos);
  }
  SECTION("an unknown one") {
    setup.account.settings["tokn"] = {std::string("x"), {}};
    CHECK(std::string(error_of([&] { setup.make(); }).what()) ==
          "a digitalocean account has no setting `tokn`; did you mean `token`?");
  }
  SECTION("the environment stands in, the first variable that is set") {
    setup.account.settings.clear();
    for (const char* name : {"DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DO_AUTH_TOKEN"}) {
      ::unsetenv(name);
    }
    CHECK(error_of([&] { setup.make(); }).kind() == ErrorKind::auth);
    ::setenv("DO_AUTH_TOKEN", setup.simulator.token().c_str(), 1);
    CHECK(setup.make()->list()->empty());
    ::setenv("DIGITALOCEAN_TOKEN", "another one", 1);
    CHECK(error_of([&] { setup.make()->list(); }).kind() == ErrorKind::auth);
    ::unsetenv("DIGITALOCEAN_TOKEN");
    ::unsetenv("DO_AUTH_TOKEN");
  }
  SECTION("where the API is") {
    struct Row {
      std::string url;
      std::string fault;
    };
    for (const Row& row : std::vector<Row>{{"https://api.digitalocean.com/v2/", ""},
                                           {"HTTPS://API.DigitalOcean.com", ""},
                                           {"http://api.digitalocean.com", "plain http"},
                                           {"ftp://api.digitalocean.com", "begins with neither"},
                                           {"https://", "names no host"},
                                           {"https://me:secret@api.digitalocean.com", "password"},
                                           {"https://api.digitalocean.com?x", "query"},
                                           {"https://api digitalocean.com", "blanks"}}) {
      INFO(row.url);
      setup.account.settings["url"] = {row.url, {}};
      if (row.fault.empty()) {
        CHECK(setup.make()->list()->empty());
      } else {
        const auto error = error_of([&] { setup.make(); });
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(std::string(error.what()).find(row.fault) != std::string::npos);
      }
    }
  }
  SECTION("one account by any token") {
    const std::string print = setup.make()->fingerprint();
    ::setenv("MXSMITH_TEST_DO_TOKEN", "another", 1);
    CHECK(setup.make()->fingerprint() == print);
    CHECK(print.find(setup.simulator.token()) == std::string::npos);
  }
}

TEST_CASE("digitalocean: what is asked and answered is what the published description has") {
  Setup setup;
  REQUIRE(setup.ask(Method::post, "/v2/domains", R"({"name":"example.com"})").status == 201);
  const auto provider = setup.make();
  provider->list();
  provider->find(kApex);
  provider->find(dns::Name::of("none.example"));
  for (int i = 0; i < 250; ++i) {
    setup.simulator.plant("example.com",
                          {0, "A", "h" + std::to_string(i), "192.0.2.1", 300, {}, {}});
  }
  plan::LiveZone live = setup.read();
  setup.apply(live, {change(live, "a", dns::Type::A, {"192.0.2.1", "192.0.2.2"}),
                     change(live, "a", dns::Type::AAAA, {"2001:db8::1"}),
                     change(live, "@", dns::Type::MX, {"0 mx.example."}),
                     change(live, "@", dns::Type::TXT, {"\"v=spf1 -all\""}),
                     change(live, "@", dns::Type::CAA, {"0 issue \"letsencrypt.org\""}),
                     change(live, "_s._tcp", dns::Type::SRV, {"0 0 0 ."}),
                     change(live, "www", dns::Type::CNAME, {"@"}),
                     change(live, "@", dns::Type::NS, {"ns1.example.", "ns2.example."})});
  live = setup.read();
  CHECK_THROWS_AS(setup.apply(live, {change(live, "www", dns::Type::A, {"192.0.2.1"})}),
                  base::Error);
  setup.apply(live, {change(live, "@", dns::Type::MX, {"5 mx.example."}),
                     change(live, "a", dns::Type::A, {}),
                     change(live, "@", dns::Type::CAA, {"0 iodef \"https://a.example/x\""}),
                     change(live, "_s._tcp", dns::Type::SRV, {"1 2 3 x.example."})});
  CHECK_THROWS_AS(provider->read({dns::Name::of("none.example"), "none.example", {}}), base::Error);
  ::setenv("MXSMITH_TEST_DO_TOKEN", "wrong", 1);
  CHECK_THROWS_AS(setup.make()->list(), base::Error);
  check_described("digitalocean-openapi-domains.json", setup.simulator.exchanges());
}
