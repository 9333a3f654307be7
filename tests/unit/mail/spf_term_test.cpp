// Terms of SPF records: what is read, what is refused and with which hint, and what counts as
// equal.
#include <string>
#include <vector>

#include "mail/spf.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using mail::SpfQualifier;

TEST_CASE("a term keeps its spelling and tells its parts") {
  struct Row {
    std::string text, name, argument;
    SpfQualifier qualifier;
    bool modifier;
  };
  const auto row = GENERATE(values<Row>({
      {"all", "all", "", SpfQualifier::pass, false},
      {"-ALL", "all", "", SpfQualifier::fail, false},
      {"~all", "all", "", SpfQualifier::softfail, false},
      {"?Include:_SPF.Example.com.", "include", "_SPF.Example.com.", SpfQualifier::neutral, false},
      {"a", "a", "", SpfQualifier::pass, false},
      {"+a/24", "a", "/24", SpfQualifier::pass, false},
      {"a//64", "a", "//64", SpfQualifier::pass, false},
      {"a:mail.example.com/24//64", "a", "mail.example.com/24//64", SpfQualifier::pass, false},
      {"mx:example.com", "mx", "example.com", SpfQualifier::pass, false},
      {"ptr", "ptr", "", SpfQualifier::pass, false},
      {"ip4:192.0.2.0/24", "ip4", "192.0.2.0/24", SpfQualifier::pass, false},
      {"ip6:2001:DB8::/32", "ip6", "2001:DB8::/32", SpfQualifier::pass, false},
      {"exists:%{ir}.%{v}._spf.%{d2}", "exists", "%{ir}.%{v}._spf.%{d2}", SpfQualifier::pass,
       false},
      {"Redirect=_spf.example.net", "redirect", "_spf.example.net", SpfQualifier::pass, true},
      {"exp=why.example.com", "exp", "why.example.com", SpfQualifier::pass, true},
      {"x-note=anything:goes/here", "x-note", "anything:goes/here", SpfQualifier::pass, true},
  }));
  INFO(row.text);
  const auto record = mail::parse_spf("v=spf1 " + row.text);
  REQUIRE(record.ok());
  REQUIRE(record->terms.size() == 1);
  const auto& term = record->terms.front();
  CHECK(term.text == row.text);
  CHECK(term.name == row.name);
  CHECK(term.argument == row.argument);
  CHECK(term.qualifier == row.qualifier);
  CHECK(term.is_modifier == row.modifier);
  CHECK(record->text() == "v=spf1 " + row.text);
}

TEST_CASE("what RFC 7208 allows is read") {
  const auto text = GENERATE(values<std::string>({
      "v=spf1",
      "V=SPF1",
      "v=spf1   a    mx  ",
      "v=spf1 a:foo:bar/baz.example.com",
      "v=spf1 exists:%%.%_.%-.%{l1r+}.%{d}",
      "v=spf1 exists:%{S}.%{L}.%{O}.%{D10R.-+,/_=}",
      "v=spf1 a:%{d}/24",
      "v=spf1 include:under_score.example.xn--p1ai",
      "v=spf1 include:example.a-b",
      "v=spf1 ip4:0.0.0.0/0 ip6:::/0 ip6:::ffff:192.0.2.1",
      "v=spf1 a/0 a//0 a/32//128",
      "v=spf1 unknown=",
      "v=spf1 include=example.com",
      "v=spf1 all all",
      "v=spf1 moo.cow-far_out=man:dog/cat ip4:192.0.2.1 -all",
  }));
  INFO(text);
  CHECK(mail::parse_spf(text).ok());
}

