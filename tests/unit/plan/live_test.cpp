#include "plan/live.hpp"

#include "base/error.hpp"
#include "plan/name_labels.hpp"
#include "support/catch.hpp"
#include "support/plan_builders.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;

TEST_CASE("a live zone finds sets by name and type") {
  const auto live = live_of({"@ 60 MX 10 a.", "@ 60 TXT \"t\"", "www 60 A 192.0.2.1"});
  REQUIRE(live.find(example_com(), dns::Type::MX) != nullptr);
  CHECK(live.find(example_com(), dns::Type::A) == nullptr);
  CHECK(live.find({under("WWW"), dns::Type::A}) != nullptr);
  CHECK(live.at(example_com()).size() == 2);
  CHECK(live.at(under("ftp")).empty());
  CHECK(live.apex() == example_com());
}

TEST_CASE("a set that is read twice is the provider's mistake") {
  auto live = live_of({"@ 60 MX 10 a."});
  try {
    live.add({{example_com(), dns::Type::MX, 60, {rdata(dns::Type::MX, "20 b.")}}, nullptr});
    FAIL("the second one was taken");
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::protocol);
    CHECK(error.key() == "example.com/MX");
  }
}

TEST_CASE("which types a provider stores") {
  plan::Traits traits;
  CHECK(traits.stores(dns::Type::TLSA));
  traits.types = {dns::Type::MX};
  CHECK(traits.stores(dns::Type::MX));
  CHECK_FALSE(traits.stores(dns::Type::TLSA));
}

TEST_CASE("labels in front of an apex") {
  using plan::labels_before;
  CHECK(labels_before(under("www"), example_com()) == "\3www");
  CHECK(labels_before(example_com(), example_com()) == "");
  CHECK_FALSE(labels_before(dns::Name::of("example.org"), example_com()).has_value());
  CHECK_FALSE(labels_before(dns::Name::of("badexample.com"), example_com()).has_value());
  // The apex's octets inside a label are not the apex.
  const auto label = std::string("x\7example\3com", 13);
  const auto inside = dns::Name().child(label);
  REQUIRE(inside.ok());
  CHECK_FALSE(labels_before(*inside, example_com()).has_value());
}
