// Route 53 as a provider, at the simulator: zones, sets, batches, changes on their way, refusals.
#include <algorithm>

#include "plan/schedule.hpp"
#include "providers/route53/batch.hpp"
#include "providers/route53/spelling.hpp"
#include "route53_setup.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::Error;
using base::ErrorKind;
using providers::route53::parse_name;
using providers::route53::print_name;

namespace {

std::vector<std::string> ids_of(const std::vector<plan::ZoneRef>& refs) {
  std::vector<std::string> ids;
  for (const auto& ref : refs) ids.push_back(ref.id);
  return ids;
}

/// What the last request wrote, without what stands around the changes.
std::string sent_by(const Route53Simulator& simulator) {
  const auto exchanges = simulator.exchanges();
  const auto last = std::find_if(exchanges.rbegin(), exchanges.rend(), [](const auto& one) {
    return one.request.method == http::Method::post;
  });
  if (last == exchanges.rend()) return "nothing";
  const std::string& body = last->request.body;
  const std::size_t begin = body.find("<Changes>") + 9;
  return body.substr(begin, body.find("</Changes>") - begin);
}

std::vector<plan::Change> thousand(const plan::LiveZone& live, int network) {
  std::vector<plan::Change> changes;
  for (int i = 0; i < 1000; ++i) {
    changes.push_back(route53_change(live, "h" + std::to_string(i), dns::Type::A,
                                     {"10." + std::to_string(network) + "." +
                                      std::to_string(i / 250) + "." + std::to_string(i % 250)}));
  }
  return changes;
}

/// Sends all steps of a schedule; how many.
std::size_t apply_all(Route53Setup& setup, const plan::LiveZone& live,
                      const std::vector<plan::Change>& changes) {
  const auto steps = plan::schedule(changes, setup.make()->traits(live.ref()));
  for (const plan::Step& step : steps) {
    std::vector<plan::Change> portion;
    for (const std::size_t i : step.changes) portion.push_back(changes[i]);
    setup.apply(live, portion);
  }
  return steps.size();
}

}  // namespace

TEST_CASE("Route 53: names are escaped in octal, zone files in decimal") {
  const std::pair<const char*, const char*> rows[] = {
      {"\\052.example.com.", "*.example.com."},
      {"www.Example.COM", "www.example.com."},
      {"\\100.example.com.", "\\@.example.com."},
      {"a\\057b.example.com.", "a/b.example.com."},
      {"a\\056b.example.com.", "a\\.b.example.com."},
      {"a\\040b.example.com.", "a\\032b.example.com."},
      {"_25._tcp.mx.example.com.", "_25._tcp.mx.example.com."},
      {"\\303\\274.example.com.", "\\195\\188.example.com."},
  };
  for (const auto& [text, zone_file] : rows) {
    INFO(text);
    const auto name = parse_name(text);
    REQUIRE(name);
    CHECK(*name == dns::Name::of(zone_file));
    CHECK(*parse_name(print_name(*name)) == *name);
  }
  CHECK(print_name(dns::Name::of("*.example.com")) == "\\052.example.com.");
  CHECK(print_name(dns::Name()) == ".");
}

TEST_CASE("Route 53: values are escaped in octal and may lack final dots") {
  dns::NamePool names;
  const auto read = [&](dns::Type type, const char* text) {
    return providers::route53::parse_value(type, text, names);
  };
  CHECK(*read(dns::Type::TXT, R"("a\101\042\\b" "c")") == dns::Rdata(dns::Txt{"aA\"\\bc"}));
  CHECK(*read(dns::Type::MX, "10 mx.example.net") ==
        dns::Rdata(dns::Mx{10, dns::Name::of("mx.example.net")}));
  CHECK_FALSE(read(dns::Type::A, "1.2.3"));
  CHECK_FALSE(read(dns::Type::A, "1.2.3.4\n5.6.7.8"));
  CHECK(providers::route53::print_value(dns::Txt{"\x01 \xff\"\\"}) == R"("\001 \377\"\\")");
}

