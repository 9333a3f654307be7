// The client over a server that is a function: what is sent how often, after which waits.
#include "http/client.hpp"

#include <deque>

#include "base/write_permit.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::http;
using base::Effect;
using base::ErrorKind;
using std::chrono::milliseconds;

namespace {

/// A server that gives the answers it was told to, one after another, then 200.
struct Told {
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  std::deque<std::function<Response()>> answers;
  std::vector<Request> seen;
  std::vector<milliseconds> at;
  std::vector<std::string> traces;
  bool stop = false;
  Client client{fake_transport([this](const Request& request) {
                  seen.push_back(request);
                  at.push_back(clock.ticks());
                  if (answers.empty()) return Response{200, {}, "fine"};
                  const auto answer = answers.front();
                  answers.pop_front();
                  return answer();
                }),
                clock, options()};

  ClientOptions options() {
    ClientOptions chosen;
    chosen.jitter = [] { return 0.0; };
    chosen.stop_requested = [this] { return stop; };
    chosen.observers.push_back(
        [this](const Exchange& exchange) { traces.push_back(print_trace(exchange)); });
    return chosen;
  }

  void answer(int status, Headers headers = {}) {
    answers.push_back([=] { return Response{status, headers, "no"}; });
  }
  void lose(Reached reached, Effect effect = Effect::none) {
    answers.push_back([=]() -> Response {
      throw TransportError(ErrorKind::unavailable, "connection reset", reached, effect);
    });
  }
};

Request request(Intent intent) {
  Request one;
  one.method = intent == Intent::write ? Method::patch : Method::get;
  one.intent = intent;
  one.url = "https://api.example.net/zones?token=abc";
  one.headers = {{"X-API-Key", "very-secret"}};
  return one;
}

}  // namespace

TEST_CASE("a read goes on after passing faults") {
  Told told;
  told.answer(503);
  told.lose(Reached::maybe);
  told.answer(502);
  CHECK(told.client.send(request(Intent::read)).status == 200);
  REQUIRE(told.seen.size() == 4);
  CHECK(told.at[1] - told.at[0] == milliseconds(250));
  CHECK(told.at[2] - told.at[1] == milliseconds(500));
  CHECK(told.at[3] - told.at[2] == milliseconds(1000));
}

TEST_CASE("a read that never succeeds ends with the last answer or fault") {
  Told told;
  for (int i = 0; i < 5; ++i) told.answer(503);
  CHECK(told.client.send(request(Intent::read)).status == 503);
  CHECK(told.seen.size() == 5);
  for (int i = 0; i < 5; ++i) told.lose(Reached::maybe);
  try {
    told.client.send(request(Intent::read));
    FAIL("no answer came");
  } catch (const base::Error& error) {
    CHECK(error.kind() == ErrorKind::unavailable);
    CHECK(std::string(error.what()) ==
          "GET https://api.example.net/zones?token=[hidden]: connection reset");
  }
}

TEST_CASE("a write is sent once unless the server certainly did not act on it") {
  const base::WritePermit permit;
  Told told;
  told.lose(Reached::maybe, Effect::unknown);
  try {
    told.client.send(request(Intent::write));
    FAIL("no answer came");
  } catch (const base::Error& error) {
    CHECK(error.effect() == Effect::unknown);
  }
  CHECK(told.seen.size() == 1);
  told.answer(500);
  CHECK(told.client.send(request(Intent::write)).status == 500);
  CHECK(told.seen.size() == 2);
  told.lose(Reached::nothing);
  told.answer(429, {{"Retry-After", "3"}});
  CHECK(told.client.send(request(Intent::write)).status == 200);
  REQUIRE(told.seen.size() == 5);
  CHECK(told.at[4] - told.at[3] == milliseconds(3000));
}

TEST_CASE("a write without a permit is never sent") {
  Told told;
  try {
    told.client.send(request(Intent::write));
    FAIL("was sent");
  } catch (const base::Error& error) {
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.effect() == Effect::none);
  }
  CHECK(told.seen.empty());
  {
    const base::WritePermit permit;
    CHECK(told.client.send(request(Intent::write)).status == 200);
  }
  CHECK_THROWS_AS(told.client.send(request(Intent::write)), base::Error);
}

TEST_CASE("Retry-After as a date is waited for on the clock") {
  Told told;
  told.answer(429, {{"Retry-After", "Sat, 05 Dec 2026 16:31:30 GMT"}});
  CHECK(told.client.send(request(Intent::read)).status == 200);
  CHECK(told.at[1] - told.at[0] == milliseconds(90000));
}

ChannelOptions options_of(const std::string& bucket) {
  ChannelOptions options;
  options.base_url = "https://api.example.net";
  options.budgets = {{bucket, {}}};
  return options;
}

TEST_CASE("429 stops everybody who shares the credential and nobody else") {
  Told told;
  Channel one(told.client, options_of("fingerprint-1"));
  Channel same(told.client, options_of("fingerprint-1"));
  Channel other(told.client, options_of("fingerprint-2"));
  // The third 429 is given up, so the pause outlives the request.
  told.answer(429, {{"Retry-After", "60"}});
  CHECK(one.get("/a").status == 200);
  const auto resumed = told.at.back();
  CHECK(resumed - told.at.front() == milliseconds(60000));
  told.client.buckets()
      .bucket("fingerprint-1", {})
      ->pause_until(told.clock.ticks() + milliseconds(5000));
  CHECK(other.get("/b").status == 200);
  CHECK(told.at.back() == resumed);
  CHECK(same.get("/c").status == 200);
  CHECK(told.at.back() - resumed == milliseconds(5000));
}

