#include "dns/zone.hpp"

#include <map>

#include "support/generators.hpp"
#include "support/property.hpp"

namespace mxsmith::tests {
namespace {

using namespace dns;

TEST_CASE("zone: records come into their sets") {
  Zone zone(Name::of("example.com"));
  const Name www = Name::of("www.example.com");
  CHECK(zone.add(www, Type::A, 600, A{{192, 0, 2, 1}}));
  CHECK(zone.add(www, Type::A, 300, A{{192, 0, 2, 2}}));
  CHECK(!zone.add(www, Type::A, 600, A{{192, 0, 2, 1}}));
  CHECK(zone.add(www, Type::TXT, 60, Txt{"x"}));
  CHECK(zone.size() == 2);
  CHECK(zone.record_count() == 3);
  CHECK(zone.find(www, Type::A)->ttl == 300);
  CHECK(zone.find(www, Type::MX) == nullptr);
  CHECK(zone.at(www).size() == 2);
  CHECK(zone.has_name(www));
  CHECK(!zone.has_name(Name::of("example.com")));
  zone.put({www, Type::A, 60, {}});
  CHECK(zone.find(www, Type::A) == nullptr);
  CHECK(zone.find(www, Type::TXT) != nullptr);
}

TEST_CASE("zone: any sequence of puts and erases is that of a map") {
  property("model", [] {
    Zone zone(Name::of("example.com"));
    std::map<std::string, RRset> model;
    const int steps = *rc::gen::inRange(0, 60);
    for (int i = 0; i < steps; ++i) {
      const Key key{*name_under(Name::of("example.com"), common_label()),
                    *rc::gen::element(Type::A, Type::TXT, Type::MX)};
      if (*rc::gen::inRange(0, 3) == 0) {
        zone.erase(key);
        model.erase(key.text());
      } else {
        const RRset set = *rrset_of(key);
        zone.put(set);
        model[key.text()] = set;
      }
    }
    RC_ASSERT(zone.size() == model.size());
    for (const auto& [text, set] : model) {
      const RRset* found = zone.find(set.key());
      RC_ASSERT(found != nullptr);
      RC_ASSERT(*found == set);
      RC_ASSERT(zone.has_name(set.name));
    }
  });
}

TEST_CASE("zone: equal in whatever order") {
  property("order", [](const Zone& zone) {
    Zone turned(zone.apex());
    for (std::size_t i = zone.size(); i-- > 0;) turned.put(zone.sets()[i]);
    RC_ASSERT(turned == zone);
    turned.erase(turned.sets().front().key());
    RC_ASSERT(!(turned == zone));
  });
}

}  // namespace
}  // namespace mxsmith::tests
