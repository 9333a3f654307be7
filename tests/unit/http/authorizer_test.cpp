// Credentials that are put in per request: tokens that expire, are refused, are shared.
#include <atomic>
#include <thread>

#include "base/write_permit.hpp"
#include "http/bearer_tokens.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::http;
using std::chrono::milliseconds;

namespace {

/// A server that takes the newest token it gave and no other.
struct Issuer {
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  std::atomic<int> issued = 0;
  std::atomic<int> valid = 1;
  std::vector<std::string> traces;
  Client client{fake_transport([this](const Request& request) {
                  const std::string* sent = request.headers.find("Authorization");
                  const bool good =
                      sent != nullptr && *sent == "Bearer token-" + std::to_string(valid.load());
                  return Response{good ? 200 : 401, {}, sent == nullptr ? "none" : *sent};
                }),
                clock, options()};
  std::shared_ptr<Authorizer> tokens = std::make_shared<BearerTokens>(
      clock, std::shared_ptr<Secrets>(&client.secrets(), [](Secrets*) {}), [this] {
        return AccessToken{"token-" + std::to_string(++issued), base::Seconds(3600)};
      });
  Channel channel{client, channel_options()};

  ClientOptions options() {
    ClientOptions chosen;
    chosen.observers.push_back(
        [this](const Exchange& exchange) { traces.push_back(print_trace(exchange)); });
    return chosen;
  }
  ChannelOptions channel_options() const {
    ChannelOptions options;
    options.base_url = "https://api.example.net";
    options.authorizer = tokens;
    return options;
  }
};

}  // namespace

TEST_CASE("a token is fetched once and used until shortly before it expires") {
  Issuer server;
  CHECK(server.channel.get("/a").status == 200);
  CHECK(server.channel.get("/b").status == 200);
  server.clock.sleep_for(std::chrono::minutes(58));
  CHECK(server.channel.get("/c").status == 200);
  CHECK(server.issued == 1);
  server.valid = 2;
  server.clock.sleep_for(std::chrono::seconds(61));
  CHECK(server.channel.get("/d").status == 200);
  CHECK(server.issued == 2);
}

TEST_CASE("a token that is refused is fetched anew once") {
  Issuer server;
  REQUIRE(server.channel.get("/a").status == 200);
  server.valid = 2;
  {
    const base::WritePermit permit;
    CHECK(server.channel.send(Method::post, Intent::write, "/b").status == 200);
  }
  CHECK(server.issued == 2);
  server.valid = 99;
  CHECK(server.channel.get("/c").status == 401);
  CHECK(server.issued == 3);
}

TEST_CASE("threads that start together share one token") {
  Issuer server;
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { good += server.channel.get("/a").status == 200 ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  CHECK(good == 8);
  CHECK(server.issued == 1);
}

TEST_CASE("a token is shown nowhere") {
  Issuer server;
  server.channel.get("/a?echo=token-1");
  REQUIRE(server.traces.size() == 1);
  CHECK(server.traces[0].find("token-1") == std::string::npos);
}

TEST_CASE("accounts with one credential get the same authorizer") {
  Issuer server;
  int made = 0;
  const auto make = [&] {
    ++made;
    return server.tokens;
  };
  CHECK(server.client.authorizer("gcloud:abc", make) ==
        server.client.authorizer("gcloud:abc", make));
  CHECK(made == 1);
  server.client.authorizer("gcloud:def", make);
  CHECK(made == 2);
}
