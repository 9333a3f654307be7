// DNS UPDATE at real servers, beside the list: keys that are wrong in every way, clocks, somebody
// who was faster, and a server's own rules. What each server says to them is theirs.
#include <algorithm>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "base/write_permit.hpp"
#include "conformance/dns_client.hpp"
#include "conformance/rfc2136_servers.hpp"
#include "http/client.hpp"
#include "providers/rfc2136/rfc2136.hpp"
#include "support/catch.hpp"
#include "support/powerdns_server.hpp"
#include "support/process.hpp"

using namespace mxsmith;
using namespace mxsmith::conformance;
using base::Effect;
using base::Error;
using base::ErrorKind;
using Deed = DnsClient::Deed;
using Result = provider::AccountCheck::Line::Result;

namespace {

const dns::Name kZone = dns::Name::of("example.com");
const plan::ZoneRef kRef{kZone, "example.com.", plan::ZoneKind::ordinary};
const dns::Key kWww{dns::Name::of("www.example.com"), dns::Type::A};

/// An account at a server, and its provider.
struct Place {
  explicit Place(std::uint16_t port, const tests::TestKey& key = tests::sha256_key(),
                 base::Seconds clock_ahead = base::Seconds(0), const std::string& zone = "")
      : clock(base::SystemClock().now() + clock_ahead), server_port(port) {
    const auto file = folder.write("secret", key.secret);
    set("server", "127.0.0.1:" + std::to_string(port));
    set("key_name", key.name);
    set("algorithm", key.algorithm);
    set("secret", base::SecretSource(base::SecretFromFile{file}));
    if (!zone.empty()) set("zones", std::vector<std::string>{zone});
    account.name = "ns1";
    account.type = "rfc2136";
    provider = providers::rfc2136_info().make(account, {clock, client});
  }
  void set(const std::string& name, base::SettingValue value) {
    account.settings[name] = {std::move(value), {}};
  }
  /// As somebody else.
  void put_www(const std::string& address) const {
    DnsClient(server_port, tests::sha256_key())
        .update(kZone,
                {{Deed::Kind::remove_set, kWww, 0, {}}, {Deed::Kind::add, kWww, 300, address}});
  }
  [[nodiscard]] std::string www() const {
    for (const auto& record : DnsClient(server_port, tests::sha256_key()).transfer(kZone)) {
      if (record.key == kWww) return dns::print_rdata(*dns::from_wire(dns::Type::A, record.wire));
    }
    return "none";
  }
  static plan::Change change_www(const plan::LiveZone& live, const std::string& address) {
    plan::Change change;
    change.key = kWww;
    if (const auto* set = live.find(kWww)) change.before = plan::SetState{set->set, {}, {}};
    change.after = plan::SetState{{kWww.name, kWww.type, 300, {}}, {}, {}};
    change.after->set.values = {*dns::parse_rdata(dns::Type::A, address, kZone)};
    return change;
  }
  void apply(const plan::LiveZone& live, const std::string& address) {
    const base::WritePermit permit;
    provider->apply(live, {{change_www(live, address)}, true});
  }

