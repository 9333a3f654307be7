// The client over real connections: what is repeated and what is not, many threads, interruption,
// proxies.
#include <atomic>
#include <thread>

#include "base/stop_shield.hpp"
#include "base/write_permit.hpp"
#include "http/client.hpp"
#include "support/catch.hpp"
#include "transport_rows.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using http::Intent;
using namespace std::chrono_literals;

namespace {

Script fine() {
  return serve([](const auto&) { return answer(200, "fine"); });
}

void lose(Peer& peer) {
  peer.read_request();
  peer.reset();
}

/// One good answer, then the connection goes away with the second request.
void lose_second(Peer& peer) {
  peer.read_request();
  peer.send(answer(200, "first"));
  lose(peer);
}

struct Wire {
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  std::atomic<int> tries = 0;
  http::Client client{direct_transport(), clock, options()};

  http::ClientOptions options() {
    http::ClientOptions options;
    options.observers.push_back([this](const http::Exchange&) { ++tries; });
    return options;
  }
};

/// A variable of the environment for the length of a test.
struct Variable {
  Variable(const char* its_name, const std::string& value) : name(its_name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  const char* name;
};

}  // namespace

TEST_CASE("a read is sent again after its connection broke") {
  HostileServer server({lose, lose, fine()});
  Wire wire;
  CHECK(wire.client.send(request_to(server.url())).body.text() == "fine");
  CHECK(wire.tries == 3);
}

TEST_CASE("a write whose connection broke is sent once, on a new connection or a kept one") {
  for (const auto& script : {Script(lose), Script(lose_second)}) {
    HostileServer server({script, fine()});
    Wire wire;
    const base::WritePermit permit;
    const bool kept = script.target_type() == Script(lose_second).target_type() &&
                      *script.target<void (*)(Peer&)>() == lose_second;
    if (kept) wire.client.send(request_to(server.url("/first")));
    try {
      wire.client.send(request_to(server.url("/write"), Intent::write));
      FAIL("no fault");
    } catch (const base::Error& error) {
      CHECK(error.effect() == Effect::unknown);
      CHECK(error.kind() == ErrorKind::unavailable);
    }
    CHECK(server.requests().size() == (kept ? 2 : 1));
  }
}

TEST_CASE("a write that nobody took is sent again, and had no effect") {
  Wire wire;
  const base::WritePermit permit;
  const std::string url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
  try {
    wire.client.send(request_to(url, Intent::write));
    FAIL("no fault");
  } catch (const base::Error& error) {
    CHECK(error.effect() == Effect::none);
  }
  CHECK(wire.tries == http::RetryRules{}.tries);
}

TEST_CASE("many threads get their own answers") {
  for (const char* header : {"", "Connection: close\r\n"}) {
    HostileServer server({[header](Peer& peer) {
      for (;;) {
        const std::string request = peer.read_request();
        peer.send(answer(200, request.substr(4, request.find(" HTTP") - 4), header));
        if (*header != '\0') peer.close();
      }
    }});
    const auto transport = direct_transport();
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
          if (send(*transport, request_to(server.url(path))).words() == "200 " + path) ++right;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(right == 320);
    // Kept ones serve many requests; under load a few are given up as stale.
    if (*header == '\0') CHECK(server.connections() < 160);
  }
}

TEST_CASE("a wish to stop ends reads, but neither writes nor what a shield covers") {
  struct Row {
    Intent intent;
    bool shielded;
    bool ends;
  };
  for (const Row& row : {Row{Intent::read, false, true}, Row{Intent::auth, false, true},
                         Row{Intent::write, false, false}, Row{Intent::read, true, false}}) {
    std::atomic<bool> stop = false;
    HostileServer server({[&](Peer& peer) {
      peer.read_request();
      stop = true;
      if (row.ends) peer.hang();
      peer.pause(400ms);
      peer.send(answer(200, "done"));
    }});
    http::TransportOptions options;
    options.stop_requested = [&] { return stop.load(); };
    const auto transport = direct_transport(options);
    std::optional<base::StopShield> shield;
    if (row.shielded) shield.emplace();
    const auto outcome = send(*transport, request_to(server.url(), row.intent));
    INFO(outcome.words());
    REQUIRE(outcome.fault.has_value() == row.ends);
    if (row.ends) CHECK(outcome.fault->kind() == ErrorKind::interrupted);
    if (row.ends) CHECK(outcome.fault->effect() == Effect::none);
  }
}

TEST_CASE("a proxy is used as the environment says") {
  HostileServer proxy({fine()});
  HostileServer server({fine()});
  const auto transport = direct_transport();
  const Variable variable("http_proxy", "http://127.0.0.1:" + std::to_string(proxy.port()));
  CHECK(send(*transport, request_to("http://api.example.test/zones")).words() == "200 fine");
  REQUIRE(proxy.requests().size() == 1);
  CHECK_THAT(proxy.requests()[0], has_text("GET http://api.example.test/zones HTTP/1.1\r\n"));
  const Variable exception("no_proxy", "127.0.0.1");
  CHECK(send(*transport, request_to(server.url())).words() == "200 fine");
  CHECK(proxy.requests().size() == 1);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a proxy that refuses keeps a write from reaching anybody") {
  HostileServer proxy({serve([](const auto&) { return answer(403, "no"); })});
  const auto transport = direct_transport();
  const Variable variable("https_proxy", "http://127.0.0.1:" + std::to_string(proxy.port()));
  const auto outcome =
      send(*transport, request_to("https://api.example.test/zones", Intent::write));
  REQUIRE(outcome.fault);
  CHECK(outcome.fault->reached() == http::Reached::nothing);
  CHECK(outcome.fault->effect() == Effect::none);
  CHECK_THAT(outcome.words(), has_text("the proxy refuses to connect"));
  CHECK_THAT(proxy.requests().at(0), has_text("CONNECT api.example.test:443 HTTP/1.1"));
}
