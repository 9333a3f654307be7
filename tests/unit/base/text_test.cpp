#include "base/text.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith::base;
using mxsmith::tests::property;
using namespace std::string_literals;

TEST_CASE("hostile octets are made harmless for a terminal") {
  struct Row {
    const char* what;
    std::string hostile;
    std::string shown;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"plain text", "v=spf1 -all", "v=spf1 -all"},
      {"letters beyond ASCII",
       "b\xc3\xbc"
       "cher \xe6\x97\xa5",
       "b\xc3\xbc"
       "cher \xe6\x97\xa5"},
      {"ESC of an ANSI sequence", "\x1b[31mred", "\\027[31mred"},
      {"newline, tab, return", "a\nb\tc\rd", "a\\010b\\009c\\013d"},
      {"NUL", "a\0b"s, "a\\000b"},
      {"DEL", "a\x7f", "a\\127"},
      {"C1 control CSI",
       "\xc2\x9b"
       "31m",
       "\\194\\15531m"},
      {"a lone octet above ASCII",
       "\x9b"
       "31m",
       "\\15531m"},
      {"an octet sequence cut short", "\xe6\x97", "\\230\\151"},
      {"overlong solidus", "\xc0\xaf", "\\192\\175"},
      {"a surrogate", "\xed\xa0\x80", "\\237\\160\\128"},
      {"beyond Unicode", "\xf4\x90\x80\x80", "\\244\\144\\128\\128"},
      {"right-to-left override",
       "a\xe2\x80\xae"
       "b",
       "a\\226\\128\\174b"},
      {"bidirectional isolate", "\xe2\x81\xa6", "\\226\\129\\166"},
      {"zero-width space", "\xe2\x80\x8b", "\\226\\128\\139"},
      {"line separator", "\xe2\x80\xa8", "\\226\\128\\168"},
      {"byte-order mark", "\xef\xbb\xbf", "\\239\\187\\191"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    CHECK(escape_for_terminal(row.hostile) == row.shown);
  }
}

TEST_CASE("whatever the octets, what is shown is UTF-8 without controls") {
  property("no control and no ill-formed octet is left", [](const std::string& hostile) {
    const std::string shown = escape_for_terminal(hostile);
    RC_ASSERT(is_utf8(shown));
    for (const char c : shown) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    RC_ASSERT(escape_for_terminal(shown) == shown);
  });
}

TEST_CASE("Markdown reads none of its signs in escaped text") {
  CHECK(escape_for_markdown("a*b_c`d") == "a\\*b\\_c\\`d");
  CHECK(escape_for_markdown("<script>") == "\\<script\\>");
  CHECK(escape_for_markdown("[x](http)") == "\\[x\\]\\(http\\)");
  CHECK(escape_for_markdown("a|b") == "a\\|b");
  CHECK(escape_for_markdown("@someone #12") == "\\@someone \\#12");
  CHECK(escape_for_markdown("\x1b") == "\\\\027");
  CHECK(escape_for_markdown("plain words 123") == "plain words 123");
}

TEST_CASE("the first octet that is not UTF-8 is told") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("\xf0\x9f\x93\xac"));
  CHECK(first_ill_formed_utf8("plain") == std::nullopt);
  CHECK(first_ill_formed_utf8("caf\xe9 creme") == 3u);
  CHECK(first_ill_formed_utf8("\xc3\xa9\xc3") == 2u);
  CHECK(first_ill_formed_utf8("\x80") == 0u);
}

TEST_CASE("width is counted in columns") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("b\xc3\xbc"
                      "cher") == 6);
  CHECK(display_width("\xe6\x97\xa5\xe6\x9c\xac") == 4);  // two wide signs
  CHECK(display_width("e\xcc\x81") == 1);                 // e and a combining accent
  CHECK(display_width("\xf0\x9f\x93\xac") == 2);          // a picture
  CHECK(display_width("\xff") == 1);
}

