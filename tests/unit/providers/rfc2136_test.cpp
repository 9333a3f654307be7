// DNS UPDATE as a provider: its settings, what it makes of a transfer, and of a step one message.
#include "providers/rfc2136/rfc2136.hpp"

#include <cstdlib>
#include <functional>

#include "base/error.hpp"
#include "http/client.hpp"
#include "plan/schedule.hpp"
#include "providers/rfc2136/awaited.hpp"
#include "providers/rfc2136/settings.hpp"
#include "providers/rfc2136/step_update.hpp"
#include "providers/rfc2136/zone_records.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace std::string_literals;
using base::Error;
using base::ErrorKind;
using dns::Type;
using providers::rfc2136::parse_settings;
using resolve::Class;
using resolve::Record;

namespace {

const dns::Name kApex = dns::Name::of("example.com");

std::string wire(Type type, const std::string& text) {
  return dns::to_wire(*dns::parse_rdata(type, text, kApex));
}
Record record(const std::string& owner, Type type, const std::string& text,
              std::uint32_t ttl = 300) {
  return {*dns::Name::parse(owner, kApex), type, Class::in, ttl, wire(type, text)};
}
Record raw(const std::string& owner, Type type, const std::string& rdata) {
  return {*dns::Name::parse(owner, kApex), type, Class::in, 300, rdata};
}
const Record kSoa = record("@", Type::SOA, "ns1 admin 7 7200 3600 9999 300");

plan::LiveZone zone(std::vector<Record> records) {
  records.insert(records.begin(), kSoa);
  return providers::rfc2136::live_zone({kApex, "example.com.", plan::ZoneKind::ordinary},
                                       std::move(records));
}

/// A change as a plan holds it: before as it was read, after by these values.
plan::Change change(const plan::LiveZone& live, const std::string& owner, Type type,
                    const std::vector<std::string>& values, std::uint32_t ttl = 300) {
  plan::Change one;
  one.key = {*dns::Name::parse(owner, kApex), type};
  if (const plan::LiveSet* set = live.find(one.key)) {
    one.before = plan::SetState{set->set, {}, live.native->verbatim(one.key)};
  }
  if (values.empty()) return one;
  one.after = plan::SetState{{one.key.name, type, ttl, {}}, {}, {}};
  for (const auto& value : values) {
    one.after->set.values.push_back(*dns::parse_rdata(type, value, kApex));
  }
  return one;
}

/// "IN 300 MX 10 mx.example.net.", "ANY 0 MX", as a line.
std::string shown(const Record& one) {
  const std::string words = one.rr_class == Class::in     ? "IN "
                            : one.rr_class == Class::none ? "NONE "
                                                          : "ANY ";
  const std::string type = one.type == resolve::kTypeAny ? "ANY" : dns::type_name(one.type);
  std::string line =
      one.owner.text_relative_to(kApex) + " " + words + std::to_string(one.ttl) + " " + type;
  if (one.rdata.empty()) return line;
  return line + " " + dns::print_rdata(*dns::from_wire(one.type, one.rdata));
}
std::vector<std::string> shown(const std::vector<Record>& records) {
  std::vector<std::string> lines;
  lines.reserve(records.size());
  for (const Record& one : records) lines.push_back(shown(one));
  return lines;
}
using Lines = std::vector<std::string>;

resolve::Update update(const plan::LiveZone& live, std::vector<plan::Change> changes) {
  return providers::rfc2136::step_update(live, {std::move(changes), true});
}

std::size_t octets_in(const resolve::Update& made) {
  resolve::MessageWriter writer(0, resolve::Opcode::update, {made.zone, Type::SOA});
  for (const auto& one : made.prerequisites) writer.add(resolve::Section::answer, one);
  for (const auto& one : made.updates) writer.add(resolve::Section::authority, one);
  return writer.wire().size();
}

Error error_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("unreachable");
}

