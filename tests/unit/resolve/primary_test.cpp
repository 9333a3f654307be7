// What the client makes of servers that do as they should, and of all that do not.
#include "resolve/primary.hpp"

#include <functional>

#include "base/write_permit.hpp"
#include "dns/rdata.hpp"
#include "signing_server.hpp"
#include "support/catch.hpp"
#include "support/dns_stub.hpp"
#include "support/hostile_server.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::Error;
using base::ErrorKind;
using resolve::Answer;
using resolve::Rcode;
using resolve::Record;

namespace {

const std::string kSecret = "a secret of the tests";
const dns::Name kZone = dns::Name::of("example.com");
const base::Instant kNow = *base::parse_instant("2026-12-05T12:00:00Z");
const auto kTime = static_cast<std::uint64_t>(kNow.time_since_epoch().count());

Record record(const std::string& owner, dns::Type type, const std::string& text) {
  return {*dns::Name::parse(owner, kZone), type, resolve::Class::in, 300,
          dns::to_wire(*dns::parse_rdata(type, text, kZone))};
}
Record soa(int serial = 1) {
  return record("@", dns::Type::SOA, "ns1 admin " + std::to_string(serial) + " 7200 3600 9999 300");
}
Record host(int number) {
  return record("h" + std::to_string(number), dns::Type::A, "192.0.2." + std::to_string(number));
}

/// Answers with what it gets: a signer for the request, and the request.
using Reply = std::function<void(DnsStub::Peer&, SigningServer&, const std::string&)>;

/// A client and a server that does as it is told.
struct Setup {
  explicit Setup(Reply answer)
      : reply(std::move(answer)), stub([this](DnsStub::Peer& peer) {
          const std::string request = peer.receive();
          SigningServer signer(kSecret, request);
          reply(peer, signer, request);
        }) {}

  resolve::Primary client(std::uint16_t port) {
    resolve::PrimaryOptions options;
    options.address = {"127.0.0.1", port};
    options.key = std::make_shared<const resolve::TsigKey>(resolve::TsigKey{
        dns::Name::of("Key.Test"), resolve::TsigAlgorithm::hmac_sha256, base::Secret(kSecret)});
    options.deadlines.silence = std::chrono::milliseconds(200);
    options.jitter = [] { return 0.5; };
    return {options, clock};
  }
  Answer query() { return client(stub.port()).query(kZone, dns::Type::SOA); }
  Answer transfer() { return client(stub.port()).transfer(kZone); }
  Answer update() {
    const base::WritePermit permit;
    return client(stub.port()).update({kZone, {}, {resolve::removed_set(kZone, dns::Type::MX)}});
  }

  base::FixedClock clock{kNow};
  Reply reply;
  DnsStub stub;
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

Reply signed_answer(const std::vector<Record>& records, unsigned rcode = 0) {
  return [=](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    peer.send(signer.sign(bare_answer(request, records, rcode), kTime));
  };
}

/// A transfer of SOA and `hosts` hosts, one record in a message; messages for which `is_signed`
/// says no go unsigned.
Reply streamed(int hosts, const std::function<bool(int)>& is_signed) {
  return [=](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    for (int i = 0; i <= hosts + 1; ++i) {
      const std::string bare =
          bare_answer(request, {i == 0 || i == hosts + 1 ? soa() : host(i % 250)});
      peer.send(is_signed(i) ? signer.sign(bare, kTime) : signer.leave_unsigned(bare));
    }
  };
}

}  // namespace

TEST_CASE("a signed answer to a signed question counts") {
  std::string asked;
  Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    asked = request;
    peer.send(signer.sign(bare_answer(request, {soa()}), kTime));
  });
  const Answer answer = setup.query();
  CHECK(answer.ok());
  CHECK(answer.authoritative);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.records.front().rdata == soa().rdata);
  const resolve::Message question = resolve::parse_message(asked);
  REQUIRE(question.tsig);
  CHECK(question.tsig->owner == dns::Name::of("key.test"));
  CHECK(question.questions.front().name == kZone);
}

