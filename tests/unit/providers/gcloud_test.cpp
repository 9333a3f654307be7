// Zones, changes and refusals of Google Cloud DNS.
#include "base/text.hpp"
#include "plan/schedule.hpp"
#include "unit/providers/gcloud_setup.hpp"

using namespace mxsmith;
using base::Effect;
using base::ErrorKind;
using http::Json;
using tests::change_to;
using tests::GcloudSetup;
using tests::GcloudSimulator;
using tests::set_of;

namespace {

constexpr auto kTxt = dns::Type::TXT;
constexpr auto kMx = dns::Type::MX;

GcloudSimulator::Options small(std::size_t page) {
  GcloudSimulator::Options options;
  options.page = page;
  return options;
}

void put(GcloudSetup& setup, const std::string& name, const std::string& type,
         const std::vector<std::string>& rrdatas, std::int64_t ttl = 300) {
  setup.simulator.put("example-com", {name, type}, {ttl, rrdatas, {}});
}

}  // namespace

TEST_CASE("gcloud: zones of one name are told apart, and those without records left out") {
  GcloudSetup setup;
  setup.simulator.make_zone("inside", "example.com.", {{"visibility", "private"}});
  setup.simulator.make_zone("forwarded", "example.com.",
                            {{"visibility", "private"}, {"forwardingConfig", Json::object()}});
  setup.simulator.make_zone("other", "example.net.");
  const auto ids_of = [](const std::vector<plan::ZoneRef>& refs) {
    std::vector<std::string> ids;
    for (const auto& ref : refs) ids.push_back(ref.id);
    return base::join(ids, " ");
  };
  const dns::Name name = dns::Name::of("example.com");
  CHECK(ids_of(setup.make()->find(name)) == "example-com inside");
  CHECK(ids_of(*setup.make()->list()) == "example-com inside other");
  CHECK(setup.make()->find(dns::Name::of("none.example")).empty());
  setup.account.settings["visibility"] = {std::string("private"), {}};
  CHECK(ids_of(setup.make()->find(name)) == "inside");
  setup.account.settings["visibility"] = {std::string("public"), {}};
  CHECK(ids_of(*setup.make()->list()) == "example-com other");
}

TEST_CASE("gcloud: lists come page by page, each page once") {
  GcloudSetup setup(small(3));
  for (int i = 0; i < 10; ++i) {
    put(setup, "r" + std::to_string(i) + ".example.com.", "A", {"192.0.2.1"});
    setup.simulator.make_zone("z" + std::to_string(i), "z" + std::to_string(i) + ".example.");
  }
  setup.simulator.forget();
  CHECK(setup.read().sets().size() == 12);
  CHECK(setup.asked_for("/rrsets") == 4);
  CHECK(setup.make()->list()->size() == 11);
  CHECK(setup.asked_for("/managedZones?") == 4);
}

TEST_CASE("gcloud: a plan asks little, and for the quotas once") {
  GcloudSetup setup;
  const auto provider = setup.make();
  provider->find(setup.zone.name);
  provider->read(setup.zone);
  provider->find(setup.zone.name);
  provider->read(setup.zone);
  CHECK(setup.asked_for("/projects/shop-4711?") == 1);
  // Two lists of zones, two zones, the quotas, the token.
  CHECK(setup.simulator.count() == 6);
}

