// Exchanges as lines of a file, back again, and as text for people.
#include "http/recording.hpp"

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/property.hpp"
#include "transport_rows.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using http::Exchange;
using http::Reached;

namespace {

Exchange exchange_of(std::string url, std::string body) {
  Exchange exchange;
  exchange.request = request_to(std::move(url), http::Intent::write);
  exchange.request.headers = {{"X-API-Key", "hush-hush"}, {"Accept", "x"}};
  exchange.response = http::Response{200, {{"Set-Cookie", "hush-hush"}}, std::move(body)};
  return exchange;
}

}  // namespace

TEST_CASE("an exchange comes back from its line, without credentials") {
  for (const std::string body : {"", "{\"a\":1}\n", "\xff\x00\x01"}) {
    const std::string line = print_exchange(exchange_of("http://h/?token=hush-hush&a=b", body));
    CHECK(line.find("hush") == std::string::npos);
    const auto back = http::parse_recording("f", line);
    REQUIRE(back.size() == 1);
    CHECK(back[0].request.url == "http://h/?token=[hidden]&a=b");
    CHECK(back[0].request.method == http::Method::patch);
    CHECK(back[0].request.intent == http::Intent::write);
    CHECK(back[0].response->status == 200);
    CHECK(back[0].response->body.text() == body);
  }
}

TEST_CASE("a line that is no exchange is named") {
  const std::string good = print_exchange(exchange_of("http://h/", ""));
  for (const std::string bad : {"x", "{}", "[1]", "{\"request\":{\"method\":\"STEAL\"}}"}) {
    INFO(bad);
    CHECK_THROWS_WITH(http::parse_recording("wire.jsonl", good + "\n" + bad),
                      has_text("wire.jsonl:3: "));
  }
}

TEST_CASE("a recording answers in its order, and nothing else does") {
  const TemporaryDirectory folder;
  Exchange lost;
  lost.request = exchange_of("http://h/", "").request;
  lost.fault = "gone";
  lost.reached = Reached::nothing;
  const auto observe = http::record_to(folder.path() / "wire.jsonl");
  observe(exchange_of("http://h/", "one"));
  observe(lost);
  observe(exchange_of("http://h/", "two"));
  observe(exchange_of("http://h/other", ""));
  CHECK_THROWS_WITH(http::record_to(folder.path() / "wire.jsonl"), has_text("there already"));

  const auto replay =
      http::replay_transport(folder.path() / "wire.jsonl", std::make_shared<const http::Secrets>());
  const auto request = exchange_of("http://h/", "").request;
  CHECK(send(*replay, request).words() == "200 one");
  const auto fault = send(*replay, request);
  REQUIRE(fault.fault);
  CHECK(fault.fault->reached() == Reached::nothing);
  CHECK(fault.fault->effect() == base::Effect::none);
  CHECK(send(*replay, request).words() == "200 two");
  CHECK_THROWS_WITH(replay->send(request), has_text("but not so often"));
  try {
    replay->send(request_to("http://h/never"));
    FAIL("no fault");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::protocol);
    CHECK_THAT(error.hint(), has_text("PATCH http://h/other"));
  }
}

TEST_CASE("a trace is harmless to look at and to pass on") {
  Exchange exchange =
      exchange_of("http://me:hush-hush@h/?api_key=hush-hush\x1b[2J", "a\x1b[31m\nb");
  exchange.request.body = std::string(3000, 'x');
  const std::string trace = print_trace(exchange);
  INFO(trace);
  CHECK(trace.find("hush") == std::string::npos);
  CHECK(trace.find('\x1b') == std::string::npos);
  CHECK_THAT(trace, has_text("> [and 952 octets more]\n"));
  CHECK_THAT(trace, has_text("< a\\027[31m\n< b\n"));
}
