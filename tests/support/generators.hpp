// rapidcheck generators for the values of dns: names, rdata of every type, RRsets, zones.
//
//   property("...", [](const dns::Name& name) { ... });          // through rc::Arbitrary
//   const auto zone = *mxsmith::tests::zone_under(apex);          // inside a property
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dns/rrset.hpp"
#include "dns/zone.hpp"

namespace mxsmith::tests {

/// Any octet, with the troublesome ones more often than chance has it.
inline rc::Gen<char> octet() {
  return rc::gen::oneOf(rc::gen::arbitrary<char>(),
                        rc::gen::element('"', '\\', ';', '(', ')', '\t', ' ', '\n', '\0', '.', '@'),
                        rc::gen::inRange('a', static_cast<char>('z' + 1)));
}

inline rc::Gen<std::string> octets_of_size(std::size_t least, std::size_t most) {
  return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [](std::size_t size) {
    return rc::gen::container<std::string>(size, octet());
  });
}

/// Few short words, so that names meet each other.
inline rc::Gen<std::string> common_label() {
  return rc::gen::element<std::string>("www", "mail", "_dmarc", "_domainkey", "s1", "*", "mx1", "a",
                                       "b", "_443", "_tcp");
}
/// 1 to 63 octets of any value.
inline rc::Gen<std::string> label() {
  return rc::gen::oneOf(common_label(), common_label(), octets_of_size(1, 12),
                        octets_of_size(1, 63));
}

inline rc::Gen<dns::Name> name_under(const dns::Name& apex, rc::Gen<std::string> labels = label()) {
  return rc::gen::map(rc::gen::mapcat(rc::gen::inRange(0, 4),
                                      [labels](int count) {
                                        return rc::gen::container<std::vector<std::string>>(
                                            static_cast<std::size_t>(count), labels);
                                      }),
                      [apex](const std::vector<std::string>& parts) {
                        dns::Name name = apex;
                        for (const auto& part : parts) {
                          if (auto child = name.child(part); child.ok()) name = *child;
                        }
                        return name;
                      });
}

inline rc::Gen<dns::Name> any_name() {
  return rc::gen::oneOf(name_under(dns::Name()), name_under(dns::Name::of("example.com")),
                        name_under(dns::Name::of("example.net")));
}

template <class Number>
rc::Gen<Number> number() {
  return rc::gen::arbitrary<Number>();
}

inline rc::Gen<dns::Rdata> as_rdata(rc::Gen<std::string> wire, dns::Type type) {
  return rc::gen::map(std::move(wire), [type](const std::string& octets) {
    return dns::Rdata(dns::Opaque{type, octets});
  });
}

