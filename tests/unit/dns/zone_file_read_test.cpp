#include "support/property.hpp"
#include "zone_text.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

const std::string kSoa = "@ 600 IN SOA ns1 host 1 2 3 4 300\n";

TEST_CASE("zone file: a file with everything in it") {
  const auto read = read_text(
      "\xef\xbb\xbf; comment first\n"
      "$ORIGIN example.com. ; with comment\n"
      "$TTL 1h30m\n"
      "@       IN SOA ns1 host\\.master (\n"
      "          2026010101 ; serial\n"
      "          1d 2h ; refresh retry\n"
      "          1W2D\n"
      "          300 )\n"
      "        IN NS ns1\r\n"
      "        600 IN MX 10 mail\n"
      "        IN 600 MX ( 20 ; the other\n"
      "          mail2.example.net. )\n"
      "\n"
      "  \t ; only a comment\n"
      "www     A 192.0.2.1\n"
      "WWW.example.com. class1 A 192.0.2.2\n"
      "$ORIGIN sub\n"
      "@       TXT \"a;b\" c\\;d (\"(e)\")\n"
      "*       CNAME www.example.com.\n"
      "$TTL 2W\n"
      "x       TYPE65280 \\# 2 ( 01\n"
      "  02 )\n"
      "y       HTTPS 1 . alpn=\"h2,h3\"");
  for (const auto& line : read.told) INFO(line);
  REQUIRE(read.file);
  CHECK(read.told.empty());
  const Zone& zone = read.file->zone();
  CHECK(
      values_at(zone, "example.com/SOA") ==
      std::vector<std::string>{"ns1.example.com. host\\.master.example.com. 2026010101 86400 7200 "
                               "777600 300"});
  CHECK(values_at(zone, "example.com/MX") ==
        std::vector<std::string>{"10 mail.example.com.", "20 mail2.example.net."});
  CHECK(zone.find(*Key::parse("example.com/MX"))->ttl == 600);
  CHECK(zone.find(*Key::parse("example.com/NS"))->ttl == 5400);
  CHECK(values_at(zone, "www.example.com/A") == std::vector<std::string>{"192.0.2.1", "192.0.2.2"});
  CHECK(values_at(zone, "sub.example.com/TXT") == std::vector<std::string>{"\"a;bc;d(e)\""});
  CHECK(values_at(zone, "*.sub.example.com/CNAME") == std::vector<std::string>{"www.example.com."});
  CHECK(values_at(zone, "x.sub.example.com/TYPE65280") == std::vector<std::string>{"\\# 2 0102"});
  CHECK(zone.find(*Key::parse("x.sub.example.com/TYPE65280"))->ttl == 1209600);
  CHECK(values_at(zone, "y.sub.example.com/HTTPS") == std::vector<std::string>{"1 . alpn=h2,h3"});
  const auto& mx = read.file->records()[3];
  const auto& text = read.file->text();
  CHECK(text.substr(mx.span.begin, mx.span.end - mx.span.begin) ==
        "        IN 600 MX ( 20 ; the other\n          mail2.example.net. )\n");
  CHECK(mx.span.line == 11);
}

TEST_CASE("zone file: which TTL a record has") {
  struct Row {
    const char* what;
    std::string text;
    std::uint32_t ttl;
  };
  const Row rows[] = {
      {"its own", "$TTL 60\n" + kSoa + "www 5 A 192.0.2.1\n", 5},
      {"$TTL", "$TTL 60\n" + kSoa + "www A 192.0.2.1\n", 60},
      {"$TTL, though one was stated since",
       "$TTL 60\n" + kSoa + "a 5 A 192.0.2.1\nwww A 192.0.2.1\n", 60},
      {"the last one stated", kSoa + "www A 192.0.2.1\n", 600},
      {"the last one stated, lines between",
       kSoa + "a 5 A 192.0.2.1\nb A 192.0.2.1\nwww A 192.0.2.1\n", 5},
      {"the SOA's minimum", "@ IN SOA ns1 host 1 2 3 4 300\nwww A 192.0.2.1\n", 300},
      {"zero", kSoa + "www 0 A 192.0.2.1\n", 0},
      {"units", kSoa + "www 1w2d3h4m5s A 192.0.2.1\n", 788645},
      {"units in capitals, after the class", kSoa + "www IN 1H A 192.0.2.1\n", 3600},
      {"the highest", kSoa + "www 2147483647 A 192.0.2.1\n", 2147483647},
      {"the lower of two", kSoa + "www 50 A 192.0.2.1\nwww 40 A 192.0.2.2\n", 40},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto read = read_text(row.text);
    REQUIRE(read.file);
    CHECK(read.file->zone().find(*Key::parse("www.example.com/A"))->ttl == row.ttl);
  }
}

