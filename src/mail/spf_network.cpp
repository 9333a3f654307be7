#include "mail/spf_network.hpp"

namespace mxsmith::mail {

bool network_contains(const SpfTerm& outer, const SpfTerm& inner) {
  const bool networks = outer.kind == SpfKind::ip4 || outer.kind == SpfKind::ip6;
  return networks && outer.kind == inner.kind && outer.network.prefix <= inner.network.prefix &&
         outer.network.first() <= inner.network.first() &&
         inner.network.last() <= outer.network.last();
}

}  // namespace mxsmith::mail