/// Rdata of one type; types without a member in dns::Rdata come as Opaque with any octets.
inline rc::Gen<dns::Rdata> rdata_of(dns::Type type) {
  using rc::gen::map;
  using rc::gen::tuple;
  using std::uint16_t;
  using std::uint32_t;
  using std::uint8_t;
  const auto of_name = [](auto make) { return map(any_name(), make); };
  switch (type) {
    case dns::Type::A:
      return map(number<std::array<uint8_t, 4>>(), [](auto v) { return dns::Rdata(dns::A{v}); });
    case dns::Type::AAAA:
      return map(rc::gen::container<std::array<uint8_t, 16>>(
                     rc::gen::oneOf(rc::gen::just<uint8_t>(0), number<uint8_t>())),
                 [](auto v) { return dns::Rdata(dns::Aaaa{v}); });
    case dns::Type::CNAME:
      return of_name([](dns::Name n) { return dns::Rdata(dns::Cname{std::move(n)}); });
    case dns::Type::NS:
      return of_name([](dns::Name n) { return dns::Rdata(dns::Ns{std::move(n)}); });
    case dns::Type::PTR:
      return of_name([](dns::Name n) { return dns::Rdata(dns::Ptr{std::move(n)}); });
    case dns::Type::MX:
      return map(tuple(number<uint16_t>(), any_name()), [](const auto& t) {
        return dns::Rdata(dns::Mx{std::get<0>(t), std::get<1>(t)});
      });
    case dns::Type::TXT:
      return map(
          rc::gen::oneOf(octets_of_size(0, 40), octets_of_size(250, 260), octets_of_size(505, 515)),
          [](std::string s) { return dns::Rdata(dns::Txt{std::move(s)}); });
    case dns::Type::SRV:
      return map(tuple(number<uint16_t>(), number<uint16_t>(), number<uint16_t>(), any_name()),
                 [](const auto& t) {
                   return dns::Rdata(
                       dns::Srv{std::get<0>(t), std::get<1>(t), std::get<2>(t), std::get<3>(t)});
                 });
    case dns::Type::TLSA:
      return map(
          tuple(number<uint8_t>(), number<uint8_t>(), number<uint8_t>(), octets_of_size(0, 64)),
          [](const auto& t) {
            return dns::Rdata(
                dns::Tlsa{std::get<0>(t), std::get<1>(t), std::get<2>(t), std::get<3>(t)});
          });
    case dns::Type::CAA:
      return map(tuple(number<uint8_t>(),
                       rc::gen::element<std::string>("issue", "issuewild", "iodef", "x9"),
                       octets_of_size(0, 300)),
                 [](const auto& t) {
                   return dns::Rdata(dns::Caa{std::get<0>(t), std::get<1>(t), std::get<2>(t)});
                 });
    case dns::Type::SOA:
      return map(tuple(any_name(), any_name(), number<std::array<uint32_t, 5>>()), [](const auto&
                                                                                          t) {
        const auto& n = std::get<2>(t);
        return dns::Rdata(dns::Soa{std::get<0>(t), std::get<1>(t), n[0], n[1], n[2], n[3], n[4]});
      });
    case dns::Type::SVCB:
    case dns::Type::HTTPS:
      return map(
          tuple(number<uint16_t>(), any_name(),
                rc::gen::element<std::string>("", std::string("\0\1\0\3\2h2", 7),
                                              std::string("\0\3\0\2\1\273", 6),
                                              std::string("\0\1\0\3\2h2\0\4\0\4\300\0\2\1", 15),
                                              std::string("\xff\0\0\3a\"\\", 7))),
          [type](const auto& t) {
            return dns::Rdata(dns::Svcb{type, std::get<0>(t), std::get<1>(t), std::get<2>(t)});
          });
    default: return as_rdata(octets_of_size(0, 40), type);
  }
}

/// Every type that code speaks of, some rare ones, and one nobody knows.
inline const std::vector<dns::Type>& all_types() {
  static const std::vector<dns::Type> types = {dns::Type::A,
                                               dns::Type::AAAA,
                                               dns::Type::CNAME,
                                               dns::Type::NS,
                                               dns::Type::PTR,
                                               dns::Type::MX,
                                               dns::Type::TXT,
                                               dns::Type::SRV,
                                               dns::Type::TLSA,
                                               dns::Type::CAA,
                                               dns::Type::SOA,
                                               dns::Type::SVCB,
                                               dns::Type::HTTPS,
                                               dns::Type::DNAME,
                                               dns::Type::DS,
                                               dns::Type::RRSIG,
                                               dns::Type::NSEC,
                                               dns::Type::DNSKEY,
                                               dns::Type{35} /* NAPTR */,
                                               dns::Type{29} /* LOC */,
                                               dns::Type{44} /* SSHFP */,
                                               dns::Type{61} /* OPENPGPKEY */,
                                               dns::Type{65280}};
  return types;
}

inline rc::Gen<dns::Rdata> any_rdata() {
  return rc::gen::mapcat(rc::gen::elementOf(all_types()), rdata_of);
}