TEST_CASE("gcloud: the project's quotas size the steps, else what is documented") {
  GcloudSimulator::Options options;
  options.sets_per_change = 50;
  options.octets_per_change = 18'000;
  GcloudSetup setup(options);
  const auto provider = setup.make();
  CHECK(provider->traits(setup.zone).max_changes_per_step == 1000);
  CHECK(provider->traits(setup.zone).max_octets_per_step == 100'000);
  provider->find(setup.zone.name);
  CHECK(provider->traits(setup.zone).max_changes_per_step == 50);
  CHECK(provider->traits(setup.zone).max_octets_per_step == 18'000);
  CHECK(provider->traits(setup.zone).max_txt_octets == 2000);
  setup.simulator.deny("dns.projects.get");
  const auto other = setup.make();
  other->find(setup.zone.name);
  CHECK(other->traits(setup.zone).max_changes_per_step == 1000);
}

TEST_CASE("gcloud: a zone as it is read") {
  GcloudSetup setup;
  put(setup, "example.com.", "MX", {"0 mail.Example.com."});
  put(setup, "example.com.", "TXT", {"\"v=spf1 -all\"", "\"two\" \" parts\""});
  put(setup, "app.example.com.", "ALIAS", {"lb.example.net."});
  const auto live = setup.read();
  CHECK(live.version == "serial 1");
  CHECK(live.find(setup.zone.name, kMx)->set ==
        set_of("example.com", kMx, 300, {"0 mail.example.com."}));
  CHECK(live.find(setup.zone.name, kTxt)->set.has(dns::Txt{"two parts"}));
  CHECK(live.native->verbatim({setup.zone.name, kMx}) == R"(["0 mail.Example.com."])");
  CHECK(live.native->verbatim({setup.zone.name, dns::Type::NS}).empty());
  const auto alias = live.at(dns::Name::of("app.example.com"));
  REQUIRE(alias.size() == 1);
  CHECK(alias.front()->foreign() == "Cloud DNS, which computes ALIAS records itself");
}

TEST_CASE("gcloud: what answers by a routing policy is somebody else's, and never written") {
  GcloudSetup setup;
  const Json item = Json::object({{"rrdatas", Json::array({"192.0.2.1"})}});
  const Json geo = Json::object({{"geo", Json::object({{"items", Json::array({item, item})}})}});
  setup.simulator.put("example-com", {"www.example.com.", "A"}, {300, {}, geo});
  const Json targets = Json::object({{"primaryBackup", Json::object({{"primaryTargets", 7}})}});
  setup.simulator.put("example-com", {"app.example.com.", "A"}, {300, {}, targets});
  const auto live = setup.read();
  const auto* www = live.find(dns::Name::of("www.example.com"), dns::Type::A);
  REQUIRE(www != nullptr);
  CHECK(www->foreign() == "Cloud DNS, which answers by a routing policy (geo)");
  CHECK(www->set.values.size() == 1);
  CHECK(live.find(dns::Name::of("app.example.com"), dns::Type::A)
            ->foreign()
            .find("(primaryBackup)") != std::string_view::npos);
  const auto change = change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.9"}));
  const auto error = tests::fault_of([&] { setup.sent(live, {change}); });
  CHECK(error.kind() == ErrorKind::unsupported);
  CHECK(error.key() == "www.example.com/A");
}

TEST_CASE("gcloud: lists that are none are errors, never an empty zone") {
  struct Row {
    const char* rrset;
    const char* words;
  };
  const std::vector<Row> rows = {
      {R"({"name":"a.example.com.","type":"A","ttl":300})", "has no \"rrdatas\""},
      {R"({"name":"a.example.com.","type":"A","ttl":300,"rrdatas":[]})", "empty \"rrdatas\""},
      {R"({"name":"a.example.com.","type":"A","ttl":300,"rrdatas":[7]})", "no texts"},
      {R"({"name":"a.example.com.","type":"A","ttl":-1,"rrdatas":["192.0.2.1"]})", "no \"ttl\""},
      {R"({"name":"a.example.net.","type":"A","ttl":300,"rrdatas":["192.0.2.1"]})",
       "not in the zone"},
      {R"({"name":"a.example.com.","type":"MX","ttl":300,"rrdatas":["mail\u001b"]})",
       "cannot be read: a.example.com/MX \"mail\\027\""},
      {R"({"name":"example.com.","type":"NS","ttl":300,"rrdatas":["ns1.example."]},)"
       R"({"name":"example.com.","type":"NS","ttl":300,"rrdatas":["ns1.example."]})",
       "read twice"},
      {R"({"name":"example.com.","type":"NS","ttl":300,"rrdatas":["ns1.example."]})",
       "no SOA record"},
  };
  for (const Row& row : rows) {
    INFO(row.rrset);
    GcloudSetup setup;
    http::Client client(http::fake_transport([&](const http::Request& request) -> http::Response {
                          if (!request.url.starts_with(GcloudSimulator::kApi)) {
                            return setup.simulator.answer(request);
                          }
                          return {200, {}, std::string("{\"rrsets\":[") + row.rrset + "]}"};
                        }),
                        setup.clock);
    const auto provider = providers::gcloud_info().make(setup.account, {setup.clock, client});
    const auto error = tests::fault_of([&] { provider->read(setup.zone); });
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK(std::string(error.what()).find(row.words) != std::string::npos);
  }
}

TEST_CASE("gcloud: a page that comes twice is no zone") {
  const std::string soa = R"({"name":"example.com.","type":"SOA","ttl":1,)"
                          R"("rrdatas":["ns1.example. root.example. 1 2 3 4 5"]})";
  struct Row {
    std::vector<const char*> tokens;  ///< Of the next page, page by page.
    const char* words;
  };
  for (const Row& row :
       {Row{{"next", "next", "next"}, "leads back to a page"}, Row{{"2", ""}, "read twice"}}) {
    GcloudSetup setup;
    std::size_t page = 0;
    http::Client client(
        http::fake_transport([&](const http::Request& request) -> http::Response {
          if (!request.url.starts_with(GcloudSimulator::kApi)) {
            return setup.simulator.answer(request);
          }
          return {200,
                  {},
                  "{\"rrsets\":[" + soa + "],\"nextPageToken\":\"" + row.tokens.at(page++) + "\"}"};
        }),
        setup.clock);
    const auto provider = providers::gcloud_info().make(setup.account, {setup.clock, client});
    const auto error = tests::fault_of([&] { provider->read(setup.zone); });
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK(std::string(error.what()).find(row.words) != std::string::npos);
  }
}

TEST_CASE("gcloud: a change repeats what goes letter for letter, and says what comes") {
  GcloudSetup setup;
  put(setup, "Old.example.com.", "TXT", {"\"a\" \"b\"", "\"stays\" \"\""}, 60);
  put(setup, "www.example.com.", "A", {"192.0.2.1"});
  const auto live = setup.read();
  CHECK(setup.sent(live, {change_to(live, set_of("old.example.com", kTxt, 300, {"stays", "new"})),
                          change_to(live, set_of("www.example.com", dns::Type::A, 0, {})),
                          change_to(live, set_of("example.com", kMx, 300, {"0 ."}))}) ==
        R"({"kind":"dns#change","deletions":[)"
        R"({"name":"Old.example.com.","type":"TXT","ttl":60,)"
        R"("rrdatas":["\"a\" \"b\"","\"stays\" \"\""]},)"
        R"({"name":"www.example.com.","type":"A","ttl":300,"rrdatas":["192.0.2.1"]}],)"
        R"("additions":[{"name":"old.example.com.","type":"TXT","ttl":300,)"
        R"("rrdatas":["\"stays\" \"\"","\"new\""]},)"
        R"({"name":"example.com.","type":"MX","ttl":300,"rrdatas":["0 ."]}]})");
}

