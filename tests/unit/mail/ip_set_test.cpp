// Sets of addresses: union, difference and the fewest prefixes.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mail/ip_set.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith::mail;

namespace {

IpNetwork v4(std::uint32_t address, unsigned prefix) {
  return {IpFamily::v4, {0, address}, prefix};
}

/// Few addresses near one another, so that blocks meet.
std::vector<IpNetwork> blocks() {
  const auto raw = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
      rc::gen::pair(rc::gen::inRange(0U, 64U), rc::gen::inRange(24U, 33U)));
  std::vector<IpNetwork> result;
  result.reserve(raw.size());
  for (const auto& [low, prefix] : raw) result.push_back(v4(0xc0000200U + low, prefix));
  return result;
}

IpSet set_of(const std::vector<IpNetwork>& networks) {
  IpSet set;
  for (const auto& network : networks) set.add(network);
  return set;
}

}  // namespace

TEST_CASE("blocks are merged to the fewest prefixes") {
  IpSet set;
  set.add(v4(0xc0000280, 25));
  set.add(v4(0xc0000200, 25));
  set.add(v4(0xc0000301, 32));
  set.add({IpFamily::v6, {0x20010db8'00000000, 7}, 32});
  CHECK(set.texts() == std::vector<std::string>{"192.0.2.0/24", "192.0.3.1", "2001:db8::/32"});
  CHECK(set.count(IpFamily::v4) == 257);
  IpSet rest = IpSet::everything();
  rest.remove(set);
  rest.add(set);
  CHECK(rest == IpSet::everything());
  CHECK(rest.texts() == std::vector<std::string>{"0.0.0.0/0", "::/0"});
}

TEST_CASE("sets of addresses are sets") {
  mxsmith::tests::property("union and difference, address by address", [] {
    const auto a = blocks();
    const auto b = blocks();
    IpSet both = set_of(a);
    both.add(set_of(b));
    IpSet only = set_of(a);
    only.remove(set_of(b));
    const auto in = [](const std::vector<IpNetwork>& all, const Ip& ip) {
      return std::any_of(all.begin(), all.end(),
                         [&](const IpNetwork& one) { return one.contains(ip); });
    };
    for (std::uint32_t low = 0; low < 300; ++low) {
      const Ip ip{IpFamily::v4, {0, 0xc0000200U + low}};
      RC_ASSERT(both.contains(ip) == (in(a, ip) || in(b, ip)));
      RC_ASSERT(only.contains(ip) == (in(a, ip) && !in(b, ip)));
    }
    RC_ASSERT(set_of(both.networks()) == both);
  });
}