base::Account account(const std::map<std::string, base::SettingValue>& settings) {
  base::Account one;
  one.name = "ns1";
  one.type = "rfc2136";
  for (const auto& [name, value] : settings)
    one.settings[name] = {value, {std::make_shared<const std::string>("mxsmith.toml"), 3, 1}};
  return one;
}

struct NoVariables {
  NoVariables() {
    for (const auto& name : providers::rfc2136_info().environment) ::unsetenv(name.c_str());
  }
};

}  // namespace

TEST_CASE("rfc2136: a server is a host with or without a port") {
  const NoVariables none;
  const std::tuple<const char*, const char*, int> rows[] = {
      {"ns1.example.net", "ns1.example.net", 53}, {"NS1.example.net:5353", "ns1.example.net", 5353},
      {"192.0.2.1:53", "192.0.2.1", 53},          {"[2001:db8::1]:54", "2001:db8::1", 54},
      {"[2001:db8::1]", "2001:db8::1", 53},       {"2001:db8::1", "2001:db8::1", 53}};
  for (const auto& [text, host, port] : rows) {
    INFO(text);
    const auto settings = parse_settings(account({{"server", text}, {"key_name", "Key.Name."}}));
    CHECK(settings.server.host == host);
    CHECK(settings.server.port == port);
    CHECK(settings.key == dns::Name::of("key.name"));
    CHECK(settings.algorithm == resolve::TsigAlgorithm::hmac_sha256);
  }
}