TEST_CASE("a slip is met with the word that was meant") {
  const std::vector<std::string> keys = {"priority", "host", "ttl", "mail.mx", "subdomain_policy"};
  CHECK(did_you_mean("prioriy", keys) == "priority");
  CHECK(did_you_mean("Priority", keys) == "priority");
  CHECK(did_you_mean("hsot", keys) == "host");  // neighbours swapped
  CHECK(did_you_mean("tll", keys) == "ttl");
  CHECK(did_you_mean("subdomian_polcy", keys) == "subdomain_policy");
  CHECK(did_you_mean("weight", keys) == std::nullopt);
  CHECK(did_you_mean("x", keys) == std::nullopt);
  CHECK(did_you_mean("", keys) == std::nullopt);
  CHECK(did_you_mean("host", std::vector<std::string>{}) == std::nullopt);
}

TEST_CASE("the nearest of several words is meant") {
  const std::vector<std::string> keys = {"include_all", "includes", "include"};
  CHECK(did_you_mean("includ", keys) == "include");
  CHECK(did_you_mean("includess", keys) == "includes");
}

TEST_CASE("letters are lowered in ASCII only") {
  CHECK(to_lower("MX1.Example.COM") == "mx1.example.com");
  CHECK(to_lower("\xc3\x9c") == "\xc3\x9c");
  CHECK(equals_ignoring_case("V=SPF1", "v=spf1"));
  CHECK_FALSE(equals_ignoring_case("a", "ab"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));  // differ in the bit that letters differ in
}

TEST_CASE("text is trimmed, split and joined") {
  CHECK(trim("  a b\t\r\n") == "a b");
  CHECK(trim(" \n") == "");
  CHECK(split("a,b,,c", ',') == std::vector<std::string>{"a", "b", "", "c"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split(",", ',') == std::vector<std::string>{"", ""});
  CHECK(join(std::vector<std::string>{}, ", ") == "");
  CHECK(join(std::vector<std::string>{"", "b"}, ",") == ",b");
  property("joining undoes splitting",
           [](const std::string& text) { RC_ASSERT(join(split(text, ','), ",") == text); });
}

TEST_CASE("things are counted in words") {
  CHECK(counted(0, "set") == "0 sets");
  CHECK(counted(1, "set") == "1 set");
  CHECK(counted(3, "set") == "3 sets");
  CHECK(counted(1, "entry", "entries") == "1 entry");
  CHECK(counted(2, "entry", "entries") == "2 entries");
}

TEST_CASE("globs match label by label") {
  struct Row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  const Row rows[] = {
      {"www", "www", true},
      {"www", "ww", false},
      {"*", "www", true},
      {"*", "a.b", false},
      {"*", "", false},
      {"**", "", true},
      {"**", "a", true},
      {"**", "a.b.c", true},
      {"_acme-challenge.**", "_acme-challenge", true},
      {"_acme-challenge.**", "_acme-challenge.www", true},
      {"_acme-challenge.**", "x._acme-challenge", false},
      {"**._domainkey", "_domainkey", true},
      {"**._domainkey", "a.b._domainkey", true},
      {"*._domainkey", "s1._domainkey", true},
      {"*._domainkey", "_domainkey", false},
      {"*._domainkey", "a.s1._domainkey", false},
      {"mail-*", "mail-1", true},
      {"mail-*", "mail-", true},
      {"mail-*", "mail", false},
      {"*-mail-*", "x-mail-mail-y", true},
      {"a*b*c", "abbbc", true},
      {"a*b*c", "acb", false},
      {"a.**.d", "a.d", true},
      {"a.**.d", "a.b.c.d", true},
      {"a.**.d", "a.b.c", false},
      {"**.**", "a", true},
      {"a**", "ab", true},   // inside a label two stars are as one
      {"*", "a\\.b", true},  // an escaped dot does not separate labels
      {"*.b", "a\\.b", false},
  };
  for (const auto& row : rows) {
    INFO(row.pattern << " against " << row.name);
    CHECK(glob_matches(row.pattern, row.name) == row.matches);
  }
}
