// JSON from outside: values, limits, and a long array read piece by piece.
#include "http/json.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::http;

namespace {

const std::string kWhat = "GET /zones";

/// The text in pieces of `size` octets.
Body in_pieces(const std::string& text, std::size_t size) {
  Body body;
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += size) body.append(text.substr(at, size));
  return body;
}

rc::Gen<Json> any_json(int depth) {
  const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  auto scalar = rc::gen::oneOf(
      rc::gen::just(Json()),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Json(b); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t i) { return Json(i); }),
      rc::gen::map(text, [](std::string s) { return Json(std::move(s)); }));
  if (depth == 0) return scalar;
  const auto inner = any_json(depth - 1);
  auto array = rc::gen::map(rc::gen::container<std::vector<Json>>(inner),
                            [](std::vector<Json> all) { return Json::array(std::move(all)); });
  auto object = rc::gen::map(
      rc::gen::container<std::vector<std::pair<std::string, Json>>>(rc::gen::pair(text, inner)),
      [](Json::Members all) { return Json::object(std::move(all)); });
  return rc::gen::oneOf(scalar, array, object);
}

}  // namespace

namespace mxsmith::http {
// Rapidcheck shows what fails by this.
void showValue(const Json& json, std::ostream& out) { out << print_json(json); }
}  // namespace mxsmith::http

TEST_CASE("values of every kind") {
  const Json json = parse_json(
      R"({"a":null,"b":true,"c":-5,"d":1.5,"e":"x\u00e9\n","f":[1,[]],"g":{},"a":7})", kWhat);
  CHECK(json.members()->size() == 8);
  CHECK(*json.find("a")->integer() == 7);  // of equal names the last counts
  CHECK(*json.find("b")->boolean());
  CHECK(*json.find("c")->integer() == -5);
  CHECK(json.find("c")->number() == nullptr);
  CHECK(*json.find("d")->number() == 1.5);
  CHECK(*json.find("e")->string() == "x\xC3\xA9\n");
  CHECK(json.find("f")->elements()->size() == 2);
  CHECK(json.find("g")->members()->empty());
  CHECK(json.find("h") == nullptr);
  CHECK(json.find("b")->find("x") == nullptr);
}

TEST_CASE("printing and parsing give the value back") {
  tests::property("round trip", [] {
    const Json json = *rc::gen::resize(10, any_json(2));
    const std::string text = print_json(json);
    RC_ASSERT(parse_json(text, kWhat) == json);
    RC_ASSERT(parse_json_body(in_pieces(text, 7), kWhat) == json);
  });
}

TEST_CASE("what is no JSON is an error with its place, never half a value") {
  struct Row {
    const char* name;
    std::string text;
  };
  const std::vector<Row> rows = {
      {"nothing", ""},
      {"half an object", R"({"a":[1,2)"},
      {"something after it", "{} {}"},
      {"a page", "<html>"},
      {"ill-formed UTF-8", "\"\xC3\x28\""},
      {"a control character", "\"a\nb\""},
      {"a lone surrogate", R"("\ud800")"},
      {"a number beyond 64 bits", "[18446744073709551615]"},
      {"nested too deep", std::string(65, '[') + std::string(65, ']')},
      {"nested very deep", std::string(200000, '[')},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    try {
      parse_json(row.text, kWhat);
      FAIL("was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::protocol);
      CHECK_THAT(error.what(), tests::has_text("GET /zones"));
    }
  }
  CHECK_NOTHROW(parse_json(std::string(64, '[') + std::string(64, ']'), kWhat));
}

TEST_CASE("what another parser takes is taken, and as the same value") {
  tests::property("two parsers agree", [] {
    std::string text = print_json(*rc::gen::resize(8, any_json(2)));
    // Half of them are changed somewhere, so that many are wrong by one sign.
    const auto changes = *rc::gen::inRange(0, 3);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      const std::string sign(1, *rc::gen::elementOf(std::string("{}[]\",:\\u0e-+.1 \x01\xC3n")));
      if (*rc::gen::arbitrary<bool>()) {
        text.replace(at, 1, sign);
      } else {
        text.insert(at, sign);
      }
    }
    std::optional<Json> ours;
    try {
      ours = parse_json_body(in_pieces(text, *rc::gen::inRange<std::size_t>(1, 9)), kWhat);
    } catch (const base::Error& error) {
      // The other one takes numbers that do not fit for the nearest that does.
      if (std::string(error.what()).find("does not fit") != std::string::npos) return;
    }
    RC_ASSERT(ours.has_value() == nlohmann::json::accept(text));
    if (ours) RC_ASSERT(nlohmann::json::parse(print_json(*ours)) == nlohmann::json::parse(text));
  });
}

TEST_CASE("escapes and numbers in all their spellings") {
  const Json json = parse_json(
      "\xEF\xBB\xBF [\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\", -0, "
      "9223372036854775807, -9223372036854775808, 1.5e+2, 1E-1] ",
      kWhat);
  const auto& all = *json.elements();
  CHECK(*all[0].string() == "\b\f\n\r\t/\\\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(*all[1].integer() == 0);
  CHECK(*all[2].integer() == INT64_MAX);
  CHECK(*all[3].integer() == INT64_MIN);
  CHECK(*all[4].number() == 150.0);
  CHECK(*all[5].number() == 0.1);
  for (const char* bad : {"01",
                          "-",
                          "1.",
                          ".5",
                          "1e",
                          "1e+",
                          "+1",
                          "0x1",
                          "NaN",
                          "[1,]",
                          "{\"a\":1,}",
                          "{,}",
                          "{\"a\"}",
                          "{a:1}",
                          "'a'",
                          "\"\\x\"",
                          "\"\\u12g4\"",
                          "\"\\udc00\"",
                          "\"\\ud800\\u0041\"",
                          "tru",
                          "nulll",
                          "[1 2]",
                          "[",
                          "{\"a\":",
                          "\"abc"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_json(bad, kWhat), base::Error);
  }
}

TEST_CASE("text that is not UTF-8 is not sent") {
  CHECK_THROWS_AS(print_json(Json("\xFF")), base::Error);
  CHECK(print_json(Json("a\"\\\n")) == R"("a\"\\\n")");
}

TEST_CASE("a long array is handed over element by element, in pieces of any size") {
  const std::string text =
      R"({"name":"x","rrsets":[{"a":[1,{"rrsets":[5]}]},"two",3,[]],"serial":9,"more":[1]})";
  for (const std::size_t size : {1U, 2U, 3U, 10U, 1000U}) {
    std::vector<Json> elements;
    const Json rest = parse_json_elements(
        in_pieces(text, size), "rrsets", [&](Json&& one) { elements.push_back(std::move(one)); },
        kWhat);
    REQUIRE(elements.size() == 4);
    CHECK(print_json(elements[0]) == R"({"a":[1,{"rrsets":[5]}]})");
    CHECK(*elements[1].string() == "two");
    CHECK(*elements[2].integer() == 3);
    CHECK(elements[3].elements()->empty());
    CHECK(print_json(rest) == R"({"name":"x","rrsets":[],"serial":9,"more":[1]})");
  }
}

TEST_CASE("a long array that is missing, cut off or no array is an error") {
  for (const char* text : {"{}", R"({"rrsets":{}})", R"({"rrsets":5})", R"([{"rrsets":[]}])", "[]",
                           R"({"a":{"rrsets":[1]}})", R"({"rrsets":[1,2)", R"({"rrsets":[1]} x)"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_json_elements(
                        Body(text), "rrsets", [](Json&&) {}, kWhat),
                    base::Error);
  }
}