TEST_CASE("answers that prove nothing are refused") {
  struct Row {
    const char* title;
    Reply reply;
    const char* words;
  };
  const Row rows[] = {
      {"a wrong signature",
       [](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
         std::string wire = signer.sign(bare_answer(request, {host(1)}), kTime);
         wire[wire.size() - 20] = static_cast<char>(wire[wire.size() - 20] ^ 1);
         peer.send(wire);
       },
       "signature of the server's answer is wrong"},
      {"content that was changed on its way",
       [](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
         std::string wire = signer.sign(bare_answer(request, {host(1)}), kTime);
         const auto at = wire.find(std::string("\xc0\x00\x02\x01", 4));
         wire[at] = '\x7f';
         peer.send(wire);
       },
       "signature of the server's answer is wrong"},
      {"another secret",
       [](DnsStub::Peer& peer, SigningServer&, const std::string& request) {
         SigningServer other("somebody else's", request);
         peer.send(other.sign(bare_answer(request, {host(1)}), kTime));
       },
       "signature of the server's answer is wrong"},
      {"no signature",
       [](DnsStub::Peer& peer, SigningServer&, const std::string& request) {
         peer.send(bare_answer(request, {host(1)}));
       },
       "not signed"},
      {"another id",
       [](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
         std::string bare = bare_answer(request, {host(1)});
         bare[0] = static_cast<char>(bare[0] ^ 1);
         peer.send(signer.sign(bare, kTime));
       },
       "not asked"},
      {"the question itself",
       [](DnsStub::Peer& peer, SigningServer&, const std::string& request) { peer.send(request); },
       "not asked"},
      {"cut off",
       [](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
         std::string bare = bare_answer(request, {host(1)});
         bare[2] = static_cast<char>(bare[2] | 2);
         peer.send(signer.sign(bare, kTime));
       },
       "cut its answer off"},
      {"no message",
       [](DnsStub::Peer& peer, SigningServer&, const std::string&) { peer.send("HTTP/1.1 400"); },
       "no DNS message"},
      {"more after the end",
       [](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
         peer.send(signer.sign(bare_answer(request, {host(1)}), kTime) + "x");
       },
       "octets follow its end"}};
  for (const Row& row : rows) {
    INFO(row.title);
    Setup setup(row.reply);
    const Error error = error_of([&] { setup.query(); });
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), Catch::Matchers::Contains(row.words));
    CHECK(setup.stub.connections() == 1);
    // Of a write nobody knows what became of it.
    CHECK(error_of([&] { setup.update(); }).effect() == Effect::unknown);
  }
}

TEST_CASE("an answer that was signed an hour ago is none") {
  Setup setup([](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    peer.send(signer.sign(bare_answer(request, {soa()}), kTime - 3600));
  });
  CHECK(error_of([&] { setup.query(); }).kind() == ErrorKind::auth);
}

TEST_CASE("a server's reasons are told with what to do") {
  struct Row {
    unsigned rcode;
    unsigned tsig_error;  ///< 0: signed.
    ErrorKind kind;
    const char* words;
    const char* hint;
  };
  const Row rows[] = {{9, 16, ErrorKind::auth, "NOTAUTH, BADSIG", "secret"},
                      {9, 17, ErrorKind::auth, "NOTAUTH, BADKEY", "no key of that name"},
                      {9, 22, ErrorKind::auth, "NOTAUTH, BADTRUNC", "signature"},
                      {9, 0, ErrorKind::not_found, "NOTAUTH", "does not have the zone"},
                      {5, 0, ErrorKind::auth, "REFUSED", "update-policy"},
                      {8, 0, ErrorKind::conflict, "NXRRSET", "somebody else"},
                      {7, 0, ErrorKind::conflict, "YXRRSET", "somebody else"},
                      {10, 0, ErrorKind::invalid, "NOTZONE", "not in the zone"},
                      {1, 0, ErrorKind::invalid, "FORMERR", "type"},
                      {4, 0, ErrorKind::unsupported, "NOTIMP", ""},
                      {2, 0, ErrorKind::unavailable, "SERVFAIL", "log"},
                      {11, 0, ErrorKind::protocol, "RCODE 11", ""}};
  for (const Row& row : rows) {
    INFO(row.words);
    Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      const std::string bare = bare_answer(request, {}, row.rcode);
      peer.send(row.tsig_error == 0 ? signer.sign(bare, kTime)
                                    : SigningServer::with_error(bare, row.tsig_error));
    });
    const Answer answer = setup.update();
    CHECK(!answer.ok());
    CHECK(answer.authentic == (row.tsig_error == 0));
    const Error error = resolve::refusal(answer, "trying");
    CHECK(error.kind() == row.kind);
    CHECK_THAT(error.what(), Catch::Matchers::Contains(row.words));
    CHECK_THAT(error.hint(), Catch::Matchers::Contains(row.hint));
  }
}

