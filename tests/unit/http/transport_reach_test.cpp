// Requests that reach nobody: no connection, no trust, no URL. A write can be sent again after
// them.
#include "support/catch.hpp"
#include "support/process.hpp"
#include "transport_rows.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using http::Intent;
using http::Reached;
using namespace std::chrono_literals;

namespace {

void check_nothing_reached(const Outcome& outcome) {
  REQUIRE(outcome.fault);
  CHECK(outcome.fault->reached() == Reached::nothing);
  CHECK(outcome.fault->effect() == Effect::none);
  CHECK_FALSE(outcome.fault->hint().empty());
}

Script fine() {
  return serve([](const auto&) { return answer(200, "fine"); });
}

}  // namespace

TEST_CASE("nobody listens") {
  const std::string url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  for (const Intent intent : {Intent::read, Intent::write, Intent::auth}) {
    const auto outcome = send(*direct_transport(), request_to(url, intent));
    check_nothing_reached(outcome);
    CHECK(outcome.fault->kind() == ErrorKind::unavailable);
    CHECK_FALSE(outcome.fault->lasting());
    CHECK_THAT(outcome.words(), has_text("cannot be connected to"));
    CHECK_THAT(outcome.words(), has_text("is the server running"));
  }
}

TEST_CASE("a name that does not exist") {
  http::TransportOptions options;
  options.connect_timeout = 3s;  // where no resolver answers
  const auto outcome =
      send(*direct_transport(options), request_to("http://no-such-host.invalid/", Intent::write));
  check_nothing_reached(outcome);
  CHECK(outcome.fault->kind() == ErrorKind::unavailable);
  CHECK_THAT(outcome.words(), has_text("no-such-host.invalid"));
}

TEST_CASE("a URL that is none, or of another kind") {
  for (const std::string url : {"", "zones", "http://", "http://[::1", "http://host:99999/",
                                "ftp://127.0.0.1/", "file:///etc/passwd", "http://a b/"}) {
    INFO(url);
    const auto outcome = send(*direct_transport(), request_to(url, Intent::write));
    check_nothing_reached(outcome);
    CHECK(outcome.fault->lasting());
    CHECK(outcome.fault->effect() == Effect::none);
  }
}

TEST_CASE("credentials of a URL are in no message") {
  const std::string port = std::to_string(closed_port());
  for (const std::string& url :
       {"http://me:hush-hush@127.0.0.1:" + port + "/", std::string("http://me:hush-hush@/"),
        std::string("http://me:hush-hush@[::1"), std::string("ftp://me:hush-hush@127.0.0.1/"),
        std::string("http://me:hush-hush@no-such-host.invalid/")}) {
    http::TransportOptions options;
    options.connect_timeout = 3s;
    const auto outcome = send(*direct_transport(options), request_to(url));
    REQUIRE(outcome.fault);
    CHECK(outcome.words().find("hush") == std::string::npos);
  }
}

TEST_CASE("a certificate that cannot be trusted") {
  struct Row {
    std::string name;
    CertificateFault fault;
    bool names_authority;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"an unknown authority", CertificateFault::none, false, "name its PEM file with `ca_file`"},
      {"self-signed", CertificateFault::self_signed, true, "cannot be trusted"},
      {"for another name", CertificateFault::wrong_name, true, "cannot be trusted"},
      {"expired", CertificateFault::expired, true, "expired"}};
  const TemporaryDirectory folder;
  for (const Row& row : rows) {
    const Identity identity = make_identity(row.fault);
    HostileServer server({fine()}, &identity);
    http::TransportOptions options;
    if (row.names_authority) options.ca_file = folder.write("ca.pem", identity.authority);
    for (const Intent intent : {Intent::read, Intent::write}) {
      const auto outcome = send(*direct_transport(options), request_to(server.url(), intent));
      INFO(row.name);
      check_nothing_reached(outcome);
      CHECK(outcome.fault->kind() == ErrorKind::unavailable);
      CHECK(outcome.fault->lasting());
      CHECK_THAT(outcome.words(), has_text(row.words));
    }
    CHECK(server.requests().empty());
  }
}

TEST_CASE("an authority of one's own is trusted, for all requests or for one") {
  const TemporaryDirectory folder;
  const Identity identity = make_identity();
  const fs::path authority = folder.write("ca.pem", identity.authority);
  const fs::path another = folder.write("another.pem", make_identity().authority);
  HostileServer server({fine()}, &identity);
  http::TransportOptions options;
  options.ca_file = authority;
  CHECK(send(*direct_transport(options), request_to(server.url())).words() == "200 fine");

  auto request = request_to(server.url());
  request.ca_file = authority.string();
  options.ca_file = another;
  const auto transport = direct_transport(options);
  CHECK(send(*transport, request).words() == "200 fine");
  // A connection that one request trusts is not another's.
  CHECK(send(*transport, request_to(server.url())).fault);
}

TEST_CASE("authorities that cannot be read") {
  const TemporaryDirectory folder;
  const Identity identity = make_identity();
  HostileServer server({fine()}, &identity);
  for (const fs::path& file :
       {folder.path() / "missing.pem", folder.write("bad.pem", "no PEM\n")}) {
    http::TransportOptions options;
    options.ca_file = file;
    const auto outcome = send(*direct_transport(options), request_to(server.url(), Intent::write));
    check_nothing_reached(outcome);
    CHECK(outcome.fault->lasting());
    CHECK_THAT(outcome.words(), has_text(file.string()));
  }
}

TEST_CASE("the wrong scheme for a port") {
  const Identity identity = make_identity();
  HostileServer plain({[](Peer& peer) {
    peer.await_request();
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.close();
  }});
  const std::string port = std::to_string(plain.port());
  const auto outcome =
      send(*direct_transport(), request_to("https://127.0.0.1:" + port + "/", Intent::write));
  check_nothing_reached(outcome);
  CHECK_THAT(outcome.words(), has_text("right scheme and port"));
}

TEST_CASE("a server that never gets through with TLS") {
  HostileServer silent({[](Peer& peer) { peer.hang(); }});
  http::TransportOptions options;
  options.connect_timeout = 700ms;
  const auto outcome =
      send(*direct_transport(options),
           request_to("https://127.0.0.1:" + std::to_string(silent.port()) + "/", Intent::write));
  check_nothing_reached(outcome);
  CHECK_THAT(outcome.words(), has_text("within 0.7 s"));
  CHECK_FALSE(outcome.fault->lasting());
}