TEST_CASE("a request takes a token of every budget it counts in, and of no other") {
  Told told;
  ChannelOptions options = options_of("all");
  options.budgets = {{"all", {10, 1}}, {"changes", {1, 1}, Budget::Of::writes}};
  Channel channel(told.client, options);
  const auto took = [&](Intent intent) {
    const auto began = told.clock.ticks();
    const base::WritePermit permit;
    channel.send(intent == Intent::write ? Method::post : Method::get, intent, "/a");
    return told.clock.ticks() - began;
  };
  CHECK(took(Intent::write) == milliseconds(0));
  CHECK(took(Intent::read) == milliseconds(100));
  CHECK(took(Intent::read) == milliseconds(100));
  // Waiting for the smaller budget does not use up the larger one.
  CHECK(took(Intent::write) == milliseconds(800));
  CHECK(took(Intent::read) == milliseconds(100));
}

TEST_CASE("an answer that means 429 in the words of its API is treated as one") {
  Told told;
  ChannelOptions options = options_of("aws");
  options.budgets = {{"aws", {10, 10}}};
  options.throttled = [](const Response& response) {
    return response.body.text().find("Throttling") != std::string::npos;
  };
  Channel channel(told.client, options);
  told.answers.push_back([] { return Response{400, {}, "<Code>Throttling</Code>"}; });
  const base::WritePermit permit;
  CHECK(channel.send(Method::post, Intent::write, "/a").status == 200);
  CHECK(told.seen.size() == 2);
  told.answers.push_back([] { return Response{400, {}, "<Code>InvalidInput</Code>"}; });
  CHECK(channel.send(Method::post, Intent::write, "/b").status == 400);
  CHECK(told.seen.size() == 3);
}

TEST_CASE("a signal ends the waiting") {
  Told told;
  told.answer(503, {{"Retry-After", "200"}});
  told.stop = true;
  try {
    told.client.send(request(Intent::read));
    FAIL("went on");
  } catch (const base::Error& error) {
    CHECK(error.kind() == ErrorKind::interrupted);
  }
  CHECK(told.seen.size() == 1);
}

TEST_CASE("a channel sends its header fields, which a request may add to") {
  Told told;
  ChannelOptions options;
  options.base_url = "https://api.example.net/v1";
  options.headers = {{"X-API-Key", "k"}};
  options.ca_file = "ca.pem";
  Channel channel(told.client, options);
  channel.send(Method::post, Intent::auth, "/token", "{}", {{"Content-Type", "application/json"}});
  REQUIRE(told.seen.size() == 1);
  CHECK(told.seen[0].url == "https://api.example.net/v1/token");
  CHECK(*told.seen[0].headers.find("X-API-Key") == "k");
  CHECK(*told.seen[0].headers.find("Content-Type") == "application/json");
  CHECK(told.seen[0].ca_file == "ca.pem");
  CHECK(told.seen[0].body == "{}");
}

TEST_CASE("nothing that observers see holds a credential") {
  Told told;
  told.client.secrets().add("very-secret");
  told.answers.push_back([] { return Response{500, {}, "key very-secret is wrong"}; });
  told.lose(Reached::maybe);
  told.client.send(request(Intent::read));
  REQUIRE(told.traces.size() == 3);
  for (const auto& trace : told.traces) {
    CHECK(trace.find("very-secret") == std::string::npos);
    CHECK(trace.find("abc") == std::string::npos);
  }
}

TEST_CASE("what statuses mean") {
  struct Row {
    int status;
    Intent intent;
    ErrorKind kind;
    Effect effect;
  };
  const std::vector<Row> rows = {
      {301, Intent::read, ErrorKind::protocol, Effect::none},
      {400, Intent::read, ErrorKind::protocol, Effect::none},
      {400, Intent::write, ErrorKind::invalid, Effect::none},
      {401, Intent::write, ErrorKind::auth, Effect::none},
      {403, Intent::read, ErrorKind::auth, Effect::none},
      {404, Intent::write, ErrorKind::not_found, Effect::none},
      {408, Intent::write, ErrorKind::invalid, Effect::unknown},
      {409, Intent::write, ErrorKind::conflict, Effect::none},
      {412, Intent::write, ErrorKind::conflict, Effect::none},
      {422, Intent::write, ErrorKind::invalid, Effect::none},
      {429, Intent::write, ErrorKind::rate_limited, Effect::none},
      {500, Intent::read, ErrorKind::unavailable, Effect::none},
      {500, Intent::write, ErrorKind::unavailable, Effect::unknown},
      {504, Intent::write, ErrorKind::unavailable, Effect::unknown},
  };
  Secrets secrets;
  secrets.add("very-secret");
  for (const auto& row : rows) {
    INFO(row.status << " " << intent_name(row.intent));
    try {
      fail_unless_ok({row.status, {{"X-Request-Id", "r-17"}}, ""}, row.intent,
                     "reading example.com", "no very-secret", secrets);
      FAIL("was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == row.kind);
      CHECK(error.effect() == row.effect);
      CHECK(error.request_id() == "r-17");
      CHECK(std::string(error.what()) == "reading example.com: the server answered " +
                                             std::to_string(row.status) + ": no [hidden]");
    }
  }
  CHECK_NOTHROW(fail_unless_ok({204, {}, ""}, Intent::write, "writing", "", secrets));
}
