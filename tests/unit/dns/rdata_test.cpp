#include "dns/rdata.hpp"

#include "dns/rrset.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

Type type_called(const std::string& text) { return parse_type(text).value(); }

TEST_CASE("rdata: text to canonical text, type by type") {
  struct Row {
    const char* type;
    std::string text;
    std::string expected;
  };
  const Row rows[] = {
      {"A", "192.0.2.1", "192.0.2.1"},
      {"A", "\\# 4 c0000201", "192.0.2.1"},
      {"AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"AAAA", "::", "::"},
      {"AAAA", "::1", "::1"},
      {"AAAA", "1::", "1::"},
      {"AAAA", "1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"AAAA", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"AAAA", "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"AAAA", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"CNAME", "Target", "target.example.com."},
      {"NS", "ns1.example.net.", "ns1.example.net."},
      {"PTR", "@", "example.com."},
      {"MX", "0 .", "0 ."},
      {"MX", "65535 mail", "65535 mail.example.com."},
      {"MX", "( 10\n mail )", "10 mail.example.com."},
      {"MX", "\\# 9 000a 046d 6169 6c00 ff", ""},
      {"MX", "\\# 8 000a 046d 6169 6c00", "10 mail."},
      {"TXT", "\"a b\" c", "\"a bc\""},
      {"TXT", "\"\"", "\"\""},
      {"TXT", "\"a\"\"b\"", "\"ab\""},
      {"TXT", "\"\\\"\\\\\\059\\007\\255\"", "\"\\\"\\\\;\\007\\255\""},
      {"TXT", "v=spf1\\ -all", "\"v=spf1 -all\""},
      {"TXT", "\"" + std::string(255, 'x') + "\" y", "\"" + std::string(255, 'x') + "\" \"y\""},
      {"TXT", "\\# 3 026869", "\"hi\""},
      {"SRV", "0 65535 587 smtp", "0 65535 587 smtp.example.com."},
      {"TLSA", "3 1 1 AB cd", "3 1 1 abcd"},
      {"CAA", "0 ISSUE \"ca.example; a=b\"", "0 issue \"ca.example; a=b\""},
      {"CAA", "128 iodef mailto:a@b.example", "128 iodef \"mailto:a@b.example\""},
      {"SOA", "ns1 host\\.master 1 1h 30m 2W 1d",
       "ns1.example.com. host\\.master.example.com. 1 3600 1800 1209600 86400"},
      {"HTTPS", "1 . alpn=h2,h3 ipv4hint=192.0.2.1", "1 . alpn=h2,h3 ipv4hint=192.0.2.1"},
      {"HTTPS", "1 . alpn=\"h2,h3\"", "1 . alpn=h2,h3"},
      {"SVCB", "0 svc", "0 svc.example.com."},
      {"NAPTR", "10 20 \"s\" \"SIP+D2U\" \"\" _sip._udp",
       "10 20 \"s\" \"SIP+D2U\" \"\" "
       "_sip._udp.example.com."},
      {"DS", "1 8 2 " + std::string(64, 'A'), "1 8 2 " + std::string(64, 'a')},
      {"SSHFP", "1 2 abcdef", "1 2 abcdef"},
      {"TYPE65280", "\\# 2 0aFF", "\\# 2 0aff"},
      {"TYPE65280", "\\# 0", "\\# 0"},
      {"WALLET", "\\# 1 00", "\\# 1 00"},
  };
  for (const auto& row : rows) {
    INFO(row.type << " " << row.text);
    const auto value = parse_rdata(type_called(row.type), row.text, Name::of("example.com"));
    if (row.expected.empty()) {
      CHECK(!value.ok());
      continue;
    }
    INFO((value.ok() ? "" : value.fault().message));
    REQUIRE(value.ok());
    CHECK(print_rdata(*value) == row.expected);
    CHECK(*parse_rdata(type_called(row.type), row.expected, Name()) == *value);
  }
}

TEST_CASE("rdata: faults and where they are, type by type") {
  struct Row {
    const char* type;
    std::string text;
    std::string message;
    std::size_t offset;
  };
  const Row rows[] = {
      {"A", "", "address is missing", 0},
      {"A", "192.0.2.256", "\"192.0.2.256\" is not an IPv4 address", 0},
      {"A", "192.0.2.01", "\"192.0.2.01\" is not an IPv4 address", 0},
      {"A", "192.0.2", "\"192.0.2\" is not an IPv4 address", 0},
      {"A", "2001:db8::1", "\"2001:db8::1\" is not an IPv4 address", 0},
      {"A", "192.0.2.1 192.0.2.2", "unexpected \"192.0.2.2\" after the rdata", 10},
      {"AAAA", "1:2:3:4:5:6:7", "\"1:2:3:4:5:6:7\" is not an IPv6 address", 0},
      {"AAAA", "1::2::3", "\"1::2::3\" is not an IPv6 address", 0},
      {"AAAA", "1:2:3:4:5:6:7:8::", "\"1:2:3:4:5:6:7:8::\" is not an IPv6 address", 0},
      {"AAAA", "12345::", "\"12345::\" is not an IPv6 address", 0},
      {"AAAA", "fe80::1%eth0", "\"fe80::1%eth0\" is not an IPv6 address", 0},
      {"CNAME", "a..b", "target \"a..b\" is not a name: the name has an empty label", 2},
      {"MX", "70000 mail", "preference 70000 is over 65535", 0},
      {"MX", "99999999999999999999 mail", "preference 99999999999999999999 is over 65535", 0},
      {"MX", "-1 mail", "preference \"-1\" is not a number", 0},
      {"MX", "ten mail", "preference \"ten\" is not a number", 0},
      {"MX", "10", "exchange is missing", 2},
      {"MX", "10 a b", "unexpected \"b\" after the rdata", 5},
      {"TXT", "", "a character-string is missing", 0},
      {"TXT", "\"" + std::string(256, 'x') + "\"", "a character-string of 256 octets is over 255",
       1},
      {"TXT", "\"a", "the quotation mark is not closed on its line", 0},
      {"TXT", "\"a\\256\"", "bad escape", 2},
      {"TXT", "v=DMARC1; p=none", "an unquoted ; starts a comment", 8},
      {"TXT", "a\nb", "the rdata has more than one line", 1},
      {"TXT", "( a", "this parenthesis is never closed", 0},
      {"TXT", "a )", "a closing parenthesis without an opening one", 2},
      {"SRV", "1 2 65536 a", "port 65536 is over 65535", 4},
      {"TLSA", "3 1 1 abc", "certificate association data has an odd number of hexadecimal digits",
       6},
      {"TLSA", "3 1 1 ab xy", "certificate association data is not hexadecimal", 9},
      {"TLSA", "256 1 1 ab", "usage 256 is over 255", 0},
      {"TLSA", "3 1 1", "certificate association data is missing", 5},
      {"CAA", "256 issue x", "flags 256 is over 255", 0},
      {"CAA", "0 is-sue x", "tag \"is-sue\" is not letters and digits", 2},
      {"CAA", "0 issue", "value is missing", 7},
      {"SOA", "a b 1 2 3 4 5m6", "minimum \"5m6\" is not a time", 12},
      {"SOA", "a b 4294967296 2 3 4 5", "serial 4294967296 is over 4294967295", 4},
      {"SOA", "a b 1 2 3 4 9999999999", "minimum \"9999999999\" is over 4294967295 seconds", 12},
      {"A", "\\# 3 c00002", "the octets are not the rdata of A", 0},
      {"A", "\\# 4 c00002", "the length says 4 octets, the data has 3", 0},
      {"TYPE65280", "\\# x 00", "length \"x\" is not a number", 3},
      {"TYPE65280", "abc", "type TYPE65280 has no presentation form known here", 0},
  };
  for (const auto& row : rows) {
    INFO(row.type << " " << row.text);
    const auto value = parse_rdata(type_called(row.type), row.text, Name::of("example.com"));
    REQUIRE(!value.ok());
    CHECK(value.fault().message == row.message);
    CHECK(value.fault().offset == row.offset);
  }
}

TEST_CASE("rdata: rare types fail with words of their own") {
  for (const char* text : {"", "nonsense", "1 8 2 xyz"}) {
    const auto value = parse_rdata(Type::DS, text, Name());
    REQUIRE(!value.ok());
    CHECK(value.fault().message.substr(0, 23) == "not the rdata of DS: Sy");
  }
}

TEST_CASE("rdata: wire form") {
  using namespace std::string_literals;
  CHECK(to_wire(Mx{10, Name::of("A.b")}) == "\0\12\1a\1b\0"s);
  CHECK(to_wire(Txt{std::string(256, 'x')}).size() == 258);
  CHECK(to_wire(Txt{}) == "\0"s);
  CHECK(to_wire(Caa{0, "issue", "x"}) == "\0\5issuex"s);
  const Rdata opaque = *from_wire(Type::DNAME, "\1A\0"s);
  CHECK(to_wire(opaque) == "\1A\0"s);
  for (const auto& wire : {""s, "\0"s, "\0\12"s, "\0\12\1a"s, "\0\12\0x"s}) {
    CHECK(!from_wire(Type::MX, wire).ok());
  }
  CHECK(!from_wire(Type::SVCB, "\0\1\0\0\3\0\2\1\273\0\1\0\0"s).ok());  // keys descend
  CHECK(!from_wire(Type::CAA, "\0\0x"s).ok());
  CHECK(!from_wire(Type::TXT, ""s).ok());
}

TEST_CASE("rdata: what is equal") {
  const auto value = [](Type type, const char* text) { return *parse_rdata(type, text, Name()); };
  CHECK(value(Type::MX, "10 A.Example.") == value(Type::MX, "10 a.example."));
  CHECK(value(Type::TXT, "\"a\" \"b\"") == value(Type::TXT, "ab"));
  CHECK(value(Type::TXT, "ab") != value(Type::TXT, "AB"));
  CHECK(value(Type::SVCB, "0 a.") != value(Type::HTTPS, "0 a."));
  CHECK(value(Type::CAA, "0 ISSUE x") == value(Type::CAA, "0 issue \"x\""));
}

TEST_CASE("type: names and numbers") {
  CHECK(type_name(Type::MX) == "MX");
  CHECK(type_name(Type{65280}) == "TYPE65280");
  CHECK(parse_type("mx") == Type::MX);
  CHECK(parse_type("TYPE15") == Type::MX);
  CHECK(parse_type("type65280") == Type{65280});
  for (const char* text : {"", "MXX", "ANY", "AXFR", "OPT", "TYPE", "TYPE65536", "TYPE255", "TYPE0",
                           "TYPE-1", "TYPE1x", "NSAP_PTR", "A "}) {
    INFO(text);
    CHECK(!parse_type(text));
  }
  for (unsigned number = 1; number < 65536; ++number) {
    const Type type{static_cast<std::uint16_t>(number)};
    if (number == 41 || (number >= 128 && number < 256)) continue;
    if (parse_type(type_name(type)) != type) FAIL(number);
  }
}

TEST_CASE("rrset: a set of values") {
  const Rdata one = A{{192, 0, 2, 1}};
  const Rdata two = A{{192, 0, 2, 2}};
  RRset set{Name::of("a.example"), Type::A, 60, {two}};
  CHECK(set.add(one));
  CHECK(!set.add(one));
  CHECK(set.has(one));
  CHECK(sorted_values(set) == std::vector<Rdata>{one, two});
  RRset other{Name::of("A.example"), Type::A, 60, {one, two}};
  CHECK(set == other);
  CHECK(digest(set) == digest(other));
  other.ttl = 61;
  CHECK(!(set == other));
  CHECK(same_values(set, other));
  CHECK(digest(set) != digest(other));
  CHECK(set.remove(two));
  CHECK(!set.remove(two));
  CHECK(!same_values(set, other));
}

TEST_CASE("rrset: digests are equal exactly for equal sets") {
  property("digest", [](const RRset& a, const RRset& b) {
    RC_ASSERT((digest(a) == digest(b)) == (a == b));
    RRset turned = a;
    std::reverse(turned.values.begin(), turned.values.end());
    RC_ASSERT(digest(turned) == digest(a));
    RC_ASSERT(turned == a);
  });
}

TEST_CASE("rdata: its order is a strict weak one") {
  for (const auto type : {Type::MX, Type::TXT, Type::CAA, Type::SVCB}) {
    property(type_name(type), [type] {
      const auto a = *rdata_of(type);
      const auto b = *rdata_of(type);
      const auto c = *rdata_of(type);
      RC_ASSERT(!(a < a));
      RC_ASSERT((a < b) + (b < a) + (a == b) == 1);
      if (a < b && b < c) RC_ASSERT(a < c);
    });
  }
}

}  // namespace
}  // namespace mxsmith::tests
