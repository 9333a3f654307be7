#include "mail/spf_network.hpp"

#include <cstddef>

#include "mail/spf_grammar.hpp"

namespace mxsmith::mail {
namespace {

template <class Network>
bool contains(const base::Parsed<Network>& outer, const base::Parsed<Network>& inner) {
  if (!outer || !inner || outer->prefix > inner->prefix) return false;
  for (std::size_t i = 0; i < outer->address.size() && i * 8 < outer->prefix; ++i) {
    const unsigned bits = outer->prefix - static_cast<unsigned>(i * 8);
    const unsigned mask = bits >= 8 ? 0xffU : 0xff00U >> bits & 0xffU;
    if (((outer->address[i] ^ inner->address[i]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

bool network_contains(const SpfTerm& outer, const SpfTerm& inner) {
  if (outer.is_modifier || inner.is_modifier || outer.name != inner.name) return false;
  if (outer.name == "ip4") {
    return contains(parse_ip4_network(outer.argument), parse_ip4_network(inner.argument));
  }
  return outer.name == "ip6" &&
         contains(parse_ip6_network(outer.argument), parse_ip6_network(inner.argument));
}

}  // namespace mxsmith::mail