TEST_CASE("zone file: faults with line and column") {
  struct Row {
    const char* what;
    std::string text;  ///< After the SOA, from line 2 on.
    std::vector<std::string> told;
  };
  const Row rows[] = {
      {"unknown type", "www IN MXX 10 a\n", {"z:2:8 error zone-type: \"MXX\" is not an RR type"}},
      {"no type", "www IN\n", {"z:2:7 error zone-syntax: the record has no type"}},
      {"range",
       "@ MX 70000 mail\n",
       {"z:2:6 error zone-rdata: MX: preference 70000 is over 65535"}},
      {"columns count code points",
       "@ TXT \"\xc3\xbc\xc3\xbc\" \"\\256\"\n",
       {"z:2:13 error zone-rdata: TXT: bad escape"}},
      {"line within parentheses",
       "@ MX ( 10 ; ten\n   a..b )\n",
       {"z:3:6 error zone-rdata: MX: exchange \"a..b\" is not a name: the name has an empty "
        "label"}},
      {"all of them, reading on",
       "a A 1\nb A 192.0.2.1\nc A 2\n",
       {"z:2:5 error zone-rdata: A: \"1\" is not an IPv4 address",
        "z:4:5 error zone-rdata: A: \"2\" is not an IPv4 address"}},
      {"the owner of a bad line still counts",
       "a FOO\n A 192.0.2.1\n",
       {"z:2:3 error zone-type: \"FOO\" is not an RR type"}},
      {"missing rdata", "a A ; nothing\n", {"z:2:4 error zone-rdata: A: address is missing"}},
      {"quote",
       "a TXT \"open\nb A 1\n",
       {"z:2:7 error zone-syntax: the quotation mark is not closed on its line",
        "z:3:5 error zone-rdata: A: \"1\" is not an IPv4 address"}},
      {"open parenthesis",
       "a TXT (\n b\n",
       {"z:2:7 error zone-syntax: this parenthesis is never closed"}},
      {"closing parenthesis",
       "a TXT b )\n",
       {"z:2:9 error zone-syntax: a closing parenthesis without an opening one"}},
      {"backslash at the end",
       "a TXT b\\\n",
       {"z:2:8 error zone-syntax: a backslash at the end of a "
        "line"}},
      {"class",
       "a CH A 192.0.2.1\n",
       {"z:2:3 error zone-class: class \"CH\": only IN is served here"}},
      {"two classes", "a IN IN A 192.0.2.1\n", {"z:2:6 error zone-class: a second class"}},
      {"two TTLs", "a 1 2 A 192.0.2.1\n", {"z:2:5 error zone-ttl: a second TTL"}},
      {"TTL too high",
       "a 2147483648 A 192.0.2.1\n",
       {"z:2:3 error zone-ttl: TTL \"2147483648\" is over 2147483647"}},
      {"TTL with a wrong unit",
       "a 5y A 192.0.2.1\n",
       {"z:2:3 error zone-ttl: \"5y\" is neither a TTL nor an RR type"}},
      {"owner", "a..b A 192.0.2.1\n", {"z:2:3 error zone-name: the name has an empty label"}},
      {"outside",
       "example.net. A 192.0.2.1\n",
       {"z:2:1 error zone-outside: example.net. is not in zone example.com."}},
      {"a second SOA", "@ SOA a b 1 2 3 4 5\n", {"z:2:3 error zone-soa: a second SOA record"}},
      {"SOA below",
       "a SOA a b 1 2 3 4 5\n",
       {"z:2:3 error zone-soa: an SOA record below the apex"}},
      {"CNAME beside other data",
       "a A 192.0.2.1\na CNAME b\n",
       {"z:3:1 error zone-cname: a CNAME record beside the A records of a.example.com."}},
      {"two CNAMEs",
       "a CNAME b\na CNAME c\n",
       {"z:3:1 error zone-cname: more than one CNAME record at a.example.com."}},
      {"$GENERATE",
       "$GENERATE 1-2 a$ A 192.0.2.$\n",
       {"z:2:1 error zone-generate: $GENERATE is an invention of one name server and not read "
        "here"}},
      {"directive", "$FOO\n", {"z:2:1 error zone-directive: unknown directive \"$FOO\""}},
      {"directive without value", "$TTL\n", {"z:2:5 error zone-directive: $TTL needs a value"}},
      {"directive with two",
       "$ORIGIN a b\n",
       {"z:2:11 error zone-directive: $ORIGIN has more than it can take"}},
      {"bad $TTL", "$TTL x\n", {"z:2:6 error zone-ttl: this is not a TTL"}},
      {"bad $ORIGIN", "$ORIGIN a..\n", {"z:2:11 error zone-name: the name has an empty label"}},
      {"include",
       "$INCLUDE none\n",
       {"z:2:10 error zone-include: included file none cannot be read"}},
      {"fault in an included file",
       "$INCLUDE bad\n",
       {"bad:2:5 error zone-rdata: A: \"1\" is not an IPv4 address"}},
      {"no owner in an included file",
       "$INCLUDE blank\n",
       {"blank:1:2 error zone-owner: the first record has no owner name"}},
      {"differing TTLs",
       "a 50 A 192.0.2.1\na 40 A 192.0.2.2\n",
       {"z:3:3 warning zone-ttl-differs: TTL 40 is not that of the other A records of "
        "a.example.com.; the lowest counts"}},
      {"octets in a name",
       "\xc3\xbc A 192.0.2.1\n",
       {"z:2:1 warning zone-name-octets: name servers take these octets as they are, not as an "
        "internationalized name"}},
      {"what hostile text may do to a terminal",
       "a \x1b[2J\n",
       {"z:2:3 error zone-type: \"\\027[2J\" is not an RR type"}},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto read =
        read_text(kSoa + row.text, {{"bad", "; x\nq A 1\n"}, {"blank", " A 192.0.2.1\n"}});
    CHECK(read.told == row.told);
    CHECK(read.file.has_value() == (row.told[0].find(" warning ") != std::string::npos));
  }
}

