// Answers that are good ones, however they come, and what is sent to get them.
#include <algorithm>

#include "base/text.hpp"
#include "base/version.hpp"
#include "support/catch.hpp"
#include "transport_rows.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using http::Intent;
using http::Method;
using http::Request;
using namespace std::chrono_literals;

namespace {

/// Sends this once and closes.
HostileServer saying(const std::string& octets) {
  return HostileServer({[octets](Peer& peer) {
    peer.read_request();
    peer.send(octets);
    peer.close();
  }});
}

struct Row {
  std::string name;
  std::string octets;
  std::string expected;  ///< Status and body.
};

/// What the server saw of a request.
std::string received(const Request& request) {
  HostileServer server({serve([](const auto&) { return answer(200, ""); })});
  Request sent = request;
  sent.url = server.url("/zones");
  const auto outcome = send(*direct_transport(), sent);
  REQUIRE(outcome.words() == "200 ");
  return server.requests().at(0);
}

}  // namespace

TEST_CASE("answers are taken in every form they may have") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
  const std::vector<Row> rows = {
      {"with its length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"},
      {"longer than its length", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello", "200 hell"},
      {"until the connection closes", "HTTP/1.1 200 OK\r\n\r\nhello", "200 hello"},
      {"by the old version", "HTTP/1.0 200 OK\r\n\r\nhello", "200 hello"},
      {"in chunks", chunked + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", "200 hello"},
      {"in chunks, with trailers", chunked + "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
       "200 hello"},
      {"compressed", gzip + "Content-Length: 26\r\n\r\n" + gzip_of_hello(), "200 hello\n"},
      {"compressed, in two members", gzip + "\r\n" + gzip_of_hello() + gzip_of_hello(),
       "200 hello\nhello\n"},
      {"not compressed, and saying so",
       "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
       "200 hello"},
      {"after 100 Continue",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
       "200 hello"},
      {"after early hints",
       "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 404 no\r\nContent-Length: "
       "2\r\n\r\nno",
       "404 no"},
      {"without content", "HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"a redirect, which is not followed",
       "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "302 "},
      {"a fault of the server's", "HTTP/1.1 500 x\r\nContent-Length: 4\r\n\r\noops", "500 oops"},
      {"octets of every kind",
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + std::string("\0\xff\n", 3),
       "200 " + std::string("\0\xff\n", 3)}};
  for (const Row& row : rows) {
    const HostileServer server = saying(row.octets);
    const auto outcome = send(*direct_transport(), request_to(server.url()));
    INFO(row.name << ": " << outcome.words());
    REQUIRE(outcome.response);
    CHECK(outcome.words() == row.expected);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("the header fields of the final answer are kept, and no others") {
  const HostileServer server = saying(
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nSet-Cookie: a\r\nset-cookie:b  \r\n"
      "Empty:\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Trailer: no\r\n\r\n");
  const auto outcome = send(*direct_transport(), request_to(server.url()));
  REQUIRE(outcome.response);
  const http::Headers expected = {{"X-Folded", "one two"},
                                  {"Set-Cookie", "a"},
                                  {"set-cookie", "b"},
                                  {"Empty", ""},
                                  {"Transfer-Encoding", "chunked"}};
  CHECK(outcome.response->headers == expected);
}

TEST_CASE("an answer to HEAD has the length of a content that does not come") {
  const HostileServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  Request request = request_to(server.url());
  request.method = Method::head;
  const auto outcome = send(*direct_transport(), request);
  CHECK(outcome.words() == "200 ");
  CHECK(server.requests().at(0).substr(0, 5) == "HEAD ");
}

TEST_CASE("each method is sent as it is called, with its content") {
  struct MethodRow {
    Method method;
    std::string body;
    std::string length;  ///< The line, or that there is none.
  };
  const std::vector<MethodRow> rows = {{Method::get, "", ""},
                                       {Method::remove, "", ""},
                                       {Method::options, "", ""},
                                       {Method::post, "", "Content-Length: 0"},
                                       {Method::put, "", "Content-Length: 0"},
                                       {Method::patch, "", "Content-Length: 0"},
                                       {Method::get, "{}", "Content-Length: 2"},
                                       {Method::post, "{}", "Content-Length: 2"},
                                       {Method::put, std::string("\0\n", 2), "Content-Length: 2"},
                                       {Method::patch, "{}", "Content-Length: 2"},
                                       {Method::remove, "{}", "Content-Length: 2"}};
  for (const auto& row : rows) {
    Request request;
    request.method = row.method;
    request.body = row.body;
    const std::string seen = received(request);
    INFO(seen);
    CHECK(seen.substr(0, seen.find(' ')) == http::method_name(row.method));
    const auto end = seen.find("\r\n\r\n");
    CHECK(seen.substr(end + 4) == row.body);
    CHECK((seen.find("Content-Length") == std::string::npos) == row.length.empty());
    CHECK_THAT(seen, has_text(row.length));
    CHECK(seen.find("Content-Type") == std::string::npos);
  }
}

TEST_CASE("header fields are sent as they are given, with those of our own") {
  Request request;
  request.method = Method::patch;
  request.headers = {
      {"X-API-Key", "k\xc3\xa4y"}, {"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = std::string(2'000'000, ' ');
  const std::string seen = received(request);
  const std::string head = seen.substr(0, seen.find("\r\n\r\n") + 2);
  INFO(head);
  CHECK_THAT(head, has_text("\r\nX-API-Key: k\xc3\xa4y\r\n"));
  CHECK_THAT(head, has_text("\r\nContent-Type: application/json\r\n"));
  CHECK_THAT(head, has_text("\r\nX-Empty:\r\n"));
  CHECK_THAT(head, has_text("\r\nAccept-Encoding: gzip\r\n"));
  CHECK_THAT(head, has_text("\r\nUser-Agent: mxsmith/" + std::string(base::version()) + "\r\n"));
  CHECK(head.find("Expect") == std::string::npos);
  CHECK(seen.size() - head.size() - 2 == 2'000'000);
}

TEST_CASE("a header field with a line break is not sent, and its value not shown") {
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"X-API-Key", "hush\r\nX-More: yes"},
        {"X-API-Key", "hush\n"},
        {"X-API-Key", std::string("hush\0", 5)},
        {"X-API-Key: hush\r\nX-More", "yes"}}) {
    HostileServer server({serve([](const auto&) { return answer(200, ""); })});
    Request request = request_to(server.url(), Intent::write);
    request.headers.add(name, value);
    const auto outcome = send(*direct_transport(), request);
    REQUIRE(outcome.fault);
    CHECK(outcome.fault->reached() == http::Reached::nothing);
    CHECK(outcome.fault->effect() == base::Effect::none);
    CHECK(outcome.fault->lasting());
    CHECK_THAT(outcome.words(), has_text("control character"));
    if (name == "X-API-Key") CHECK(outcome.words().find("hush") == std::string::npos);
    CHECK(server.requests().empty());
  }
}

TEST_CASE("a connection serves many requests, one after another") {
  HostileServer server({serve([](const auto&) { return answer(200, "fine"); })});
  const auto transport = direct_transport();
  for (int i = 0; i < 20; ++i) CHECK(send(*transport, request_to(server.url())).response);
  CHECK(server.connections() == 1);
}

TEST_CASE("what comes after an answer is nobody's answer") {
  // The second answer was not asked for: it must not be taken for that to the next request.
  const std::string smuggled = answer(200, "one") + answer(200, "evil");
  for (const auto& [first, rest] : {std::pair<std::string, std::string>{smuggled, ""},
                                    {answer(200, "one"), answer(200, "evil")},
                                    {answer(200, "one"), "evil"}}) {
    std::atomic<bool> sent = false;
    HostileServer server({[&sent, first = first, rest = rest](Peer& peer) {
                            peer.read_request();
                            peer.send(first);
                            if (!rest.empty()) {
                              peer.pause(50ms);
                              peer.send(rest);
                            }
                            sent = true;
                            peer.hang();
                          },
                          serve([](const auto&) { return answer(200, "two"); })});
    const auto transport = direct_transport();
    CHECK(send(*transport, request_to(server.url("/1"))).words() == "200 one");
    while (!sent) std::this_thread::sleep_for(1ms);
    CHECK(send(*transport, request_to(server.url("/2"))).words() == "200 two");
  }
}

TEST_CASE("a large answer comes in pieces and whole") {
  std::string large;
  for (int i = 0; large.size() < 5'000'000; ++i) large += std::to_string(i) + "\n";
  HostileServer server({serve([&](const auto&) { return answer(200, large); })});
  const auto outcome = send(*direct_transport(), request_to(server.url()));
  REQUIRE(outcome.response);
  CHECK(outcome.response->body.text() == large);
  CHECK(outcome.response->body.pieces().size() > 10);
}
