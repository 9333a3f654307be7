// Base64 in both directions.
#include "base/base64.hpp"

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;

TEST_CASE("every length of the last group") {
  struct Row {
    const char* octets;
    const char* text;
  };
  // The examples of RFC 4648 section 10, and octets that need the last letters.
  for (const Row& row :
       {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
        Row{"foob", "Zm9vYg=="}, Row{"foobar", "Zm9vYmFy"}, Row{"\xff\xfe\xfd\x01", "//79AQ=="}}) {
    CHECK(base::print_base64(row.octets) == row.text);
    CHECK(base::parse_base64(row.text) == row.octets);
  }
}

TEST_CASE("what is no base64, and unused bits") {
  for (const char* wrong : {"A", "AAA", "AA=A", "A===", "====", "AAA\n", "AA==AAAA", "AA-_"}) {
    INFO(wrong);
    CHECK_FALSE(base::parse_base64(wrong));
  }
  CHECK(base::parse_base64("bR==") == "m");
}

TEST_CASE("parsing base64 undoes printing it") {
  tests::property("any octets", [](const std::string& octets) {
    RC_ASSERT(base::parse_base64(base::print_base64(octets)) == octets);
  });
}

TEST_CASE("base64url has signs that fit into a URL, and no padding") {
  struct Row {
    const char* octets;
    const char* text;
  };
  for (const Row& row : {Row{"", ""}, Row{"f", "Zg"}, Row{"fo", "Zm8"}, Row{"foo", "Zm9v"},
                         Row{"\xff\xfe\xfd\x01", "__79AQ"}, Row{"\xfb\xef\xbe", "----"}}) {
    CHECK(base::print_base64url(row.octets) == row.text);
    CHECK(base::parse_base64url(row.text) == row.octets);
  }
  for (const char* wrong : {"A", "Zg==", "//79AQ", "++++", "AA AA", "AAAAA"}) {
    INFO(wrong);
    CHECK_FALSE(base::parse_base64url(wrong));
  }
}
