#include "mail/rules/special_address.hpp"

#include <algorithm>
#include <array>

namespace mxsmith::mail {

namespace {

struct Block {
  IpFamily family;
  Bits128 bits;
  unsigned prefix;
  std::string_view use;
};

constexpr Bits128 v4(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  return {0, a << 24 | b << 16 | c << 8};
}

constexpr std::array kBlocks = {
    Block{IpFamily::v4, v4(0), 8, "\"this network\", RFC 791"},
    Block{IpFamily::v4, v4(10), 8, "private, RFC 1918"},
    Block{IpFamily::v4, v4(100, 64), 10, "behind a provider's NAT, RFC 6598"},
    Block{IpFamily::v4, v4(127), 8, "the host itself, RFC 1122"},
    Block{IpFamily::v4, v4(169, 254), 16, "link-local, RFC 3927"},
    Block{IpFamily::v4, v4(172, 16), 12, "private, RFC 1918"},
    Block{IpFamily::v4, v4(192, 0, 0), 24, "for protocols, RFC 6890"},
    Block{IpFamily::v4, v4(192, 168), 16, "private, RFC 1918"},
    Block{IpFamily::v4, v4(198, 18), 15, "for measurements, RFC 2544"},
    Block{IpFamily::v4, v4(224), 4, "multicast, RFC 5771"},
    Block{IpFamily::v4, v4(240), 4, "reserved, RFC 1112"},
    Block{IpFamily::v6, {0, 0}, 128, "the unspecified address, RFC 4291"},
    Block{IpFamily::v6, {0, 1}, 128, "the host itself, RFC 4291"},
    Block{IpFamily::v6, {0x0100000000000000, 0}, 64, "a black hole, RFC 6666"},
    Block{IpFamily::v6, {0xfc00000000000000, 0}, 7, "private, RFC 4193"},
    Block{IpFamily::v6, {0xfe80000000000000, 0}, 10, "link-local, RFC 4291"},
    Block{IpFamily::v6, {0xff00000000000000, 0}, 8, "multicast, RFC 4291"},
};

}  // namespace

std::string_view special_use_of(const Ip& ip) {
  const auto found = std::find_if(kBlocks.begin(), kBlocks.end(), [&](const Block& block) {
    return IpNetwork{block.family, block.bits, block.prefix}.contains(ip);
  });
  return found == kBlocks.end() ? std::string_view() : found->use;
}

}  // namespace mxsmith::mail
