#include "dns/name.hpp"

#include "dns/rrset.hpp"
#include "support/generators.hpp"
#include "support/property.hpp"

namespace mxsmith::tests {
namespace {

using dns::Name;

const std::string kLabel63(63, 'a');
const std::string kLabel64(64, 'a');
/// 3 labels of 63 and one of 61: 255 octets of wire with the root.
const std::string kName255 =
    kLabel63 + "." + kLabel63 + "." + kLabel63 + "." + std::string(61, 'b') + ".";

TEST_CASE("name: text to canonical text") {
  struct Row {
    const char* what;
    std::string text;
    std::string expected;
  };
  const Row rows[] = {
      {"absolute", "www.example.org.", "www.example.org."},
      {"relative", "www", "www.example.com."},
      {"the origin", "@", "example.com."},
      {"an escaped @ is a label", "\\@", "\\@.example.com."},
      {"the root", ".", "."},
      {"letters are lowered", "WwW.EXAMPLE.com.", "www.example.com."},
      {"letters from escapes too", "\\087ww.example.com.", "www.example.com."},
      {"underscore and star stay", "*._domainkey", "*._domainkey.example.com."},
      {"an escaped dot is part of the label", "a\\.b", "a\\.b.example.com."},
      {"decimal escape of a dot", "a\\046b", "a\\.b.example.com."},
      {"a NUL octet", "a\\000b", "a\\000b.example.com."},
      {"a blank", "a\\032b", "a\\032b.example.com."},
      {"signs of zone files", "a\\;\\(\\)\\\"\\$b", "a\\;\\(\\)\\\"\\$b.example.com."},
      {"octet 255", "\\255", "\\255.example.com."},
      {"63 octets in a label", kLabel63, kLabel63 + ".example.com."},
      {"255 octets in a name", kName255, kName255},
      {"U-label",
       "b\xc3\xbc"
       "cher",
       "xn--bcher-kva.example.com."},
      {"U-label in capitals",
       "B\xc3\x9c"
       "CHER",
       "xn--bcher-kva.example.com."},
      {"sharp s is its own letter",
       "stra\xc3\x9f"
       "e",
       "xn--strae-oqa.example.com."},
      {"U-labels beside ASCII",
       "_dmarc.b\xc3\xbc"
       "cher.example.",
       "_dmarc.xn--bcher-kva.example."},
      {"ideographic full stop", "\xe4\xbe\x8b\xe3\x80\x82test.", "xn--fsq.test."},
      {"an escaped dot before a U-label",
       "a\\.b.b\xc3\xbc"
       "cher",
       "a\\.b.xn--bcher-kva.example.com."},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto name = Name::parse(row.text, Name::of("example.com"));
    INFO((name.ok() ? "" : name.fault().message));
    REQUIRE(name.ok());
    CHECK(name->text() == row.expected);
  }
}

TEST_CASE("name: faults and where they are") {
  struct Row {
    const char* what;
    std::string text;
    std::string message;
    std::size_t offset;
  };
  const Row rows[] = {
      {"empty", "", "the name is empty", 0},
      {"empty label in the middle", "a..b", "the name has an empty label", 2},
      {"empty label in front", ".a", "the name has an empty label", 0},
      {"64 octets in a label", kLabel64 + ".", "a label is longer than 63 octets", 63},
      {"64 octets, relative", kLabel64, "a label is longer than 63 octets", 63},
      {"256 octets", kName255.substr(0, 192) + std::string(62, 'b') + ".",
       "the name is longer than 255 octets", 255},
      {"256 octets with the origin", kName255.substr(0, 243), "the name is longer than 255 octets",
       243},
      {"escape over 255", "a\\256", "bad escape in the name", 1},
      {"short escape", "a\\12", "bad escape in the name", 1},
      {"lone backslash", "a\\", "bad escape in the name", 1},
      {"blank", "a b", "a name cannot hold a blank as it stands", 1},
      {"quotation mark", "a\"", "a name cannot hold '\"' as it stands", 1},
      {"control character", "a\x01", "a name cannot hold a control character as it stands", 1},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto name = Name::parse(row.text, Name::of("example.com"));
    REQUIRE(!name.ok());
    CHECK(name.fault().message == row.message);
    CHECK(name.fault().offset == row.offset);
  }
}

TEST_CASE("name: U-labels that IDNA forbids are faults") {
  for (const char* text : {"a\xff", "\xe2\x98\x83.example", "\xc3\xbc\\065", "-\xc3\xbc"}) {
    INFO(text);
    const auto name = Name::parse_absolute(text);
    REQUIRE(!name.ok());
    CHECK(!name.fault().hint.empty());
  }
}

TEST_CASE("name: shown to people") {
  CHECK(Name::of("xn--bcher-kva.example").display() ==
        "b\xc3\xbc"
        "cher.example (xn--bcher-kva.example)");
  CHECK(Name::of("www.example").display() == "www.example");
  CHECK(Name().display() == ".");
  CHECK(Name::of("xn--zzzzzzz-.example").display() == "xn--zzzzzzz-.example");
}

TEST_CASE("name: family") {
  const Name name = Name::of("a.b.example.com");
  CHECK(name.label_count() == 4);
  CHECK(name.labels() == std::vector<std::string>{"a", "b", "example", "com"});
  CHECK(name.parent() == Name::of("b.example.com"));
  CHECK(Name().parent() == Name());
  CHECK(name.is_at_or_below(Name::of("example.com")));
  CHECK(name.is_at_or_below(name));
  CHECK(name.is_at_or_below(Name()));
  CHECK(!Name::of("example.com").is_at_or_below(name));
  CHECK(!Name::of("badexample.com").is_at_or_below(Name::of("example.com")));
  CHECK(Name::of("*.example.com").is_wildcard());
  CHECK(!Name::of("**.example.com").is_wildcard());
  CHECK(Name::of("example.com").child("WWW")->text() == "www.example.com.");
  CHECK(!Name::of("example.com").child(kLabel64).ok());
  CHECK(!Name::of("example.com").child("").ok());
  CHECK(!Name::of(kName255).child("x").ok());
  CHECK(name.text_relative_to(Name::of("example.com")) == "a.b");
  CHECK(name.text_relative_to(name) == "@");
  CHECK(name.text_relative_to(Name::of("example.net")) == "a.b.example.com.");
  CHECK(name.text_relative_to(Name()) == "a.b.example.com.");
}

TEST_CASE("name: wire form") {
  using namespace std::string_literals;
  CHECK(Name::of("Ab.c").wire() == "\2ab\1c\0"s);
  CHECK(Name::from_wire("\2AB\1c\0"s)->text() == "ab.c.");
  CHECK(Name::from_wire("\0"s)->is_root());
  for (const auto& wire :
       {""s, "\2ab"s, "\1a"s, "\1a\0x"s, "\300\14"s, "\100"s + kLabel64 + "\0"s}) {
    CHECK(!Name::from_wire(wire).ok());
  }
}

// RFC 4034 section 6.1 gives this order as its example, in other words.
TEST_CASE("name: canonical order") {
  const std::vector<Name> ordered = {
      Name(),
      Name::of("example"),
      Name::of("a.example"),
      Name::of("yljkjljk.a.example"),
      Name::of("z.a.example"),
      Name::of("zabc.a.example"),
      Name::of("z.example"),
      Name::of("\\001.z.example"),
      Name::of("*.z.example"),
      Name::of("\\200.z.example"),
  };
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      CHECK((ordered[i] < ordered[j]) == (i < j));
      CHECK((ordered[i] == ordered[j]) == (i == j));
    }
  }
}

