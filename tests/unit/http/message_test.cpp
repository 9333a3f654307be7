// Requests, header fields and bodies as values.
#include "http/message.hpp"

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::http;

TEST_CASE("header names compare without regard to case") {
  Headers headers{{"Accept", "a"}, {"X-One", "1"}, {"accept", "b"}};
  CHECK(*headers.find("ACCEPT") == "a");
  CHECK(headers.find("Accep") == nullptr);
  headers.set("ACCEPT", "c");
  CHECK(headers == Headers{{"X-One", "1"}, {"ACCEPT", "c"}});
}

TEST_CASE("percent-encoding leaves the unreserved alone") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a/b c=\xC3\xA9") == "a%2Fb%20c%3D%C3%A9");
}

TEST_CASE("a body is what was appended, however it came") {
  tests::property("pieces join", [] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
    Body body;
    std::string whole;
    for (const auto& part : parts) {
      body.append(part);
      whole += part;
    }
    RC_ASSERT(body.size() == whole.size());
    RC_ASSERT(body.text() == whole);
    std::string taken;
    for (const auto& piece : std::move(body).take_pieces()) taken += piece;
    RC_ASSERT(taken == whole);
  });
}

TEST_CASE("a large body is kept in pieces and wastes little") {
  Body body;
  const std::string chunk(16384, 'x');
  for (int i = 0; i < 1000; ++i) body.append(chunk);
  CHECK(body.size() == 16384000);
  std::size_t reserved = 0;
  for (const auto& piece : body.pieces()) reserved += piece.capacity();
  CHECK(reserved < body.size() + 200000);
  CHECK(body.pieces().size() > 100);
}
