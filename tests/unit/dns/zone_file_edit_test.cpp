#include "support/property.hpp"
#include "zone_text.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

SetEdit put(const std::string& key, std::uint32_t ttl, const std::vector<std::string>& values) {
  return {*Key::parse(key), set_of(key, ttl, values), {}};
}
SetEdit drop(const std::string& key) { return {*Key::parse(key), std::nullopt, {}}; }

const std::string kHead =
    "$TTL 3600\n"
    "@       IN  SOA ns1 host 1 2 3 4 300 ; the SOA\n";

struct Row {
  const char* what;
  std::string before;
  std::vector<SetEdit> edits;
  std::string after;
};

/// The edit gives `after`, and its inverse with the verbatim lines gives `before` again.
void check(const Row& row) {
  INFO(row.what);
  const auto file = *read_text(row.before).file;
  const auto after = edit_zone_file(file, row.edits, std::nullopt);
  INFO((after.ok() ? "" : after.fault().message));
  REQUIRE(after.ok());
  CHECK(*after == row.after);
  std::vector<SetEdit> back;
  for (const auto& edit : row.edits) {
    const RRset* set = file.zone().find(edit.key);
    back.push_back(
        {edit.key, set == nullptr ? std::nullopt : std::optional(*set), file.verbatim(edit.key)});
  }
  const auto undone = edit_zone_file(*read_text(*after).file, back, std::nullopt);
  INFO((undone.ok() ? "" : undone.fault().message));
  REQUIRE(undone.ok());
  CHECK(*undone == row.before);
}