TEST_CASE("gcloud: what goes weighs as much as what comes, and names weigh nothing") {
  GcloudSetup setup;
  put(setup, "old.example.com.", "TXT", {"\"0123456789\""});
  const auto live = setup.read();
  const plan::StepCost cost = setup.make()->traits(setup.zone).step_cost;
  const auto gone = change_to(live, set_of("old.example.com", kTxt, 0, {}));
  CHECK(plan::octets_of(gone, cost) == 12);
  const auto changed = change_to(live, set_of("old.example.com", kTxt, 300, {"other"}));
  CHECK(plan::octets_of(changed, cost) == 12 + 7);
}

TEST_CASE("gcloud: nothing to do is not sent, and the SOA record never") {
  GcloudSetup setup;
  put(setup, "www.example.com.", "A", {"192.0.2.1"});
  const auto live = setup.read();
  CHECK(
      setup
          .sent(live, {change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.1"})),
                       change_to(live, set_of("gone.example.com", dns::Type::A, 0, {}))})
          .empty());
  dns::RRset soa = live.find(setup.zone.name, dns::Type::SOA)->set;
  soa.ttl = 60;
  CHECK_THROWS_AS(setup.sent(live, {change_to(live, soa)}), base::Error);
}

TEST_CASE("gcloud: a set that comes back is spelled as history remembers it") {
  GcloudSetup setup;
  const auto live = setup.read();
  auto change = change_to(live, set_of("k.example.com", kTxt, 300, {"a-b", "c"}));
  change.after->verbatim = R"(["\"a-\" \"b\""])";
  CHECK(setup.sent(live, {change}).find(R"("rrdatas":["\"a-\" \"b\"","\"c\""])") !=
        std::string::npos);
  int number = 0;
  for (const char* other : {"{}", "[7]", "not of ours"}) {
    change.key.name = dns::Name::of("k" + std::to_string(++number) + ".example.com");
    change.after->set.name = change.key.name;
    change.after->verbatim = other;
    CHECK(setup.sent(live, {change}).find(R"("rrdatas":["\"a-b\"","\"c\""])") != std::string::npos);
  }
}

TEST_CASE("gcloud: a change is pending until it is done") {
  GcloudSimulator::Options options;
  options.polls = 2;
  GcloudSetup setup(options);
  const auto provider = setup.make();
  const auto live = provider->read(setup.zone);
  const auto change = change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.1"}));
  const auto pending = setup.apply(*provider, live, {change});
  REQUIRE_FALSE(pending.done());
  CHECK_FALSE(provider->done(setup.zone, pending));
  CHECK_FALSE(provider->done(setup.zone, pending));
  CHECK(provider->done(setup.zone, pending));
  CHECK(provider->done(setup.zone, {}));
  const auto error = tests::fault_of([&] { provider->done(setup.zone, {"4711"}); });
  CHECK(error.kind() == ErrorKind::not_found);
  // The change had been taken: nobody may believe that nothing happened.
  CHECK(error.effect() == Effect::unknown);
}