TEST_CASE("zone file: faults of the whole") {
  CHECK(read_text("").told ==
        std::vector<std::string>{"z error zone-soa: the zone has no SOA record"});
  CHECK(read_text("www 5 A 192.0.2.1\n").told ==
        std::vector<std::string>{"z error zone-soa: the zone has no SOA record"});
  CHECK(read_text("www A 192.0.2.1\n" + kSoa).told[0].substr(0, 24) == "z:1:1 error zone-no-ttl:");
  CHECK(read_text(" A 192.0.2.1\n" + kSoa).told ==
        std::vector<std::string>{"z:1:2 error zone-owner: the first record has no owner name"});
  std::string many = kSoa;
  for (int i = 0; i < 1100; ++i) many += "a FOO\n";
  const auto read = read_text(many);
  CHECK(read.told.size() == 1001);
}

TEST_CASE("zone file: included files") {
  const auto read = read_text(
      "$TTL 60\n" + kSoa + "$INCLUDE hosts\n" + "$INCLUDE \"sub hosts\" sub\n" + " A 192.0.2.9\n",
      {{"hosts", "www A 192.0.2.1\n$ORIGIN deep\nx A 192.0.2.2\n$TTL 90\n"},
       {"sub hosts", "www A 192.0.2.3"}});
  for (const auto& line : read.told) INFO(line);
  REQUIRE(read.file);
  const Zone& zone = read.file->zone();
  CHECK(values_at(zone, "www.example.com/A") == std::vector<std::string>{"192.0.2.1"});
  CHECK(values_at(zone, "x.deep.example.com/A") == std::vector<std::string>{"192.0.2.2"});
  CHECK(values_at(zone, "www.sub.example.com/A") == std::vector<std::string>{"192.0.2.3"});
  // Owner and origin are again what they were, $TTL goes on.
  CHECK(values_at(zone, "example.com/A") == std::vector<std::string>{"192.0.2.9"});
  CHECK(zone.find(*Key::parse("example.com/A"))->ttl == 90);
  CHECK(read.file->files() == std::vector<std::string>{"z", "hosts", "sub hosts"});
  CHECK(read.file->included_from(*Key::parse("www.sub.example.com/A")) == "sub hosts");
  CHECK(!read.file->included_from(*Key::parse("example.com/A")));
  CHECK(read.file->verbatim(*Key::parse("www.example.com/A")).empty());
}