TEST_CASE("zone file edit: before and after, one value or set at a time") {
  const Row rows[] = {
      {"a value takes over the line of another, comment and all",
       kHead + "@  IN  MX   10 mx1.old.example. ; primary\n",
       {put("example.com/MX", 3600, {"0 in.new.example."})},
       kHead + "@  IN  MX   0 in.new.example. ; primary\n"},
      {"three become one: the first line stays",
       kHead + "@ MX 10 a.example.\n; between\n  MX 20 b.example. ; second\n  MX 30 c.example.\n"
               "www A 192.0.2.1\n",
       {put("example.com/MX", 3600, {"0 n.example."})},
       kHead + "@ MX 0 n.example.\n; between\nwww A 192.0.2.1\n"},
      {"only what differs is written anew",
       kHead + "@ MX 10 mail ; relative\n",
       {put("example.com/MX", 3600, {"20 mail"})},
       kHead + "@ MX 20 mail ; relative\n"},
      {"one text of several, found by its first signs",
       kHead + "@ TXT \"token=1\"\n  TXT \"v=spf1 mx ~all\" ; spf\n  TXT \"token=2\"\n",
       {put("example.com/TXT", 3600, {"\"token=1\"", "\"token=2\"", "\"v=spf1 mx -all\""})},
       kHead + "@ TXT \"token=1\"\n  TXT \"v=spf1 mx -all\" ; spf\n  TXT \"token=2\"\n"},
      {"parentheses stay around what is replaced in them",
       kHead + "s1._domainkey TXT ( \"v=DKIM1; \"\n\t\"p=AAAA\" ) ; key\n",
       {put("s1._domainkey.example.com/TXT", 3600, {"\"v=DKIM1; p=BBBB\""})},
       kHead + "s1._domainkey TXT ( \"v=DKIM1; p=BBBB\" ) ; key\n"},
      {"parentheses that start in the rdata go with it",
       kHead + "@ MX 10 ( ; ten\n  a.example. )  ; x\n",
       {put("example.com/MX", 3600, {"20 b.example."})},
       kHead + "@ MX 20 ( ; ten\n  b.example. )  ; x\n"},
      {"SOA fields in their lines",
       "$TTL 60\n@ SOA ns1 host ( 7 ; serial\n  1h ; refresh\n  2 3 4 )\n",
       {put("example.com/SOA", 60, {"ns1 host 8 3600 2 9 4"})},
       "$TTL 60\n@ SOA ns1 host ( 8 ; serial\n  1h ; refresh\n  2 9 4 )\n"},
      {"a TTL that is written is replaced",
       kHead + "www 60 IN A 192.0.2.1\n",
       {put("www.example.com/A", 300, {"192.0.2.1"})},
       kHead + "www 300 IN A 192.0.2.1\n"},
      {"a TTL that is not written is put in",
       kHead + "www\tIN\tA\t192.0.2.1\n",
       {put("www.example.com/A", 300, {"192.0.2.1"})},
       kHead + "www\t300\tIN\tA\t192.0.2.1\n"},
      {"a new value stands below the others, in their columns",
       kHead + "www      IN  A     192.0.2.1 ; one\nx A 192.0.2.7\n",
       {put("www.example.com/A", 3600, {"192.0.2.1", "192.0.2.2"})},
       kHead + "www      IN  A     192.0.2.1 ; one\nwww      IN  A     192.0.2.2\nx A 192.0.2.7\n"},
      {"a new set stands below its owner's records",
       kHead + "a\tIN\tA\t192.0.2.1\nb\tIN\tA\t192.0.2.1\n",
       {put("a.example.com/TXT", 60, {"\"x\""})},
       kHead + "a\tIN\tA\t192.0.2.1\na\t60\tIN\tTXT\t\"x\"\nb\tIN\tA\t192.0.2.1\n"},
      {"a new owner stands at the end, by the origin there",
       kHead + "$ORIGIN sub.example.com.\na\tA\t192.0.2.1\n; end\n",
       {put("new.example.com/A", 3600, {"192.0.2.2"}),
        put("b.sub.example.com/A", 3600, {"192.0.2.3"})},
       kHead + "$ORIGIN sub.example.com.\na\tA\t192.0.2.1\n; end\nnew.example.com.\tA\t192.0.2.2\n"
               "b\tA\t192.0.2.3\n"},
      {"who inherited the owner gets it written",
       kHead + "a A 192.0.2.1 ; gone\n         TXT \"x\" ; stays\n         MX 1 a\n",
       {drop("a.example.com/A")},
       kHead + "a        TXT \"x\" ; stays\n         MX 1 a\n"},
      {"who inherited the TTL gets it written",
       "@ 300 SOA ns1 host 1 2 3 4 5\na 60 A 192.0.2.1\nb A 192.0.2.2\nc A 192.0.2.3\n",
       {drop("a.example.com/A")},
       "@ 300 SOA ns1 host 1 2 3 4 5\nb 60 A 192.0.2.2\nc A 192.0.2.3\n"},
      {"without $TTL a new set goes where nobody inherits from it",
       "@ 300 SOA ns1 host 1 2 3 4 5\na 60 A 192.0.2.1\nb A 192.0.2.2\n",
       {put("a.example.com/TXT", 5, {"\"x\""})},
       "@ 300 SOA ns1 host 1 2 3 4 5\na 60 A 192.0.2.1\nb A 192.0.2.2\na 5  TXT \"x\"\n"},
      {"both lines of a record that is written twice",
       kHead + "a A 192.0.2.1\nb A 192.0.2.2\na A 192.0.2.1 ; again\n",
       {drop("a.example.com/A")},
       kHead + "b A 192.0.2.2\n"},
      {"line ends as they are",
       "$TTL 60\r\n@ SOA ns1 host 1 2 3 4 5\r\na A 192.0.2.1 ; x\r\n",
       {put("a.example.com/A", 60, {"192.0.2.2", "192.0.2.3"})},
       "$TTL 60\r\n@ SOA ns1 host 1 2 3 4 5\r\na A 192.0.2.2 ; x\r\na A 192.0.2.3\r\n"},
      {"a last line without end stays one",
       kHead + "a A 192.0.2.1",
       {put("b.example.com/A", 3600, {"192.0.2.2"})},
       kHead + "a A 192.0.2.1\nb A 192.0.2.2"},
      {"the last line, which has no end, goes",
       kHead + "a A 192.0.2.1\nb A 192.0.2.1",
       {drop("b.example.com/A")},
       kHead + "a A 192.0.2.1"},
      {"a byte order mark",
       "\xef\xbb\xbf@ 5 SOA ns1 host 1 2 3 4 5\na A 192.0.2.1\n",
       {drop("a.example.com/A")},
       "\xef\xbb\xbf@ 5 SOA ns1 host 1 2 3 4 5\n"},
      {"octets that are not UTF-8",
       kHead + "a A 192.0.2.1 ; \xe9\xe8\n; \xff\n",
       {put("a.example.com/A", 60, {"192.0.2.2"})},
       kHead + "a 60 A 192.0.2.2 ; \xe9\xe8\n; \xff\n"},
      {"parentheses across the line's head",
       kHead + "a ( IN TXT x ) y ; note\n",
       {put("a.example.com/TXT", 3600, {"\"z\""})},
       kHead + "a\tIN\tTXT\t\"z\" ; note\n"},
  };
  for (const auto& row : rows) check(row);
}

// The go-live: three old MX, SPF beside tokens, comments; and everything back.
TEST_CASE("zone file edit: a go-live and its rollback") {
  check({"go-live",
         "; example.com\n"
         "$TTL 1h\n"
         "@\tIN\tSOA\tns1 hostmaster (\n"
         "\t\t\t2026010101 ; serial\n"
         "\t\t\t7200 3600 1209600 300 )\n"
         "\tIN\tNS\tns1\n"
         "; mail\n"
         "@\tIN\tMX\t10 mx1.old.example. ; main\n"
         "; spare ones\n"
         "\tIN\tMX\t20 mx2.old.example. ; spare\n"
         "\n"
         "\tIN\tMX\t30 backup.isp.example.\n"
         "\tIN\tTXT\t\"v=spf1 ip4:203.0.113.25 ~all\" ; spf\n"
         "\tIN\tTXT\t\"token-one=1\"\n"
         "www\tIN\tA\t192.0.2.10\n",
         {put("example.com/MX", 3600, {"0 in.new.example."}),
          put("example.com/TXT", 3600,
              {"\"token-one=1\"", "\"v=spf1 ip4:203.0.113.25 include:_spf.new.example -all\""}),
          put("_dmarc.example.com/TXT", 3600, {"\"v=DMARC1; p=none\""})},
         "; example.com\n"
         "$TTL 1h\n"
         "@\tIN\tSOA\tns1 hostmaster (\n"
         "\t\t\t2026010101 ; serial\n"
         "\t\t\t7200 3600 1209600 300 )\n"
         "\tIN\tNS\tns1\n"
         "; mail\n"
         "@\tIN\tMX\t0 in.new.example. ; main\n"
         "; spare ones\n"
         "\n"
         "\tIN\tTXT\t\"v=spf1 ip4:203.0.113.25 include:_spf.new.example -all\" ; spf\n"
         "\tIN\tTXT\t\"token-one=1\"\n"
         "www\tIN\tA\t192.0.2.10\n"
         "_dmarc\tIN\tTXT\t\"v=DMARC1; p=none\"\n"});
}