TEST_CASE("what RFC 7208 forbids is refused where it stands") {
  struct Row {
    std::string text;
    std::size_t offset;
    std::string message, hint;
  };
  const auto row = GENERATE(values<Row>({
      {"v=spf10 a", 0, "not an SPF record", ""},
      {" v=spf1 a", 0, "not an SPF record", ""},
      {"v=spf1 a bogus", 9, "no mechanism \"bogus\"", ""},
      {"v=spf1 inlcude:a.example", 7, "no mechanism", "did you mean \"include\"?"},
      {"v=spf1 ip:192.0.2.1", 7, "no mechanism \"ip\"", "write ip4:192.0.2.1"},
      {"v=spf1 -ipv4:192.0.2.1", 8, "no mechanism \"ipv4\"", "write ip4:192.0.2.1"},
      {"v=spf1 ip:2001:db8::1", 7, "no mechanism", "write ip6:2001:db8::1"},
      {"v=spf1 redirect:x.example", 7, "no mechanism", "write redirect=x.example"},
      {"v=spf1 exp:x.example", 7, "no mechanism", "write exp=x.example"},
      {"v=spf1 ?redirect=x.example", 7, "takes no qualifier", "write redirect=x.example"},
      {"v=spf1 spf.example.net", 7, "no mechanism", "write include:spf.example.net"},
      {"v=spf1 192.0.2.1", 7, "no mechanism", "write ip4:192.0.2.1"},
      {"v=spf1 a, mx", 7, "no mechanism", "by spaces, not by commas"},
      {"v=spf1 include:a.example, mx", 17, "top-level domain", "by spaces, not by commas"},
      {"v=spf1 ip4:192.0.2.1,192.0.2.2", 20, "one network", "one ip4: term for each"},
      {"v=spf1 ~ all", 8, "without a mechanism", "no space"},
      {"v=spf1 --all", 8, "no mechanism \"-all\"", ""},
      {"v=spf1 all:x.example", 10, "takes no argument", ""},
      {"v=spf1 -all.", 8, "no mechanism \"all.\"", ""},
      {"v=spf1 include", 14, "needs a domain name", ""},
      {"v=spf1 include:", 14, "needs a domain name", ""},
      {"v=spf1 include: x.example", 14, "needs a domain name", ""},
      {"v=spf1 include:museum", 15, "full domain name", ""},
      {"v=spf1 include:museum.", 15, "full domain name", ""},
      {"v=spf1 include:192.0.2.1", 15, "is an address", "write ip4:192.0.2.1"},
      {"v=spf1 include:x.example/24", 17, "top-level domain", ""},
      {"v=spf1 a:x.123", 11, "top-level domain", ""},
      {"v=spf1 a:x.-bad", 11, "top-level domain", ""},
      {"v=spf1 a:x.bad-", 11, "top-level domain", ""},
      {"v=spf1 a:x..", 11, "top-level domain", ""},
      {"v=spf1 a/33", 9, "over 32", ""},
      {"v=spf1 a//129", 10, "over 128", ""},
      {"v=spf1 a/024", 9, "leading zero", "write 24"},
      {"v=spf1 a/", 8, "no prefix length", ""},
      {"v=spf1 a/24/24", 8, "cannot stand after a", ""},
      {"v=spf1 ptr/24", 10, "cannot stand after ptr", ""},
      {"v=spf1 ip4", 10, "needs an address", ""},
      {"v=spf1 ip4: 192.0.2.1", 10, "needs an address", "without a space"},
      {"v=spf1 ip4:192.0.2", 11, "not an IPv4 address", ""},
      {"v=spf1 ip4:192.0.2.256", 19, "over 255", ""},
      {"v=spf1 ip4:192.0.02.1", 17, "leading zero", "write 2"},
      {"v=spf1 ip4:192.0.2.1/33", 21, "over 32", ""},
      {"v=spf1 ip4:192.0.2.1//24", 21, "not a number", ""},
      {"v=spf1 ip4:2001:db8::1", 11, "not an IPv4 address", "ip6:"},
      {"v=spf1 ip6:192.0.2.1", 11, "not an IPv6 address", "ip4:"},
      {"v=spf1 ip6:2001:db8:::1", 11, "not an IPv6 address", ""},
      {"v=spf1 ip6:2001:db8::1/129", 23, "over 128", ""},
      {"v=spf1 exists:%{x}.example", 14, "unknown macro letter", ""},
      {"v=spf1 exists:a.%{r}.example", 16, "only in explanations", ""},
      {"v=spf1 exists:%{s0}", 14, "keeps zero labels", ""},
      {"v=spf1 exists:%{}", 14, "empty macro", ""},
      {"v=spf1 exists:%{dr!}", 18, "malformed", ""},
      {"v=spf1 exists:%{d", 14, "without \"}\"", ""},
      {"v=spf1 exists:foo%.example.com", 17, "is not followed by", "write %%"},
      {"v=spf1 exists:example.com%", 25, "lone", "write %%"},
      {"v=spf1 x=%zz", 9, "is not followed by", ""},
      {"v=spf1 redirect=a.example redirect=b.example", 26, "stands twice", ""},
      {"v=spf1 exp=a.example exp=a.example", 21, "stands twice", ""},
      {"v=spf1 a\tmx", 8, "a tab", "separated by spaces"},
      {"v=spf1 a\xc2\xa0mx", 8, "outside ASCII", "plain ASCII"},
      {std::string("v=spf1 a\0b", 10), 8, "control character", ""},
  }));
  INFO(row.text);
  const auto record = mail::parse_spf(row.text);
  REQUIRE_FALSE(record.ok());
  INFO(record.fault().message << " | " << record.fault().hint);
  CHECK(record.fault().offset == row.offset);
  CHECK(record.fault().message.find(row.message) != std::string::npos);
  CHECK(record.fault().hint.find(row.hint) != std::string::npos);
}

