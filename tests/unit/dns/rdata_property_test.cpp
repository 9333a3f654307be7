#include "dns/rdata.hpp"

#include <algorithm>

#include "support/generators.hpp"
#include "support/property.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

TEST_CASE("rdata: parsing undoes printing, for every type") {
  for (const auto type : all_types()) {
    property(type_name(type), [type] {
      const auto value = *rdata_of(type);
      const auto text = print_rdata(value);
      RC_ASSERT(
          std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
      const auto back = parse_rdata(type, text, Name::of("unused.example"));
      RC_LOG() << text << "\n" << (back.ok() ? "" : back.fault().message);
      RC_ASSERT(back.ok());
      RC_ASSERT(*back == value);
    });
  }
}

TEST_CASE("rdata: from_wire undoes to_wire, for every type") {
  for (const auto type : all_types()) {
    property(type_name(type), [type] {
      const auto value = *rdata_of(type);
      const auto back = from_wire(type, to_wire(value));
      RC_ASSERT(back.ok());
      RC_ASSERT(*back == value);
      RC_ASSERT(type_of(value) == type);
    });
  }
}

TEST_CASE("rdata: any octets from the wire are a value that reads back, or a fault") {
  for (const auto type : all_types()) {
    property(type_name(type), [type] {
      const auto wire = *octets_of_size(0, 60);
      const auto value = from_wire(type, wire);
      if (!value.ok()) return;
      const auto back = parse_rdata(type, print_rdata(*value), Name());
      RC_ASSERT(back.ok());
      RC_ASSERT(*back == *value);
    });
  }
}

TEST_CASE("rdata: any text is a value or a fault inside the text") {
  for (const auto type : all_types()) {
    property(type_name(type), [type] {
      const auto text = *octets_of_size(0, 60);
      const auto value = parse_rdata(type, text, Name());
      if (!value.ok()) {
        RC_ASSERT(value.fault().offset <= text.size());
        RC_ASSERT(!value.fault().message.empty());
      }
    });
  }
}

}  // namespace
}  // namespace mxsmith::tests
