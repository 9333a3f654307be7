// Messages: what is written, and what is read of well and badly formed ones.
#include "resolve/message.hpp"

#include "base/error.hpp"
#include "resolve/tsig.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace std::string_literals;

namespace {

/// An answer with one question for example.com MX, and these octets after it.
std::string with_counts(const std::string& counts, const std::string& rest) {
  return "\x12\x34\x84\x00\x00\x01"s + counts + "\7example\3com\0\0\x0f\0\1"s + rest;
}
std::string answer(const std::string& record) { return with_counts("\0\1\0\0\0\0"s, record); }

bool is_refused(const std::string& wire) {
  try {
    resolve::parse_message(wire);
  } catch (const base::Error& error) {
    return error.kind() == base::ErrorKind::protocol;
  }
  return false;
}

}  // namespace

TEST_CASE("owners in the zone are compressed to it, others are not") {
  const dns::Name zone = dns::Name::of("example.com");
  resolve::MessageWriter writer(0x1234, resolve::Opcode::update, {zone, dns::Type::SOA});
  writer.add(resolve::Section::answer, {zone, dns::Type::MX, resolve::Class::none, 0, {}});
  writer.add(resolve::Section::authority, {dns::Name::of("www.example.com"), dns::Type::A,
                                           resolve::Class::in, 300, "\xc0\0\2\1"s});
  writer.add(resolve::Section::authority,
             {dns::Name::of("notexample.com"), dns::Type::A, resolve::Class::any, 0, {}});
  CHECK(writer.wire() ==
        "\x12\x34\x28\0\0\1\0\1\0\2\0\0"s
        "\7example\3com\0\0\6\0\1"s
        "\xc0\x0c\0\x0f\0\xfe\0\0\0\0\0\0"s
        "\3www\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\1"s
        "\x0anotexample\3com\0\0\1\0\xff\0\0\0\0\0\0"s);
}

TEST_CASE("compression in owners and rdata is undone, letter case kept") {
  const auto message =
      resolve::parse_message(answer("\xc0\x0c\0\x0f\0\1\0\0\1\x2c\0\7\0\x0a\2Mx\xc0\x0c"s));
  CHECK(message.id == 0x1234);
  CHECK(message.is_answer);
  CHECK(message.authoritative);
  REQUIRE(message.answers.size() == 1);
  CHECK(message.answers[0].owner == dns::Name::of("example.com"));
  CHECK(message.answers[0].ttl == 300);
  CHECK(message.answers[0].rdata == "\0\x0a\2Mx\7example\3com\0"s);
  const auto naptr =
      resolve::parse_message(answer("\xc0\x0c\0\x23\0\1\0\0\0\0\0\x0b\0\1\0\2\1S\1x\0\xc0\x0c"s));
  CHECK(naptr.answers[0].rdata == "\0\1\0\2\1S\1x\0\7example\3com\0"s);
}

TEST_CASE("types that nobody knows are copied as they are") {
  const auto message = resolve::parse_message(answer("\xc0\x0c\xff\0\0\1\0\0\0\0\0\3\xc0\x0c\1"s));
  CHECK(message.answers[0].rdata == "\xc0\x0c\1"s);
}

TEST_CASE("octets that are no message are refused") {
  const std::string good = answer("\xc0\x0c\0\x0f\0\1\0\0\1\x2c\0\7\0\x0a\2mx\xc0\x0c"s);
  resolve::parse_message(good);
  for (std::size_t size = 0; size < good.size(); ++size) {
    INFO("the first " << size << " octets");
    CHECK(is_refused(good.substr(0, size)));
  }
  const std::string tail = "\0\x0f\0\1\0\0\0\0"s;
  CHECK(is_refused(good + "x"));
  CHECK(is_refused(answer("\xc0\x1d"s + tail + "\0\3\0\1\0"s)));      // to itself
  CHECK(is_refused(answer("\xc0\x40"s + tail + "\0\3\0\1\0"s)));      // forwards
  CHECK(is_refused(answer("\xc0\x00"s + tail + "\0\3\0\1\0"s)));      // to the header
  CHECK(is_refused(answer("\x80\x0c"s + tail + "\0\3\0\1\0"s)));      // an unknown kind
  CHECK(is_refused(answer("\xc0\x0c"s + tail + "\0\2\0\1\2mx\0"s)));  // rdata too short
  CHECK(is_refused(with_counts("\xff\xff\0\0\0\0"s, {})));            // a count alone
  std::string labels;
  for (int i = 0; i < 5; ++i) labels += "\x3f"s + std::string(63, 'a');
  CHECK(is_refused(answer(labels + "\0"s + tail + "\0\3\0\1\0"s)));  // too long a name
  const std::string tsig = "\0\0\xfa\0\xff\0\0\0\0\0\0"s;
  CHECK(is_refused(with_counts("\0\0\0\0\0\2"s, tsig + tsig)));  // a signature that is not last
}

TEST_CASE("a message in which any octet is another is read or refused") {
  const std::string good = answer("\xc0\x0c\0\x23\0\1\0\0\0\0\0\x0b\0\1\0\2\1S\1x\0\xc0\x0c"s);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string other = good;
      other[at] = static_cast<char>(octet);
      try {
        resolve::parse_message(other);
      } catch (const base::Error& error) {
        REQUIRE(error.kind() == base::ErrorKind::protocol);
      }
    }
  }
}

TEST_CASE("algorithms have the names that servers give them") {
  CHECK(resolve::parse_tsig_algorithm("hmac-sha512") == resolve::TsigAlgorithm::hmac_sha512);
  CHECK(!resolve::parse_tsig_algorithm("hmac-md5"));
  for (const auto& name : resolve::tsig_algorithm_names()) {
    CHECK(resolve::tsig_algorithm_name(*resolve::parse_tsig_algorithm(name)) == name);
  }
}