TEST_CASE("terms that mean the same are equal, others are not") {
  struct Row {
    std::string a, b;
    bool same_term, same_identity;
  };
  const auto row = GENERATE(values<Row>({
      {"include:Example.COM.", "+Include:example.com", true, true},
      {"-include:example.com", "include:example.com", false, true},
      {"all", "+ALL", true, true},
      {"-all", "~all", false, true},
      {"a/32", "a", true, true},
      {"a//128", "A", true, true},
      {"a/24", "a", false, false},
      {"mx:Example.com/32//64", "mx:example.com//64", true, true},
      {"ip4:192.0.2.1/32", "ip4:192.0.2.1", true, true},
      {"ip4:192.0.2.77/24", "ip4:192.0.2.0/24", true, true},
      {"ip4:192.0.2.0/24", "ip4:192.0.2.0/25", false, false},
      {"ip6:2001:DB8:0:0::1", "ip6:2001:db8::1/128", true, true},
      {"ip6:2001:db8::1/32", "ip6:2001:db8::/32", true, true},
      {"redirect=X.example.", "Redirect=x.example", true, true},
      {"x-note=A", "x-note=a", false, false},
      {"exists:%{L}.example.com", "exists:%{l}.example.com", false, false},
      {"exists:%{l}.Example.com", "exists:%{l}.example.com", true, true},
      {"a:example.com", "mx:example.com", false, false},
  }));
  INFO(row.a << " and " << row.b);
  const auto a = mail::parse_spf_term(row.a);
  const auto b = mail::parse_spf_term(row.b);
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK((a->canonical() == b->canonical()) == row.same_term);
  CHECK((a->identity() == b->identity()) == row.same_identity);
  const auto again = mail::parse_spf_term(a->canonical());
  REQUIRE(again.ok());
  CHECK(again->canonical() == a->canonical());
}

TEST_CASE("a pasted term is taken as it is meant, and refused where it cannot be") {
  struct Row {
    std::string text, expect, hint;
  };
  const auto row = GENERATE(values<Row>({
      {"spf.example.net", "include:spf.example.net", ""},
      {" \"include:_spf.example.net\" ", "include:_spf.example.net", ""},
      {"include=spf.example.net", "", "write include:spf.example.net"},
      {"ip4=192.0.2.1", "", "write ip4:192.0.2.1"},
      {"include:a.example,b.example", "", "one term for each value"},
      {"192.0.2.1", "", "write ip4:192.0.2.1"},
      {"v=spf1", "", "leave out v=spf1"},
      {"include: spf.example.net", "", "without spaces"},
      {"", "", ""},
      {"x-note=1", "x-note=1", ""},
  }));
  INFO(row.text);
  const auto term = mail::parse_spf_term(row.text);
  CHECK(term.ok() == !row.expect.empty());
  if (term.ok()) {
    CHECK(term->text == row.expect);
  } else {
    CHECK(term.fault().hint.find(row.hint) != std::string::npos);
  }
}