TEST_CASE("BADTIME tells how far the clocks are apart") {
  Setup setup([](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    peer.send(signer.sign(bare_answer(request, {}, 9), kTime, 18, octets48(kTime + 7200)));
  });
  const Answer answer = setup.query();
  CHECK(answer.authentic);
  const Error error = resolve::refusal(answer, "trying");
  CHECK(error.kind() == ErrorKind::auth);
  CHECK_THAT(error.what(), Catch::Matchers::Contains("NOTAUTH, BADTIME"));
  CHECK_THAT(error.hint(), Catch::Matchers::Contains("2 h ahead"));
}

TEST_CASE("a transfer is everything between two SOA, in as many messages as the server likes") {
  Setup setup(streamed(300, [](int) { return true; }));
  const Answer answer = setup.transfer();
  REQUIRE(answer.ok());
  CHECK(answer.records.size() == 301);
  CHECK(answer.records.front().type == dns::Type::SOA);
  CHECK(answer.records.back().rdata == host(300 % 250).rdata);
}

TEST_CASE("up to 99 messages of a transfer may go unsigned, and the last not") {
  SECTION("99 between signed ones") {
    Setup setup(streamed(250, [](int i) { return i % 100 == 0 || i == 251; }));
    CHECK(setup.transfer().records.size() == 251);
  }
  SECTION("100") {
    Setup setup(streamed(250, [](int i) { return i % 101 == 0 || i == 251; }));
    const Error error = error_of([&] { setup.transfer(); });
    CHECK(error.kind() == ErrorKind::protocol);
    CHECK_THAT(error.what(), Catch::Matchers::Contains("99"));
  }
  SECTION("the last") {
    Setup setup(streamed(5, [](int i) { return i < 6; }));
    CHECK_THAT(error_of([&] { setup.transfer(); }).what(),
               Catch::Matchers::Contains("end of the transfer is not signed"));
  }
  SECTION("the first") {
    Setup setup(streamed(5, [](int i) { return i > 0; }));
    CHECK(error_of([&] { setup.transfer(); }).kind() == ErrorKind::protocol);
  }
}

TEST_CASE("a transfer that is not whole is an error, never a smaller zone") {
  using Messages = std::vector<std::vector<Record>>;
  struct Row {
    const char* title;
    Messages messages;
    const char* words;
    int connections;
  };
  const Row rows[] = {
      {"closed before the second SOA", {{soa(), host(1)}, {host(2)}}, "before its answer", 5},
      {"no SOA first", {{host(1), soa(), soa()}}, "does not begin with the SOA", 1},
      {"another SOA last", {{soa(1), host(1), soa(2)}}, "another SOA", 1},
      {"more after the end", {{soa(), host(1), soa(), host(2)}}, "follow the end", 1},
      {"a record of another zone",
       {{soa(), record("www.example.net.", dns::Type::A, "192.0.2.1"), soa()}},
       "not of the zone",
       1},
      {"nothing", {{}}, "before its answer", 5}};
  for (const Row& row : rows) {
    INFO(row.title);
    Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      for (const auto& records : row.messages) {
        peer.send(signer.sign(bare_answer(request, records), kTime));
      }
    });
    const Error error = error_of([&] { setup.transfer(); });
    CHECK_THAT(error.what(), Catch::Matchers::Contains(row.words));
    CHECK(setup.stub.connections() == row.connections);
    CHECK(error.effect() == Effect::none);
  }
}