TEST_CASE("rfc2136: settings that cannot be taken are named with their place") {
  const NoVariables none;
  using Settings = std::map<std::string, base::SettingValue>;
  const std::pair<Settings, const char*> rows[] = {
      {{{"key_name", "k"}}, "set `server`, or RFC2136_NAMESERVER"},
      {{{"server", "ns1"}}, "set `key_name`, or RFC2136_TSIG_KEY"},
      {{{"server", "ns1:0"}, {"key_name", "k"}}, "mxsmith.toml:3:1: `server` has no port"},
      {{{"server", "ns1:70000"}, {"key_name", "k"}}, "`server` has no port"},
      {{{"server", ":53"}, {"key_name", "k"}}, "`server` is no server"},
      {{{"server", "http://ns1/"}, {"key_name", "k"}}, "`server`"},
      {{{"server", "ns1"}, {"key_name", "a..b"}}, "`key_name`: \"a..b\" is no name"},
      {{{"server", "ns1"}, {"key_name", "k"}, {"algorithm", "hmac-md5"}}, "`algorithm` is none of"},
      {{{"server", "ns1"}, {"key_name", "k"}, {"secret", "c2VjcmV0"}}, "never the secret itself"},
      {{{"server", "ns1"}, {"key_name", "k"}, {"zones", "example.com"}}, "`zones` takes a list"},
      {{{"server", "ns1"}, {"key_name", "k"}, {"types", std::vector<std::string>{"ANY"}}},
       "no record type ANY"},
      {{{"server", "ns1"}, {"key_name", "k"}, {"sever", "ns2"}}, "did you mean `server`"}};
  for (const auto& [settings, words] : rows) {
    const Error error = error_of([&, &given = settings] { parse_settings(account(given)); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK_THAT(error.what(), Catch::Matchers::Contains(words));
  }
}

TEST_CASE("rfc2136: the environment stands in for settings") {
  const NoVariables none;
  ::setenv("RFC2136_NAMESERVER", "192.0.2.1:5353", 1);
  ::setenv("RFC2136_TSIG_KEY", "lego", 1);
  ::setenv("RFC2136_TSIG_ALGORITHM", "hmac-sha512.", 1);
  const auto settings = parse_settings(account({}));
  CHECK(settings.server.text() == "192.0.2.1:5353");
  CHECK(settings.key == dns::Name::of("lego"));
  CHECK(settings.algorithm == resolve::TsigAlgorithm::hmac_sha512);
  CHECK(std::get<base::SecretFromEnv>(settings.secret).variable == "RFC2136_TSIG_SECRET");
  const NoVariables again;
}

TEST_CASE("rfc2136: a secret that is not base64 is told, and not shown") {
  const NoVariables none;
  ::setenv("MXSMITH_TEST_TSIG", "not*base64*at*all", 1);
  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  http::Client client(http::fake_transport([](const http::Request&) { return http::Response(); }),
                      clock);
  const auto given =
      account({{"server", "ns1"},
               {"key_name", "k"},
               {"secret", base::SecretSource(base::SecretFromEnv{"MXSMITH_TEST_TSIG"})}});
  const Error error = error_of([&] { providers::rfc2136_info().make(given, {clock, client}); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK_THAT(error.what(), Catch::Matchers::Contains("MXSMITH_TEST_TSIG, is not base64"));
  CHECK_THAT(error.what(), !Catch::Matchers::Contains("not*base64"));
  CHECK(client.secrets().hide("not*base64*at*all").find("at*all") == std::string::npos);
}

TEST_CASE("rfc2136: a transfer becomes sets, without what the server's signer keeps") {
  const auto live =
      zone({record("@", Type::NS, "ns1"), record("www", Type::A, "192.0.2.1"),
            record("www", Type::A, "192.0.2.2"), raw("@", Type::DNSKEY, "\1\1\3\15key"s),
            raw("www", Type::RRSIG, "x"), raw("@", Type::NSEC, "x"),
            raw("@", static_cast<Type>(50), "x"), raw("@", static_cast<Type>(51), "x"),
            raw("@", static_cast<Type>(59), "x"), raw("@", static_cast<Type>(60), "x"),
            raw("@", static_cast<Type>(65534), "x"), raw("old", static_cast<Type>(65280), "x")});
  REQUIRE(live.sets().size() == 4);
  CHECK(live.find(kApex, Type::SOA) != nullptr);
  CHECK(live.find(*kApex.child("www"), Type::A)->set.values.size() == 2);
  CHECK(live.find(*kApex.child("old"), static_cast<Type>(65280)) != nullptr);
  CHECK(live.native->verbatim({*kApex.child("www"), Type::A}).empty());
}

TEST_CASE("rfc2136: a record that cannot be read makes the zone unreadable") {
  const Error error = error_of([] { zone({raw("@", Type::MX, "\1"s)}); });
  CHECK(error.kind() == ErrorKind::protocol);
  CHECK(error.key() == "example.com/MX");
}

TEST_CASE("rfc2136: what a set held before is the condition, and it is written whole") {
  const auto live = zone(
      {record("@", Type::MX, "10 mx1.example.net."), record("@", Type::MX, "20 mx2.example.net.")});
  const auto got = update(live, {change(live, "@", Type::MX, {"0 in.example.net."}, 600)});
  CHECK(got.zone == kApex);
  CHECK(shown(got.prerequisites) ==
        Lines{"@ IN 0 MX 10 mx1.example.net.", "@ IN 0 MX 20 mx2.example.net."});
  CHECK(shown(got.updates) == Lines{"@ ANY 0 MX", "@ IN 600 MX 0 in.example.net."});
}

TEST_CASE("rfc2136: a new set must not be there, nor a CNAME in its way") {
  const auto live = zone({});
  const auto got = update(
      live, {change(live, "www", Type::A, {"192.0.2.1"}), change(live, "www", Type::TXT, {"\"t\""}),
             change(live, "alias", Type::CNAME, {"www"}), change(live, "@", Type::MX, {"0 ."})});
  CHECK(shown(got.prerequisites) == Lines{"www NONE 0 A", "www NONE 0 CNAME", "www NONE 0 TXT",
                                          "alias NONE 0 ANY", "@ NONE 0 MX"});
  CHECK(shown(got.updates) == Lines{"www IN 300 A 192.0.2.1", "www IN 300 TXT \"t\"",
                                    "alias IN 300 CNAME www.example.com.", "@ IN 300 MX 0 ."});
}

TEST_CASE("rfc2136: what goes goes first, and NS come before what stands beside them") {
  const auto live = zone({record("www", Type::A, "192.0.2.1")});
  const auto got =
      update(live, {change(live, "www", Type::CNAME, {"web"}),
                    change(live, "child", Type::DS, {"1 13 2 " + std::string(64, 'a')}),
                    change(live, "child", Type::NS, {"ns1.example.net."}),
                    change(live, "www", Type::A, {})});
  CHECK(shown(got.updates) == Lines{"www ANY 0 A", "child IN 300 NS ns1.example.net.",
                                    "www IN 300 CNAME web.example.com.",
                                    "child IN 300 DS 1 13 2 " + std::string(64, 'a')});
  CHECK(shown(got.prerequisites).front() == "www NONE 0 CNAME");
}

TEST_CASE("rfc2136: apex NS come before the old ones go, one by one") {
  const auto live =
      zone({record("@", Type::NS, "ns1.example.net."), record("@", Type::NS, "ns2.example.net.")});
  SECTION("one is replaced") {
    const auto got =
        update(live, {change(live, "@", Type::NS, {"ns1.example.net.", "ns3.example.net."})});
    CHECK(shown(got.prerequisites).size() == 2);
    CHECK(shown(got.updates) == Lines{"@ IN 300 NS ns1.example.net.",
                                      "@ IN 300 NS ns3.example.net.",
                                      "@ NONE 0 NS ns2.example.net."});
  }
  SECTION("only the TTL changes") {
    const auto got =
        update(live, {change(live, "@", Type::NS, {"ns1.example.net.", "ns2.example.net."}, 60)});
    CHECK(shown(got.updates) == Lines{"@ IN 60 NS ns1.example.net.", "@ IN 60 NS ns2.example.net.",
                                      "@ NONE 0 NS ns1.example.net.",
                                      "@ IN 60 NS ns1.example.net."});
  }
  SECTION("none at all is refused") {
    CHECK(error_of([&] { update(live, {change(live, "@", Type::NS, {})}); }).kind() ==
          ErrorKind::unsupported);
  }
}

TEST_CASE("rfc2136: values that stay keep their octets, and come back with them") {
  const std::string cut = "\2ab\2cd"s;
  const std::string twice = "\4abcd"s;
  const auto live = zone({raw("t", Type::TXT, cut), raw("t", Type::TXT, twice),
                          raw("m", Type::MX, "\0\12\2MX\7Example\3net\0"s)});
  const dns::Key text{*kApex.child("t"), Type::TXT};
  REQUIRE(live.find(text)->set.values.size() == 1);
  const auto got = update(live, {change(live, "t", Type::TXT, {"abcd", "more"})});
  REQUIRE(got.prerequisites.size() == 2);
  CHECK(got.prerequisites[0].rdata == cut);
  CHECK(got.prerequisites[1].rdata == twice);
  REQUIRE(got.updates.size() == 4);
  CHECK(got.updates[1].rdata == cut);
  CHECK(got.updates[2].rdata == twice);
  CHECK(got.updates[3].rdata == "\4more"s);
  // Deleted, and rolled back.
  const plan::Change back = plan::invert(change(live, "t", Type::TXT, {}));
  const auto empty = zone({});
  const auto restored = update(empty, {back});
  REQUIRE(restored.updates.size() == 2);
  CHECK(restored.updates[0].rdata == cut);
  CHECK(restored.updates[1].rdata == twice);
  const auto mx = update(live, {change(live, "m", Type::MX, {"10 mx.example.net.", "20 b."})});
  CHECK(mx.updates[1].rdata == "\0\12\2MX\7Example\3net\0"s);
}

TEST_CASE("rfc2136: of values that differ in letter case only it is asked that the set is there") {
  const auto live = zone({record("t", Type::TXT, "\"a b\""), record("t", Type::TXT, "\"A b\"")});
  CHECK(shown(update(live, {change(live, "t", Type::TXT, {})}).prerequisites) ==
        Lines{"t ANY 0 TXT"});
}

TEST_CASE("rfc2136: at a server that signs, a step is over when it is served, or too late") {
  const auto before =
      zone({record("www", Type::A, "192.0.2.1"), record("old", Type::A, "192.0.2.1")});
  const std::vector<plan::Change> changes = {change(before, "www", Type::A, {"192.0.2.2"}),
                                             change(before, "old", Type::A, {})};
  const base::Instant until = *base::parse_instant("2026-12-05T12:01:00Z");
  const std::string token = providers::rfc2136::print_awaited(changes, until);
  const base::Instant now = until - base::Seconds(60);
  const auto half =
      zone({record("www", Type::A, "192.0.2.2"), record("old", Type::A, "192.0.2.1")});
  const auto all = zone({record("www", Type::A, "192.0.2.2")});
  CHECK(!providers::rfc2136::is_over(token, before, now));
  CHECK(!providers::rfc2136::is_over(token, half, now));
  CHECK(providers::rfc2136::is_over(token, all, now));
  CHECK(providers::rfc2136::is_over(token, before, until));
}

TEST_CASE("rfc2136: what is done already is not sent") {
  const auto live = zone({record("www", Type::A, "192.0.2.1")});
  CHECK(update(live, {change(live, "www", Type::A, {"192.0.2.1"}), change(live, "x", Type::A, {})})
            .updates.empty());
}

TEST_CASE("rfc2136: what only the server changes is refused") {
  const auto live = zone({});
  for (const Type type : {Type::SOA, Type::DNSKEY, Type::RRSIG}) {
    const dns::Rdata value = type == Type::SOA ? *dns::from_wire(Type::SOA, kSoa.rdata)
                                               : dns::Rdata(dns::Opaque{type, "x"});
    plan::Change one;
    one.key = {kApex, type};
    one.after = plan::SetState{{kApex, type, 300, {value}}, {}, {}};
    const Error error = error_of([&] { update(live, {one}); });
    CHECK(error.kind() == ErrorKind::unsupported);
    CHECK(error.key() == one.key.text());
  }
}

TEST_CASE("rfc2136: no message is larger than its weight") {
  std::vector<Record> records;
  std::vector<plan::Change> changes;
  for (int i = 0; i < 40; ++i) {
    const std::string owner = "host" + std::to_string(i);
    records.push_back(record(owner, Type::AAAA, "::"));
    records.push_back(record(owner, Type::TXT, "\"" + std::string(200, 'x') + "\""));
  }
  const auto live = zone(records);
  for (int i = 0; i < 40; ++i) {
    const std::string owner = "host" + std::to_string(i);
    changes.push_back(change(live, owner, Type::AAAA, {"::1", "::2"}));
    changes.push_back(change(live, owner, Type::TXT, {}));
    changes.push_back(change(live, owner, Type::MX, {"0 ."}));
  }
  const auto got = update(live, changes);
  std::size_t weight = 0;
  for (const auto& one : changes) weight += plan::octets_of(one, providers::rfc2136::update_cost());
  const std::size_t size = octets_in(got);
  CHECK(size <= weight + 300);
  CHECK(weight < 2 * size);
}

TEST_CASE("rfc2136: a large plan is split into messages that fit") {
  std::vector<plan::Change> changes;
  const auto live = zone({});
  for (int i = 0; i < 3000; ++i) {
    const std::string owner = "key" + std::to_string(i) + "._domainkey";
    changes.push_back(change(live, owner, Type::TXT, {"\"" + std::string(250, 'k') + "\""}));
  }
  const auto steps = plan::schedule(changes, providers::rfc2136_info().traits);
  CHECK(steps.size() > 10);
  CHECK(steps.size() < 30);
  for (const auto& step : steps) {
    CHECK(step.atomic);
    std::vector<plan::Change> part;
    for (const auto i : step.changes) part.push_back(changes[i]);
    CHECK(octets_in(update(live, part)) < resolve::kMaxMessage - 512);
  }
}