TEST_CASE("Route 53: the list by name begins at a name, and another zone is not ours") {
  Route53Simulator::Options options;
  options.zones_per_page = 2;
  Route53Setup setup(options);
  const std::string other = setup.simulator.create_zone("sub.example.com.");
  const std::string behind = setup.simulator.create_zone("example.org.");
  const auto provider = setup.make();
  CHECK(ids_of(provider->find(kRoute53Apex)) == std::vector<std::string>{setup.id});
  CHECK(provider->find(dns::Name::of("a.example.com")).empty());
  CHECK(provider->find(dns::Name::of("com")).empty());
  CHECK(provider->find(dns::Name::of("example.net")).empty());
  CHECK(provider->find(dns::Name::of("zz.example")).empty());
  CHECK(ids_of(provider->find(dns::Name::of("example.org"))) == std::vector<std::string>{behind});
  CHECK(provider->list()->size() == 3);
}

TEST_CASE("Route 53: zones of one name are told apart") {
  Route53Simulator::Options options;
  options.zones_per_page = 1;
  Route53Setup setup(options);
  const std::string inner = setup.simulator.create_zone("example.com.", true);
  const std::string second = setup.simulator.create_zone("example.com.");
  setup.simulator.create_zone("example.com.", true, "servicediscovery.amazonaws.com");
  CHECK(setup.make()->find(kRoute53Apex).size() == 3);
  setup.account.settings["zones"] = {std::string("private"), {}};
  CHECK(ids_of(setup.make()->find(kRoute53Apex)) == std::vector<std::string>{inner});
  setup.account.settings["zones"] = {std::string("public"), {}};
  CHECK(ids_of(setup.make()->find(kRoute53Apex)) == std::vector<std::string>{setup.id, second});
  setup.account.settings["zone_ids"] = {std::vector<std::string>{second}, {}};
  CHECK(ids_of(setup.make()->find(kRoute53Apex)) == std::vector<std::string>{second});
  CHECK(ids_of(*setup.make()->list()) == std::vector<std::string>{second});
  CHECK(setup.make()->find(dns::Name::of("other.example")).empty());
  setup.account.settings["zone_ids"] = {std::vector<std::string>{"Z0000000000"}, {}};
  CHECK(route53_error([&] { setup.make()->list(); }).kind() == ErrorKind::not_found);
}