  base::FixedClock clock;
  std::uint16_t server_port;
  tests::TemporaryDirectory folder;
  base::Account account;
  http::Client client{http::fake_transport([](const http::Request&) { return http::Response(); }),
                      clock};
  std::unique_ptr<provider::Provider> provider;
};

Error error_of(const std::function<void()>& deed) {
  try {
    deed();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("unreachable");
}

void keys_that_are_right(std::uint16_t port) {
  for (const auto& key : {tests::sha256_key(), tests::sha512_key()}) {
    INFO(key.name);
    Place place(port, key);
    place.put_www("192.0.2.1");
    const auto live = place.provider->read(kRef);
    CHECK(live.version.rfind("serial ", 0) == 0);
    place.apply(live, "192.0.2.2");
    CHECK(place.www() == "192.0.2.2");
    CHECK(place.provider->find(kZone).size() == 1);
    CHECK(place.provider->find(*kZone.child("www")).empty());
    CHECK(place.provider->find(dns::Name::of("not-there.example")).empty());
  }
}

/// What the server says to a key that it does not accept.
struct Words {
  const char* unknown;
  const char* wrong_secret;
  const char* other_algorithm;
  const char* other_time;
};

void keys_that_are_wrong(std::uint16_t port, const Words& words) {
  tests::TestKey unknown = tests::sha256_key();
  unknown.name = "nobody";
  tests::TestKey wrong_secret = tests::sha256_key();
  wrong_secret.secret = tests::sha512_key().secret;
  tests::TestKey other_algorithm = tests::sha256_key();
  other_algorithm.algorithm = "hmac-sha512";
  const std::tuple<tests::TestKey, int, const char*> rows[] = {
      {unknown, 0, words.unknown},
      {wrong_secret, 0, words.wrong_secret},
      {other_algorithm, 0, words.other_algorithm},
      {tests::sha256_key(), 3600, words.other_time}};
  Place right(port);
  right.put_www("192.0.2.1");
  const auto live = right.provider->read(kRef);
  for (const auto& [key, ahead, said] : rows) {
    INFO(key.name << " " << key.algorithm << " " << ahead);
    Place place(port, key, base::Seconds(ahead));
    // Not "there is no such zone", which would send people looking in the wrong place.
    CHECK(error_of([&] { place.provider->find(kZone); }).kind() == ErrorKind::auth);
    const Error read = error_of([&] { place.provider->read(kRef); });
    CHECK(read.kind() == ErrorKind::auth);
    CHECK_THAT(read.what(), Catch::Matchers::Contains(said));
    CHECK(!read.hint().empty());
    const Error write = error_of([&] { place.apply(live, "192.0.2.66"); });
    CHECK(write.kind() == ErrorKind::auth);
    CHECK_THAT(std::string(write.what()) + read.what(),
               !Catch::Matchers::Contains(wrong_secret.secret));
    CHECK(right.www() == "192.0.2.1");
  }
}

void somebody_was_faster(std::uint16_t port) {
  Place place(port);
  place.put_www("192.0.2.1");
  const auto live = place.provider->read(kRef);
  place.put_www("192.0.2.7");
  const Error error = error_of([&] { place.apply(live, "192.0.2.2"); });
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.effect() == Effect::none);
  CHECK(error.key() == kWww.text());
  CHECK_THAT(error.what(), Catch::Matchers::Contains("NXRRSET"));
  CHECK(place.www() == "192.0.2.7");
}

/// What may be done shows without anything being written.
void what_a_key_may_do(std::uint16_t port) {
  const auto check = [&](const tests::TestKey& key, const std::string& zone) {
    return Place(port, key, base::Seconds(0), zone).provider->check().lines;
  };
  const auto writer = check(tests::sha256_key(), "example.com");
  REQUIRE(writer.size() == 2);
  CHECK(writer[0].result == Result::good);
  CHECK(writer[1].result == Result::good);
  const auto reader = check(tests::reading_key(), "example.com");
  REQUIRE(reader.size() == 2);
  CHECK(reader[0].result == Result::good);
  CHECK(reader[1].result == Result::bad);
  CHECK(!reader[1].hint.empty());
  const auto no_zones = check(tests::sha256_key(), "");
  REQUIRE(no_zones.size() == 2);
  CHECK(no_zones[0].result != Result::bad);  // Knot does not look at the key
  CHECK(no_zones[1].result == Result::doubtful);
  tests::TestKey unknown = tests::sha256_key();
  unknown.name = "nobody";
  CHECK(check(unknown, "")[0].result != Result::good);
  CHECK(check(tests::sha256_key(), "not-there.example")[0].result == Result::bad);
}

/// What the signer keeps is not read, so nothing can offer it for deletion; and a change goes
/// through, although the serial that is served is not the one that the server compares.
void a_signed_zone(std::uint16_t port) {
  const dns::Name zone = dns::Name::of(tests::kSignedZone);
  const dns::Key www{*zone.child("www"), dns::Type::A};
  const DnsClient client(port, tests::sha256_key());
  const auto is_signed = [&] {
    const auto records = client.transfer(zone);
    return std::any_of(records.begin(), records.end(), [](const ServedRecord& record) {
      return record.key.type == dns::Type::RRSIG;
    });
  };
  // A key is made first; that takes a moment.
  for (int tries = 0; tries < 200 && !is_signed(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  REQUIRE(is_signed());
  Place place(port);
  const plan::ZoneRef ref{zone, zone.text(), plan::ZoneKind::ordinary};
  for (const char* address : {"192.0.2.1", "192.0.2.2"}) {
    const auto live = place.provider->read(ref);
    for (const auto& set : live.sets()) {
      INFO(set.set.key().text());
      CHECK((set.set.type == dns::Type::SOA || set.set.type == dns::Type::NS ||
             set.set.type == dns::Type::A));
    }
    plan::Change change;
    change.key = www;
    change.after = plan::SetState{{www.name, www.type, 300, {}}, {}, {}};
    change.after->set.values = {*dns::parse_rdata(www.type, address, zone)};
    provider::Pending pending;
    {
      const base::WritePermit permit;
      pending = place.provider->apply(live, {{change}, true});
    }
    CHECK(!pending.done());
    // BIND signs a copy, a moment later.
    for (int tries = 0; tries < 200 && !place.provider->done(ref, pending); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const auto now = place.provider->read(ref);
    REQUIRE(now.find(www) != nullptr);
    CHECK(now.find(www)->set == change.after->set);
  }
}

void nobody_there() {
  const Error error = error_of([] { Place(tests::free_port()).provider->read(kRef); });
  CHECK(error.kind() == ErrorKind::unavailable);
}

}  // namespace

TEST_CASE("rfc2136 at BIND: keys that are right", "[rfc2136-bind]") {
  keys_that_are_right(bind_port());
}
TEST_CASE("rfc2136 at Knot: keys that are right", "[rfc2136-knot]") {
  keys_that_are_right(knot_port());
}
TEST_CASE("rfc2136 at PowerDNS: keys that are right", "[rfc2136-powerdns]") {
  keys_that_are_right(powerdns_port());
}

TEST_CASE("rfc2136 at BIND: keys that are wrong", "[rfc2136-bind]") {
  keys_that_are_wrong(bind_port(), {"BADKEY", "BADSIG", "BADKEY", "BADTIME"});
}
TEST_CASE("rfc2136 at Knot: keys that are wrong", "[rfc2136-knot]") {
  keys_that_are_wrong(knot_port(), {"BADKEY", "BADSIG", "BADKEY", "BADTIME"});
}
TEST_CASE("rfc2136 at PowerDNS: keys that are wrong", "[rfc2136-powerdns]") {
  keys_that_are_wrong(powerdns_port(), {"NOTAUTH", "NOTAUTH", "NOTAUTH", "NOTAUTH"});
}

TEST_CASE("rfc2136 at BIND: somebody was faster", "[rfc2136-bind]") {
  somebody_was_faster(bind_port());
}
TEST_CASE("rfc2136 at Knot: somebody was faster", "[rfc2136-knot]") {
  somebody_was_faster(knot_port());
}
TEST_CASE("rfc2136 at PowerDNS: somebody was faster", "[rfc2136-powerdns]") {
  somebody_was_faster(powerdns_port());
}

TEST_CASE("rfc2136 at BIND: what a key may do", "[rfc2136-bind]") {
  what_a_key_may_do(bind_port());
}
TEST_CASE("rfc2136 at Knot: what a key may do", "[rfc2136-knot]") {
  what_a_key_may_do(knot_port());
}
TEST_CASE("rfc2136 at PowerDNS: what a key may do", "[rfc2136-powerdns]") {
  what_a_key_may_do(powerdns_port());
}

TEST_CASE("rfc2136 at BIND: a signed zone", "[rfc2136-bind]") { a_signed_zone(bind_port()); }
TEST_CASE("rfc2136 at Knot: a signed zone", "[rfc2136-knot]") { a_signed_zone(knot_port()); }
TEST_CASE("rfc2136 at PowerDNS: a signed zone", "[rfc2136-powerdns]") {
  a_signed_zone(powerdns_port());
}

TEST_CASE("rfc2136: nobody listens at the address", "[rfc2136-bind]") { nobody_there(); }