TEST_CASE("a message in the middle of a transfer that was changed is found") {
  Setup setup([](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
    peer.send(signer.sign(bare_answer(request, {soa()}), kTime));
    std::string wire = signer.sign(bare_answer(request, {host(1)}), kTime);
    wire[wire.find(std::string("\xc0\x00\x02\x01", 4))] = '\x7f';
    peer.send(wire);
    peer.send(signer.sign(bare_answer(request, {soa()}), kTime));
  });
  CHECK_THAT(error_of([&] { setup.transfer(); }).what(),
             Catch::Matchers::Contains("signature of the server's answer is wrong"));
}

TEST_CASE("a refused transfer is an answer without records") {
  Setup setup(signed_answer({}, 5));
  const Answer answer = setup.transfer();
  CHECK(answer.rcode == Rcode::refused);
  CHECK(answer.records.empty());
}

TEST_CASE("reads are repeated where the fault may pass") {
  SECTION("after SERVFAIL") {
    int tries = 0;
    Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      peer.send(signer.sign(bare_answer(request, {soa()}, ++tries < 3 ? 2 : 0), kTime));
    });
    CHECK(setup.query().ok());
    CHECK(tries == 3);
    CHECK(setup.clock.now() > kNow);
  }
  SECTION("after a connection that was closed") {
    int tries = 0;
    Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      if (++tries > 1) peer.send(signer.sign(bare_answer(request, {soa()}), kTime));
    });
    CHECK(setup.query().ok());
  }
  SECTION("after half a message") {
    int tries = 0;
    Setup setup([&](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      if (++tries == 1) return peer.send_raw(std::string("\1\0half", 6));
      peer.send(signer.sign(bare_answer(request, {soa()}), kTime));
    });
    CHECK(setup.query().ok());
  }
  SECTION("until it is enough") {
    Setup setup([](DnsStub::Peer& peer, SigningServer&, const std::string&) { peer.hang(); });
    const Error error = error_of([&] { setup.query(); });
    CHECK(error.kind() == ErrorKind::unavailable);
    CHECK_THAT(error.what(), Catch::Matchers::Contains("silent"));
    CHECK(setup.stub.connections() == 5);
  }
}

TEST_CASE("an update needs a permit, and is never repeated on suspicion") {
  SECTION("without a permit nothing is sent") {
    Setup setup(signed_answer({}));
    const Error error = error_of([&] { setup.client(setup.stub.port()).update({kZone, {}, {}}); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(setup.stub.connections() == 0);
  }
  SECTION("a probe needs none, since it asks for nothing") {
    Setup setup([](DnsStub::Peer& peer, SigningServer& signer, const std::string& request) {
      const resolve::Message asked = resolve::parse_message(request);
      CHECK(asked.opcode == resolve::Opcode::update);
      CHECK(asked.questions.front().type == dns::Type::SOA);
      CHECK(asked.answers.empty());
      CHECK(asked.authorities.empty());
      peer.send(signer.sign(bare_answer(request, {}), kTime));
    });
    CHECK(setup.client(setup.stub.port()).probe(kZone).ok());
  }
  SECTION("an answer that is lost") {
    Setup setup([](DnsStub::Peer&, SigningServer&, const std::string&) {});
    const Error error = error_of([&] { setup.update(); });
    CHECK(error.kind() == ErrorKind::unavailable);
    CHECK(error.effect() == Effect::unknown);
    CHECK(setup.stub.connections() == 1);
  }
  SECTION("nobody there") {
    Setup setup(signed_answer({}));
    const base::WritePermit permit;
    auto client = setup.client(static_cast<std::uint16_t>(closed_port()));
    const Error error = error_of([&] { client.update({kZone, {}, {}}); });
    CHECK(error.kind() == ErrorKind::unavailable);
    CHECK(error.effect() == Effect::none);
    CHECK(setup.clock.now() > kNow);  // it tried again
  }
  SECTION("more than a message holds") {
    Setup setup(signed_answer({}));
    const base::WritePermit permit;
    resolve::Update update{kZone, {}, {}};
    for (int i = 0; i < 2; ++i) {
      update.updates.push_back(resolve::added(kZone, dns::Type::TXT, 300, std::string(40000, 'x')));
    }
    const Error error = error_of([&] { setup.client(setup.stub.port()).update(update); });
    CHECK(error.kind() == ErrorKind::unsupported);
    CHECK(error.effect() == Effect::none);
    CHECK(setup.stub.connections() == 0);
  }
}