TEST_CASE("zone file: files that include one another over and over") {
  std::map<std::string, std::string> files;
  for (int level = 0; level < 12; ++level) {
    const std::string next = "$INCLUDE f" + std::to_string(level + 1) + "\n";
    files["f" + std::to_string(level)] = next + next;
  }
  files["f12"] = "";
  const auto read = read_text(kSoa + "$INCLUDE f0\n", files);
  CHECK_FALSE(read.file.has_value());
  REQUIRE(!read.told.empty());
  CHECK_THAT(read.told.front(), has_text("zone-include: more than 1000 files are included"));
}

TEST_CASE("zone file: a file that includes itself") {
  const auto read = read_text(kSoa + "$INCLUDE loop\n", {{"loop", "$INCLUDE loop\n"}});
  CHECK(read.told == std::vector<std::string>{
                         "loop:1:10 error zone-include: files are included more than 16 deep"});
}

TEST_CASE("zone file: a record written twice counts once") {
  const auto read = read_text(kSoa + "a A 192.0.2.1\nb A 192.0.2.7\na A 192.0.2.1\n");
  REQUIRE(read.file);
  CHECK(values_at(read.file->zone(), "a.example.com/A") == std::vector<std::string>{"192.0.2.1"});
  CHECK(read.file->records().size() == 4);
  CHECK(read.file->records()[3].set == read.file->records()[1].set);
}

TEST_CASE("records of any names are read at the root, with or without SOA") {
  const std::string text =
      "example.com. TXT \"v=spf1 -all\"\n"
      "$ORIGIN example.net.\n"
      "@ 60 SOA ns host 1 2 3 4 5\n"
      "@ 60 MX 0 mx\n"
      "$ORIGIN .\n"
      "example.org 60 SOA ns host 1 2 3 4 5\n";
  base::Diagnostics diagnostics;
  dns::ReadOptions options;
  options.holding = dns::Holding::records;
  const auto read = dns::read_zone_file(text, dns::Name(), options, diagnostics);
  REQUIRE(read);
  CHECK(diagnostics.empty());
  const auto* txt = read->zone().find(dns::Name::of("example.com"), dns::Type::TXT);
  REQUIRE(txt != nullptr);
  CHECK(txt->ttl == dns::kRecordsTtl);
  CHECK(read->zone().find(dns::Name::of("example.net"), dns::Type::MX) != nullptr);
  CHECK(read->zone().find(dns::Name::of("example.org"), dns::Type::SOA) != nullptr);
}

TEST_CASE("relative names of records are completed by the origin that is asked for") {
  base::Diagnostics diagnostics;
  dns::ReadOptions options;
  options.holding = dns::Holding::records;
  options.origin = dns::Name::of("example.com");
  const auto read =
      dns::read_zone_file("@ MX 10 mx\nmx A 192.0.2.1\n", dns::Name(), options, diagnostics);
  REQUIRE(read);
  CHECK(read->zone().find(dns::Name::of("example.com"), dns::Type::MX) != nullptr);
  CHECK(read->zone().find(dns::Name::of("mx.example.com"), dns::Type::A) != nullptr);
}

}  // namespace
}  // namespace mxsmith::tests