TEST_CASE("name: properties") {
  property("text reads back", [](const Name& name) {
    RC_ASSERT(*Name::parse(name.text(), Name::of("unused.example")) == name);
  });
  property("relative text reads back", [](const Name& name) {
    const Name origin = Name::of("example.com");
    RC_ASSERT(*Name::parse(name.text_relative_to(origin), origin) == name);
  });
  property("wire form reads back",
           [](const Name& name) { RC_ASSERT(*Name::from_wire(name.wire()) == name); });
  property("a child's parent", [](const Name& name) {
    if (!name.is_root()) RC_ASSERT(*name.parent().child(name.labels()[0]) == name);
  });
  property("the order is a strict weak one", [](const Name& a, const Name& b, const Name& c) {
    RC_ASSERT(!(a < a));
    RC_ASSERT((a < b) + (b < a) + (a == b) == 1);
    if (a < b && b < c) RC_ASSERT(a < c);
  });
  property("any text is a name or a fault inside it", [] {
    const auto text = *octets_of_size(0, 300);
    const auto name = Name::parse_absolute(text);
    if (name.ok()) {
      RC_ASSERT(*Name::parse_absolute(name->text()) == *name);
    } else {
      RC_ASSERT(name.fault().offset <= text.size());
    }
  });
}

TEST_CASE("key: text and back") {
  property("key", [](const Name& name) {
    const dns::Key key{name, *rc::gen::elementOf(all_types())};
    RC_ASSERT(*dns::Key::parse(key.text()) == key);
  });
  CHECK(dns::Key{Name::of("example.com"), dns::Type::MX}.text() == "example.com/MX");
  for (const char* text : {"example.com", "example.com/", "example.com/MX2", "a..b/MX", "/MX"}) {
    INFO(text);
    CHECK(!dns::Key::parse(text).ok());
  }
}

}  // namespace
}  // namespace mxsmith::tests