inline rc::Gen<std::uint32_t> any_ttl() {
  return rc::gen::oneOf(rc::gen::element<std::uint32_t>(0, 60, 300, 3600, 86400, dns::kMaxTtl),
                        rc::gen::inRange<std::uint32_t>(0, dns::kMaxTtl));
}

/// A set of 1 to `most` different values; CNAME and SOA have one.
inline rc::Gen<dns::RRset> rrset_of(dns::Key key, std::size_t most = 4) {
  const bool single = key.type == dns::Type::CNAME || key.type == dns::Type::SOA;
  const auto values = rc::gen::mapcat(
      rc::gen::inRange<std::size_t>(1, single ? 2 : most + 1), [type = key.type](std::size_t n) {
        return rc::gen::container<std::vector<dns::Rdata>>(n, rdata_of(type));
      });
  return rc::gen::map(rc::gen::pair(values, any_ttl()), [key](const auto& made) {
    dns::RRset set{key.name, key.type, made.second, {}};
    for (const auto& value : made.first) set.add(value);
    return set;
  });
}

inline rc::Gen<dns::RRset> any_rrset() {
  return rc::gen::mapcat(rc::gen::pair(any_name(), rc::gen::elementOf(all_types())),
                         [](const auto& key) {
                           return rrset_of({key.first, key.second});
                         });
}

/// A legal zone: SOA and NS at the apex, no SOA elsewhere, CNAME alone at its name.
inline rc::Gen<dns::Zone> zone_under(const dns::Name& apex,
                                     rc::Gen<std::string> labels = common_label()) {
  const auto sets = rc::gen::container<std::vector<dns::RRset>>(rc::gen::mapcat(
      rc::gen::pair(name_under(apex, std::move(labels)), rc::gen::elementOf(all_types())),
      [](const auto& key) {
        return rrset_of({key.first, key.second});
      }));
  const auto base =
      rc::gen::pair(rrset_of({apex, dns::Type::SOA}), rrset_of({apex, dns::Type::NS}));
  return rc::gen::map(rc::gen::pair(base, sets), [apex](const auto& made) {
    dns::Zone zone(apex);
    zone.put(made.first.first);
    zone.put(made.first.second);
    for (const auto& set : made.second) {
      const bool alone = set.type == dns::Type::CNAME;
      if (set.type == dns::Type::SOA) continue;
      if (alone ? zone.has_name(set.name) : zone.find(set.name, dns::Type::CNAME) != nullptr) {
        continue;
      }
      zone.put(set);
    }
    return zone;
  });
}

}  // namespace mxsmith::tests

namespace rc {

template <>
struct Arbitrary<mxsmith::dns::Name> {
  static Gen<mxsmith::dns::Name> arbitrary() { return mxsmith::tests::any_name(); }
};
template <>
struct Arbitrary<mxsmith::dns::Rdata> {
  static Gen<mxsmith::dns::Rdata> arbitrary() { return mxsmith::tests::any_rdata(); }
};
template <>
struct Arbitrary<mxsmith::dns::RRset> {
  static Gen<mxsmith::dns::RRset> arbitrary() { return mxsmith::tests::any_rrset(); }
};
template <>
struct Arbitrary<mxsmith::dns::Zone> {
  static Gen<mxsmith::dns::Zone> arbitrary() {
    return mxsmith::tests::zone_under(mxsmith::dns::Name::of("example.com"));
  }
};

}  // namespace rc

namespace mxsmith::dns {

/// For rapidcheck's counterexamples and Catch2's messages.
inline std::ostream& operator<<(std::ostream& out, const Name& name) { return out << name.text(); }
inline std::ostream& operator<<(std::ostream& out, const RRset& set) {
  out << set.key().text() << " ttl " << set.ttl;
  for (const auto& value : set.values) out << "\n    " << print_rdata(value);
  return out;
}
inline std::ostream& operator<<(std::ostream& out, const Zone& zone) {
  for (const auto& set : zone.sets()) out << "\n  " << set;
  return out;
}

}  // namespace mxsmith::dns
