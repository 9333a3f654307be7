// Servers that misbehave, one row each: what comes of a read and of a write, and that the next
// request is not harmed.
#include <future>

#include "support/catch.hpp"
#include "transport_rows.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Effect;
using base::ErrorKind;
using http::Intent;
using http::Reached;
using namespace std::chrono_literals;

namespace {

/// Six octets, a thousand times; each a member of its own.
std::string gzip_of_many_hellos() {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += gzip_of_hello();
  return many;
}

/// Reads the request, sends this and closes.
Script say(std::string octets) {
  return [octets = std::move(octets)](Peer& peer) {
    peer.read_request();
    peer.send(octets);
    peer.close();
  };
}

Script after_request(void (*then)(Peer&)) {
  return [then](Peer& peer) {
    peer.read_request();
    then(peer);
  };
}

struct Row {
  std::string name;
  Script script;
  ErrorKind kind = ErrorKind::unavailable;
  std::string words;  ///< Among those of the message.
  http::TransportOptions options = {};
};

http::TransportOptions quick_stall() {
  http::TransportOptions options;
  options.stall_timeout = 1s;
  return options;
}

http::TransportOptions quick_end() {
  http::TransportOptions options;
  options.answer_timeout = 1500ms;
  return options;
}

http::TransportOptions small_body() {
  http::TransportOptions options;
  options.max_body = 1000;
  return options;
}

const std::vector<Row>& rows() {
  constexpr auto kDown = ErrorKind::unavailable;
  constexpr auto kOdd = ErrorKind::protocol;
  static const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  static const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  static const std::string kGzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
  static const std::vector<Row> rows = {
      {"reset before the request is read",
       [](Peer& peer) {
         peer.await_request();
         peer.reset();
       },
       kDown, "127.0.0.1"},
      {"closed before the request is read", [](Peer& peer) { peer.await_request(); }, kDown,
       "127.0.0.1"},
      {"reset after the request", after_request([](Peer& peer) { peer.reset(); }), kDown, "broke"},
      {"closed without an answer", say(""), kDown, "closed the connection without an answer"},
      {"half a status line", say("HTTP/1."), kDown, "without an answer"},
      {"half a header", say("HTTP/1.1 200 OK\r\nContent-Le"), kDown, "in the middle of the header"},
      {"a header without its end", say("HTTP/1.1 204 No Content\r\nX: y\r\n"), kDown,
       "in the middle of the header"},
      {"reset after the header", after_request([](Peer& peer) {
         peer.send(kHead);
         peer.reset();
       }),
       kDown, "broke"},
      {"reset in the middle of the body", after_request([](Peer& peer) {
         peer.send(kHead + "hello");
         peer.reset();
       }),
       kDown, "broke"},
      {"less than Content-Length", say(kHead + "hello"), kDown, "less than it announced"},
      {"chunked, cut in a chunk", say(kChunked + "a\r\nhello"), kDown, "127.0.0.1"},
      {"chunked, cut between chunks", say(kChunked + "5\r\nhello\r\n"), kDown, "127.0.0.1"},
      {"chunked, last chunk cut", say(kChunked + "5\r\nhello\r\n0\r\n"), kDown, "127.0.0.1"},
      {"chunked, no size", say(kChunked + "zz\r\nhello\r\n0\r\n\r\n"), kDown, "127.0.0.1"},
      {"another protocol", say("SSH-2.0-OpenSSH_9.2\r\n"), kOdd, "not HTTP"},
      {"a number that is no length", say("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello"),
       kOdd, "not HTTP"},
      {"a negative length", say("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"), kOdd,
       "not HTTP"},
      {"two lengths", say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nhello"),
       kOdd, "two lengths that differ"},
      {"another protocol asked for and granted", say("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
       kDown, "127.0.0.1"},
      {"one giant header line", say("HTTP/1.1 200 OK\r\nX: " + std::string(4'000'000, 'x')), kDown,
       "127.0.0.1"},
      {"header lines without end", after_request([](Peer& peer) {
         peer.send("HTTP/1.1 200 OK\r\n");
         for (;;) peer.send("X-More: and more and more and more and more and more\r\n");
       }),
       kOdd, "header fields without end"},
      {"interim answers without end", after_request([](Peer& peer) {
         for (;;) peer.send("HTTP/1.1 100 Continue\r\n\r\n");
       }),
       kOdd, "header fields without end"},
      {"more than is taken", say("HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x')), kOdd,
       "more than 1000 octets", small_body()},
      {"announces more than is taken",
       say("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x')), kOdd,
       "more than 1000 octets", small_body()},
      {"compressed garbage", say(kGzip + "Content-Length: 5\r\n\r\nhello"), kOdd,
       "cannot be unpacked"},
      {"compressed and cut", say(kGzip + "\r\n" + gzip_of_hello().substr(0, 14)), kOdd,
       "cannot be unpacked"},
      {"compressed, without its checksum",
       say(kGzip + "Content-Length: 20\r\n\r\n" + gzip_of_hello().substr(0, 20)), kOdd,
       "cannot be unpacked"},
      {"compressed, with a wrong checksum",
       say(kGzip + "\r\n" + gzip_of_hello().replace(20, 1, "x")), kOdd, "cannot be unpacked"},
      {"compressed, and then some", say(kGzip + "\r\n" + gzip_of_hello() + "some"), kOdd,
       "cannot be unpacked"},
      {"compressed in a way that was not asked for",
       say("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello"), kOdd,
       "cannot be unpacked"},
      {"compressed to almost nothing", say(kGzip + "\r\n" + gzip_of_many_hellos()), kOdd,
       "more than 1000 octets", small_body()},
      {"never answers", after_request([](Peer& peer) { peer.hang(); }), kDown, "fell silent",
       quick_stall()},
      {"falls silent after the header", after_request([](Peer& peer) {
         peer.send(kHead);
         peer.hang();
       }),
       kDown, "fell silent", quick_stall()},
      {"falls silent in the body", after_request([](Peer& peer) {
         peer.send(kHead + "hello");
         peer.hang();
       }),
       kDown, "did not finish its answer within 1.5 s", quick_end()},
      {"drips", after_request([](Peer& peer) {
         peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
         for (;;) {
           peer.send("x");
           peer.pause(10ms);
         }
       }),
       kDown, "did not finish its answer within 1.5 s", quick_end()}};
  return rows;
}

struct Told {
  Outcome first;
  Outcome next;
  std::size_t received = 0;
};

Told play(const Row& row, Intent intent) {
  HostileServer server({row.script, serve([](const auto&) { return answer(200, "fine"); })});
  const auto transport = direct_transport(row.options);
  Told told;
  told.first = send(*transport, request_to(server.url("/bad"), intent));
  // A read: the server may close a connection whose answer ended well just as it is used again, and
  // only reads are sent a second time then.
  told.next = send(*transport, request_to(server.url("/good"), Intent::read));
  for (const auto& request : server.requests()) {
    if (request.find(" /bad ") != std::string::npos) ++told.received;
  }
  return told;
}

}  // namespace

TEST_CASE("a server that misbehaves gives a fault, never an answer") {
  std::vector<std::future<Told>> reads;
  std::vector<std::future<Told>> writes;
  for (const Row& row : rows()) {
    reads.push_back(std::async(std::launch::async, play, std::cref(row), Intent::read));
    writes.push_back(std::async(std::launch::async, play, std::cref(row), Intent::write));
  }
  for (std::size_t i = 0; i < rows().size(); ++i) {
    const Row& row = rows()[i];
    for (const Intent intent : {Intent::read, Intent::write}) {
      const Told told = (intent == Intent::read ? reads : writes)[i].get();
      INFO(row.name << ", " << intent_name(intent) << ": " << told.first.words());
      CHECK(told.first.fault);
      if (!told.first.fault) continue;
      CHECK(told.first.fault->kind() == row.kind);
      CHECK_THAT(told.first.fault->what(), has_text(row.words));
      CHECK(told.first.fault->reached() == Reached::maybe);
      CHECK(told.first.fault->effect() ==
            (intent == Intent::write ? Effect::unknown : Effect::none));
      CHECK_FALSE(told.first.fault->hint().empty());
      CHECK(told.received <= 1);
      CHECK(told.next.words() == "200 fine");
    }
  }
}