TEST_CASE("pasted lists and whole records give their terms") {
  struct Row {
    std::string text, expect;
  };
  const auto row = GENERATE(values<Row>({
      {"include:a.example", "include:a.example"},
      {"v=spf1 include:a.example ip4:192.0.2.1 ~all", "include:a.example ip4:192.0.2.1"},
      {"\"v=spf1 a.example -all\"", "include:a.example"},
      {"include:a.example mx -all", "include:a.example mx"},
      {"~all", "~all"},
      {"v=spf1 -all", ""},
  }));
  INFO(row.text);
  const auto terms = mail::parse_spf_terms(row.text);
  REQUIRE(terms.ok());
  std::string got;
  for (const auto& term : *terms) got += (got.empty() ? "" : " ") + term.text;
  CHECK(got == row.expect);
  CHECK_FALSE(mail::parse_spf_terms("  ").ok());
  CHECK_FALSE(mail::parse_spf_terms("v=spf1 ip:192.0.2.1 -all").ok());
}

TEST_CASE("lookups count only what evaluation reaches") {
  struct Row {
    std::string text;
    std::size_t lookups;
  };
  const auto row = GENERATE(values<Row>({
      {"v=spf1 -all", 0},
      {"v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 exp=why.example.com -all", 0},
      {"v=spf1 a mx ptr include:a.example exists:b.example -all", 5},
      {"v=spf1 mx redirect=a.example", 2},
      {"v=spf1 mx redirect=a.example -all", 1},
      {"v=spf1 mx -all include:a.example", 1},
  }));
  INFO(row.text);
  CHECK(mail::parse_spf(row.text)->own_lookups() == row.lookups);
}

TEST_CASE("only the version section makes an SPF record") {
  CHECK(mail::is_spf("v=spf1"));
  CHECK(mail::is_spf("V=SpF1 a"));
  CHECK_FALSE(mail::is_spf("v=spf1a"));
  CHECK_FALSE(mail::is_spf("v=spf1\ta"));
  CHECK_FALSE(mail::is_spf("v=spf"));
  CHECK_FALSE(mail::is_spf(" v=spf1"));
  CHECK_FALSE(mail::is_spf(""));
}

TEST_CASE("words and signs of qualifiers belong together") {
  for (const auto* word : {"fail", "softfail", "neutral", "pass"}) {
    const auto qualifier = mail::parse_qualifier_word(word);
    REQUIRE(qualifier);
    CHECK(mail::qualifier_word(*qualifier) == word);
    const auto term = mail::parse_spf_term(mail::qualifier_sign(*qualifier) + std::string("all"));
    CHECK(term->qualifier == *qualifier);
  }
  CHECK_FALSE(mail::parse_qualifier_word("Fail"));
  CHECK_FALSE(mail::parse_qualifier_word("hardfail"));
}

TEST_CASE("any octets are read or refused, never more") {
  tests::property("reading undoes printing", [](const std::vector<unsigned char>& octets) {
    static constexpr char kSigns[] = "v=spf1 ai46mxptr:/.%{}dl-+~?0129,=";
    std::string text = "v=spf1 ";
    for (const auto octet : octets) text += kSigns[octet % (sizeof kSigns - 1)];
    const auto record = mail::parse_spf(text);
    if (!record) {
      RC_ASSERT(record.fault().offset <= text.size());
      return;
    }
    const auto again = mail::parse_spf(record->text());
    RC_ASSERT(again.ok());
    RC_ASSERT(mail::same_spelling(*again, *record));
  });
}