TEST_CASE("zone file edit: a part of a rollback, or one after other changes, finds its places") {
  const std::string before = kHead +
                             "; mail\n@ MX 10 a.example. ; main\n; spare\n  MX 20 b.example.\n"
                             "  TXT \"v=spf1 -all\"\nwww A 192.0.2.1\n";
  const auto file = *read_text(before).file;
  const Key mx = *Key::parse("example.com/MX");
  const auto live = edit_zone_file(file,
                                   {put("example.com/MX", 3600, {"0 n.example."}),
                                    put("example.com/TXT", 3600, {"\"v=spf1 mx -all\""})},
                                   99);
  REQUIRE(live.ok());
  const auto undone =
      edit_zone_file(*read_text(*live + "late A 192.0.2.5\n").file,
                     {{mx, *file.zone().find(mx), file.verbatim(mx)}}, std::nullopt);
  REQUIRE(undone.ok());
  CHECK(*undone ==
        "$TTL 3600\n@       IN  SOA ns1 host 99 2 3 4 300 ; the SOA\n"
        "; mail\n@ MX 10 a.example. ; main\n; spare\n  MX 20 b.example.\n"
        "  TXT \"v=spf1 mx -all\"\nwww A 192.0.2.1\nlate A 192.0.2.5\n");
}

TEST_CASE("zone file edit: only the digits of the serial") {
  const auto file = *read_text("@ 60 SOA ns1 host (\n  0007 ; seven\n 2 3 4 5 )\n").file;
  CHECK(*edit_zone_file(file, {}, 2026010101) ==
        "@ 60 SOA ns1 host (\n  2026010101 ; seven\n 2 3 4 5 )\n");
  CHECK(*edit_zone_file(file, {}, std::nullopt) == file.text());
}

TEST_CASE("zone file edit: faults name the set") {
  const auto file =
      *read_text(kHead + "$INCLUDE inc\na A 192.0.2.1\n", {{"inc", "i A 192.0.2.1\n"}}).file;
  const auto fault_of = [&](const std::vector<SetEdit>& edits) {
    const auto result = edit_zone_file(file, edits, std::nullopt);
    REQUIRE(!result.ok());
    return result.fault().message;
  };
  CHECK(fault_of({drop("i.example.com/A")}) ==
        "i.example.com/A cannot be edited: it stands in the included file inc");
  CHECK(fault_of({drop("a.example.com/A"), drop("a.example.com/A")}) ==
        "a.example.com/A cannot be edited: two edits speak of it");
  CHECK(fault_of({put("a.example.com/CNAME", 60, {"b.example."})}) ==
        "the zone file would not be legal after the edit: a CNAME record beside the A records of "
        "a.example.com.");
  CHECK(
      fault_of({put("example.net/A", 60, {"192.0.2.1"})}) ==
      "the zone file would not be legal after the edit: example.net. is not in zone example.com.");
  SetEdit crossed = put("a.example.com/A", 60, {"192.0.2.1"});
  crossed.key = *Key::parse("b.example.com/A");
  CHECK(fault_of({crossed}) ==
        "b.example.com/A cannot be edited: the set wanted is a.example.com/A");
}

TEST_CASE("zone file edit: verbatim text is printable, and other text does no harm") {
  const auto file = *read_text(kHead + "a A 192.0.2.1 ; \xff\x01\n").file;
  const Key key = *Key::parse("a.example.com/A");
  const std::string verbatim = file.verbatim(key);
  CHECK(!verbatim.empty());
  for (const char c : verbatim) CHECK((c >= 0x20 && c < 0x7f));
  CHECK(file.verbatim(*Key::parse("nope.example.com/A")).empty());
  const auto gone = *edit_zone_file(file, {drop("a.example.com/A")}, std::nullopt);
  property("damaged", [&] {
    std::string damaged = verbatim;
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] = *octet();
    }
    const auto back = edit_zone_file(*read_text(gone).file,
                                     {{key, *file.zone().find(key), damaged}}, std::nullopt);
    RC_ASSERT(back.ok());
    RC_ASSERT(read_text(*back).file->zone() == file.zone());
  });
}

}  // namespace
}  // namespace mxsmith::tests