TEST_CASE("Route 53: a zone of another AWS service is refused by name") {
  Route53Setup setup;
  setup.simulator.create_zone("svc.local.", true, "servicediscovery.amazonaws.com");
  const auto error = route53_error([&] { setup.make()->find(dns::Name::of("svc.local")); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(std::string(error.what()).find("servicediscovery.amazonaws.com") != std::string::npos);
  CHECK(setup.make()->list()->size() == 1);
}

TEST_CASE("Route 53: a zone of 1000 sets takes four reads, one write to make and two to change") {
  Route53Setup setup;
  plan::LiveZone live = setup.read();
  setup.simulator.forget();
  CHECK(apply_all(setup, live, thousand(live, 1)) == 1);
  CHECK(setup.simulator.count(http::Method::post) == 1);
  CHECK(setup.simulator.count(http::Method::get) == 1);
  setup.simulator.forget();
  live = setup.read();
  CHECK(live.sets().size() == 1002);
  CHECK(setup.simulator.count() == 4);
  setup.simulator.forget();
  CHECK(apply_all(setup, live, thousand(live, 2)) == 2);
  CHECK(setup.simulator.count(http::Method::post) == 2);
  setup.simulator.forget();
  live = setup.read();
  std::vector<plan::Change> all = thousand(live, 2);
  for (plan::Change& change : all) change.after.reset();
  CHECK(apply_all(setup, live, all) == 1);
  CHECK(setup.read().sets().size() == 2);
}

TEST_CASE("Route 53: what goes is repeated to the letter, what comes is created") {
  Route53Setup setup;
  setup.set("example.com.", "MX", {"10 MX1.Old.example", "20 mx2.old.example."});
  setup.set("sw.example.com.", "A", {"192.0.2.1"}, 60);
  const auto live = setup.read();
  setup.apply(live,
              {route53_change(live, "sw", dns::Type::CNAME, {"x.example."}),
               route53_change(live, "@", dns::Type::MX, {"10 mx1.old.example.", "0 in.example."}),
               route53_change(live, "sw", dns::Type::A, {})});
  const auto change = [](const std::string& action, const std::string& name,
                         const std::string& type, const std::string& ttl,
                         const std::vector<std::string>& values) {
    std::string text = "<Change><Action>" + action + "</Action><ResourceRecordSet><Name>" + name +
                       "</Name><Type>" + type + "</Type><TTL>" + ttl + "</TTL><ResourceRecords>";
    for (const auto& value : values) {
      text += "<ResourceRecord><Value>" + value + "</Value></ResourceRecord>";
    }
    return text + "</ResourceRecords></ResourceRecordSet></Change>";
  };
  CHECK(
      sent_by(setup.simulator) ==
      change("DELETE", "example.com.", "MX", "300", {"10 MX1.Old.example", "20 mx2.old.example."}) +
          change("DELETE", "sw.example.com.", "A", "60", {"192.0.2.1"}) +
          change("CREATE", "sw.example.com.", "CNAME", "300", {"x.example."}) +
          change("CREATE", "example.com.", "MX", "300", {"10 MX1.Old.example", "0 in.example."}));
}

TEST_CASE("Route 53: a set that is deleted comes back as it was spelled") {
  Route53Setup setup;
  Route53Simulator::Set set{"t.example.com.", "TXT", {},        {}, 300,
                            {R"("a" "b")"},   {},    "check-1", {}};
  setup.simulator.put(setup.id, set);
  auto live = setup.read();
  const auto gone = route53_change(live, "t", dns::Type::TXT, {});
  setup.apply(live, {gone});
  live = setup.read();
  CHECK(live.find(gone.key) == nullptr);
  setup.apply(live, {plan::invert(gone)});
  CHECK(setup.simulator.zone(setup.id).sets.at(Route53Simulator::key_of(set)) == set);
}

TEST_CASE("Route 53: whoever was faster is not overwritten, and nothing of the batch is done") {
  Route53Setup setup;
  setup.set("www.example.com.", "A", {"192.0.2.1"});
  const auto live = setup.read();
  setup.set("www.example.com.", "A", {"192.0.2.9"});
  const auto error = route53_error([&] {
    setup.apply(live, {route53_change(live, "new", dns::Type::A, {"192.0.2.3"}),
                       route53_change(live, "www", dns::Type::A, {"192.0.2.2"})});
  });
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.effect() == Effect::none);
  CHECK(error.key() == "www.example.com/A");
  CHECK_FALSE(error.request_id().empty());
  const auto now = setup.read();
  CHECK(now.find({dns::Name::of("new.example.com"), dns::Type::A}) == nullptr);
  CHECK(
      dns::print_rdata(now.find({dns::Name::of("www.example.com"), dns::Type::A})->set.values[0]) ==
      "192.0.2.9");
}

TEST_CASE("Route 53: aliases and routed sets belong to somebody else") {
  Route53Setup setup;
  const auto put = [&](const char* name, const char* type, const char* identifier,
                       std::vector<std::string> values,
                       std::optional<Route53Simulator::Alias> alias = std::nullopt) {
    Route53Simulator::Set set;
    set.name = name;
    set.type = type;
    set.identifier = identifier;
    if (!set.identifier.empty()) set.weight = 1;
    set.ttl = 60;
    set.values = std::move(values);
    set.alias = std::move(alias);
    setup.simulator.put(setup.id, set);
  };
  put("\\052.example.com.", "A", "", {},
      Route53Simulator::Alias{"Z2FDTNDATAQYW2", "d1.cloudfront.net."});
  put("mx.example.com.", "MX", "", {"10 a.example."});
  put("alias.example.com.", "MX", "", {}, Route53Simulator::Alias{setup.id, "mx.example.com."});
  put("r.example.com.", "A", "blue", {"192.0.2.1"});
  put("r.example.com.", "A", "green", {"192.0.2.2"});
  const auto live = setup.read();
  const auto* wildcard = live.find(dns::Name::of("*.example.com"), dns::Type::A);
  REQUIRE(wildcard != nullptr);
  CHECK(wildcard->foreign() == "Route 53, as an alias");
  CHECK(wildcard->set.values.size() == 1);
  const auto* alias = live.find(dns::Name::of("alias.example.com"), dns::Type::MX);
  REQUIRE(alias != nullptr);
  CHECK(dns::print_rdata(alias->set.values.at(0)) == "10 a.example.");
  CHECK_FALSE(alias->foreign().empty());
  const auto* routed = live.find(dns::Name::of("r.example.com"), dns::Type::A);
  REQUIRE(routed != nullptr);
  CHECK(routed->set.values.size() == 2);
  CHECK(routed->foreign() == "a routing policy of Route 53");
  const auto error = route53_error(
      [&] { setup.apply(live, {route53_change(live, "r", dns::Type::A, {"192.0.2.3"})}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.key() == "r.example.com/A");
  CHECK(sent_by(setup.simulator) == "nothing");
}

TEST_CASE("Route 53: pages that end within routed sets go on where they ended") {
  Route53Simulator::Options options;
  options.sets_per_page = 1;
  Route53Setup setup(options);
  for (const char* identifier : {"a", "b", "c"}) {
    Route53Simulator::Set set{"r.example.com.", "A", identifier, 1, 60, {"192.0.2.1"}, {}, {}, {}};
    set.values = {std::string("192.0.2.") + std::to_string(identifier[0] - 'a' + 1)};
    setup.simulator.put(setup.id, set);
  }
  const auto live = setup.read();
  CHECK(live.find(dns::Name::of("r.example.com"), dns::Type::A)->set.values.size() == 3);
  CHECK(setup.simulator.count() == 5);
}

TEST_CASE("Route 53: the apex's NS set is put in one go, and the SOA record never") {
  Route53Setup setup;
  const auto live = setup.read();
  setup.apply(live, {route53_change(live, "@", dns::Type::NS, {"ns1.example.", "ns2.example."})});
  CHECK(sent_by(setup.simulator).starts_with("<Change><Action>UPSERT</Action>"));
  const auto error = [&](dns::Type type) {
    return route53_error([&] { setup.apply(live, {route53_change(live, "@", type, {})}); }).kind();
  };
  CHECK(error(dns::Type::NS) == ErrorKind::unsupported);
  CHECK(error(dns::Type::SOA) == ErrorKind::unsupported);
}

TEST_CASE("Route 53: a change is followed until all name servers have it") {
  Route53Simulator::Options options;
  options.polls = 3;
  Route53Setup setup(options);
  const auto live = setup.read();
  CHECK(setup.apply(live, {route53_change(live, "www", dns::Type::A, {"192.0.2.1"})}) == 4);
  // What changes nothing is not sent.
  CHECK(setup.apply(setup.read(), {route53_change(live, "www", dns::Type::A, {"192.0.2.1"})}) == 0);
}

TEST_CASE("Route 53: whoever may not follow changes goes on without") {
  Route53Simulator::Options options;
  options.may_follow_changes = false;
  Route53Setup setup(options);
  const auto live = setup.read();
  CHECK(setup.apply(live, {route53_change(live, "www", dns::Type::A, {"192.0.2.1"})}) == 1);
}

TEST_CASE("Route 53: a change that cannot be followed may have been done") {
  Route53Setup setup;
  const auto error = route53_error([&] {
    setup.make()->done({kRoute53Apex, setup.id, {}}, provider::Pending{"C404"});
  });
  CHECK(error.kind() == ErrorKind::not_found);
  CHECK(error.effect() == Effect::unknown);
}

TEST_CASE("Route 53: whoever asks too fast, or while a change is taken in, waits") {
  for (const char* code : {"Throttling", "ThrottlingException", "PriorRequestNotComplete"}) {
    INFO(code);
    Route53Setup setup;
    const auto live = setup.read();
    setup.simulator.forget();
    setup.simulator.inject({http::Method::post, 2, 400, code, "Rate exceeded"});
    const auto before = setup.clock.ticks();
    setup.apply(live, {route53_change(live, "www", dns::Type::A, {"192.0.2.1"})});
    CHECK(setup.simulator.count(http::Method::post) == 3);
    CHECK(setup.clock.ticks() - before >= std::chrono::milliseconds(1000));
    setup.simulator.inject({http::Method::get, 9, 400, code, "Rate exceeded"});
    const auto error = route53_error([&] { setup.read(); });
    CHECK(error.kind() == ErrorKind::rate_limited);
  }
}

TEST_CASE("Route 53: a clock that is wrong is set by the server's") {
  Route53Setup* place = nullptr;
  Route53Simulator::Options options;
  options.now = [&place] { return place->clock.now() + std::chrono::hours(1); };
  Route53Setup setup(options);
  place = &setup;
  CHECK(setup.make()->find(kRoute53Apex).size() == 1);
  CHECK(setup.simulator.count() == 2);
  CHECK(setup.make()->find(kRoute53Apex).size() == 1);
  CHECK(setup.simulator.count() == 3);
}

TEST_CASE("Route 53: what it refuses is told with the record, the reason and what to do") {
  Route53Setup setup;
  const auto live = setup.read();
  const auto refused = [&](const plan::Change& change) {
    return route53_error([&] { setup.apply(live, {change}); });
  };
  const auto cname = refused(route53_change(live, "@", dns::Type::CNAME, {"x.example."}));
  CHECK(cname.kind() == ErrorKind::invalid);
  CHECK(cname.key() == "example.com/CNAME");
  CHECK(std::string(cname.what()).find("not permitted at apex") != std::string::npos);
  plan::Change text = route53_change(live, "t", dns::Type::TXT, {"x"});
  text.after->set.values = {dns::Txt{std::string(1500, '\xff')}};
  const auto escaped = refused(text);
  CHECK(escaped.kind() == ErrorKind::unsupported);
  CHECK(escaped.key() == "t.example.com/TXT");
  std::vector<std::string> many;
  for (int i = 0; i < 1001; ++i) {
    many.push_back("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
  }
  const auto large = refused(route53_change(live, "many", dns::Type::A, many));
  CHECK(large.kind() == ErrorKind::unsupported);
  CHECK(large.key() == "many.example.com/A");
  setup.simulator.inject({http::Method::get, 1, 403, "AccessDenied", "User kim may not"});
  const auto denied = route53_error([&] { setup.read(); });
  CHECK(denied.kind() == ErrorKind::auth);
  CHECK(denied.hint().find("README") != std::string::npos);
  CHECK(setup.trace.find(setup.simulator.options().secret_access_key) == std::string::npos);
}

TEST_CASE("Route 53: several messages of one batch are read in both forms") {
  Route53Setup setup;
  const auto live = setup.read();
  http::Client client(
      http::fake_transport([](const http::Request&) {
        return http::Response{
            400,
            {{"Content-Type", "text/xml"}},
            "<InvalidChangeBatch xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Messages>"
            "<Message>first</Message><Message>Tried to create resource record set "
            "[name='www.example.com.', type='A'] but it already exists</Message></Messages>"
            "</InvalidChangeBatch>"};
      }),
      setup.clock);
  const auto provider = providers::route53_info().make(setup.account, {setup.clock, client});
  const base::WritePermit permit;
  const auto error = route53_error([&] {
    provider->apply(live, {{route53_change(live, "www", dns::Type::A, {"192.0.2.1"})}, true});
  });
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.key() == "www.example.com/A");
  CHECK(std::string(error.what()).find("first; Tried to create") != std::string::npos);
}

TEST_CASE("Route 53: pages that do not fit each other are no zone") {
  Route53Simulator::Options options;
  options.sets_per_page = 2;
  Route53Setup setup(options);
  setup.set("a.example.com.", "A", {"192.0.2.1"});
  setup.set("b.example.com.", "A", {"192.0.2.1"});
  const auto read_with = [&](const std::string& what, const std::string& by) {
    http::Client client(http::fake_transport([&](const http::Request& request) {
                          http::Response response = setup.simulator.answer(request);
                          std::string text = response.body.text();
                          const std::size_t at = text.find(what);
                          if (at != std::string::npos) text.replace(at, what.size(), by);
                          response.body = text;
                          return response;
                        }),
                        setup.clock);
    const auto provider = providers::route53_info().make(setup.account, {setup.clock, client});
    return route53_error([&] { provider->read({kRoute53Apex, setup.id, {}}); }).kind();
  };
  CHECK(read_with("nothing of this", "") == ErrorKind::usage);  // no error
  CHECK(read_with("<ResourceRecordSet><Name>a.example.com.</Name><Type>A</Type><TTL>300</TTL>"
                  "<ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord>"
                  "</ResourceRecords></ResourceRecordSet>",
                  "") == ErrorKind::protocol);
  CHECK(read_with("<NextRecordName>a.example.com.</NextRecordName>", "") == ErrorKind::protocol);
  CHECK(read_with("<NextRecordName>a.example.com.</NextRecordName><NextRecordType>A",
                  "<NextRecordName>example.com.</NextRecordName><NextRecordType>NS") ==
        ErrorKind::protocol);
  CHECK(read_with("<Type>SOA</Type>", "<Type>TXT</Type>") == ErrorKind::protocol);
  CHECK(read_with("<IsTruncated>true</IsTruncated>", "") == ErrorKind::protocol);
  CHECK(read_with("<TTL>300</TTL>", "<TTL>x</TTL>") == ErrorKind::protocol);
  CHECK(read_with("<Name>a.example.com.</Name>", "<Name>a.example.org.</Name>") ==
        ErrorKind::protocol);
}

TEST_CASE("Route 53: a look at the account says what it may do") {
  Route53Simulator::Options options;
  options.may_follow_changes = false;
  Route53Setup setup(options);
  const auto check = setup.make()->check();
  REQUIRE(check.lines.size() == 4);
  CHECK(check.lines[0].text == "credentials from the account's settings are taken");
  CHECK(check.lines[1].text == "it sees 1 zone");
  CHECK(check.lines[2].text == "it may read example.com");
  CHECK(check.lines[3].result == provider::AccountCheck::Line::Result::doubtful);
  CHECK(check.lines[3].hint.find("route53:GetChange") != std::string::npos);
  CHECK(setup.simulator.count(http::Method::post) == 0);
}

TEST_CASE("Route 53: settings that cannot be taken are refused by name") {
  const AwsEnvironment environment;
  struct Row {
    const char* name;
    base::SettingValue value;
    const char* words;
  };
  const Row rows[] = {
      {"url", std::string("route53"), "`url` is no address"},
      {"url", std::string("https://kim:pw@x"), "`url` is no address"},
      {"zones", std::string("both"), "\"public\" or \"private\""},
      {"partition", std::string("moon"), "aws-us-gov"},
      {"zone_ids", std::vector<std::string>{"../x"}, "ids of hosted zones"},
      {"secret_access_key", std::string("plain"), "never the secret itself"},
      {"profile", std::string("main"), "exclude each other"},
      {"nonsense", std::string("x"), "nonsense"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Route53Setup setup;
    setup.account.settings[row.name] = {row.value, {}};
    const auto error = route53_error([&] { setup.make(); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(std::string(error.what()).find(row.words) != std::string::npos);
    CHECK(std::string(error.what()).find("plain") == std::string::npos);
  }
  Route53Setup setup;
  setup.account.settings.erase("secret_access_key");
  CHECK(route53_error([&] { setup.make(); }).kind() == ErrorKind::usage);
}