TEST_CASE("gcloud: whoever was faster is not overwritten") {
  struct Row {
    const char* name;
    std::vector<std::string> meanwhile;  ///< Empty: the set goes.
    std::vector<std::string> before;     ///< Empty: there was none.
  };
  const std::vector<Row> rows = {{"changed", {"192.0.2.7"}, {"192.0.2.1"}},
                                 {"gone", {}, {"192.0.2.1"}},
                                 {"there", {"192.0.2.7"}, {}}};
  for (const Row& row : rows) {
    INFO(row.name);
    GcloudSetup setup;
    if (!row.before.empty()) put(setup, "www.example.com.", "A", row.before);
    const auto live = setup.read();
    if (row.meanwhile.empty()) {
      setup.simulator.remove("example-com", {"www.example.com.", "A"});
    } else {
      put(setup, "www.example.com.", "A", row.meanwhile);
    }
    const auto before = setup.simulator.writes("example-com");
    const auto change =
        change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.9"}));
    const auto error = tests::fault_of([&] { setup.sent(live, {change}); });
    CHECK(error.kind() == ErrorKind::conflict);
    CHECK(error.effect() == Effect::none);
    CHECK(error.key() == "www.example.com/A");
    CHECK(error.hint() == "somebody else changed it meanwhile: plan again");
    CHECK(setup.simulator.writes("example-com") == before);
  }
}

TEST_CASE("gcloud: what Google says when it refuses") {
  struct Row {
    int status;
    const char* reason;
    const char* message;
    ErrorKind kind;
    const char* hint;
  };
  const std::vector<Row> rows = {
      {400, "invalid", "Invalid value for 'entity.change.additions[0].rrdata[0]'",
       ErrorKind::invalid, ""},
      {403, "forbidden", "The caller does not have permission", ErrorKind::auth, "roles/dns.admin"},
      {403, "accessNotConfigured", "Cloud DNS API has not been used in project 1 before",
       ErrorKind::auth, "gcloud services enable"},
      {403, "quotaExceeded", "Quota exceeded for quota metric", ErrorKind::unsupported, "quotas"},
      {404, "notFound", "The 'parameters.managedZone' resource named 'x' does not exist.",
       ErrorKind::not_found, "`project`"},
      {413, "uploadTooLarge", "too large", ErrorKind::unsupported, "quotas"},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.reason);
    GcloudSetup setup;
    const auto live = setup.read();
    const auto change =
        change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.9"}));
    setup.simulator.refuse_next(row.status, row.reason, row.message);
    const auto error = tests::fault_of([&] { setup.sent(live, {change}); });
    CHECK(error.kind() == row.kind);
    CHECK(error.effect() == Effect::none);
    CHECK(std::string(error.what()).find(row.message) != std::string::npos);
    CHECK(error.hint().find(row.hint) != std::string::npos);
    CHECK(error.key() == (row.status == 400 ? "www.example.com/A" : ""));
  }
}

TEST_CASE("gcloud: a 403 that speaks of the rate is waited for") {
  for (const char* reason : {"rateLimitExceeded", "userRateLimitExceeded"}) {
    GcloudSetup setup;
    const auto live = setup.read();
    setup.simulator.refuse_next(403, reason, "Quota exceeded");
    const auto before = setup.clock.ticks();
    const auto change =
        change_to(live, set_of("www.example.com", dns::Type::A, 300, {"192.0.2.9"}));
    CHECK_FALSE(setup.sent(live, {change}).empty());
    CHECK(setup.clock.ticks() > before);
    CHECK(setup.simulator.sets("example-com").contains({"www.example.com.", "A"}));
    for (int i = 0; i < 5; ++i) setup.simulator.refuse_next(403, reason, "Quota exceeded");
    CHECK(tests::fault_of([&] { setup.read(); }).kind() == ErrorKind::rate_limited);
  }
}

TEST_CASE("gcloud: what a look at the account tells") {
  using Result = provider::AccountCheck::Line::Result;
  GcloudSetup setup;
  setup.simulator.make_zone("inside", "example.com.", {{"visibility", "private"}});
  const std::size_t writes = setup.simulator.writes("example-com");
  auto lines = setup.make()->check().lines;
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text.starts_with("it signs in as service account mxsmith@shop-4711"));
  CHECK(lines[1].text ==
        "it sees 2 zones of project shop-4711: example-com (example.com, public), inside "
        "(example.com, private)");
  CHECK(lines[2].text == "it may read and change records at zone example-com");
  CHECK(lines[2].result == Result::good);
  setup.simulator.deny("dns.changes.create");
  lines = setup.make()->check().lines;
  CHECK(lines[2].result == Result::doubtful);
  CHECK(lines[2].text.find("it lacks dns.changes.create") != std::string::npos);
  setup.simulator.deny("dns.resourceRecordSets.list");
  CHECK(setup.make()->check().lines[2].result == Result::bad);
  setup.simulator.deny("dns.managedZones.list");
  CHECK(tests::fault_of([&] { setup.make()->check(); }).kind() == ErrorKind::auth);
  CHECK(setup.simulator.writes("example-com") == writes);
}
