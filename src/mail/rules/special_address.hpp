// Addresses that no host on the Internet answers at (IANA's registries of special-purpose
// addresses, RFC 6890). Private to src/mail/rules.
#pragma once

#include <string_view>

#include "mail/ip_set.hpp"

namespace mxsmith::mail {

/// What the address is for, a phrase ("private, RFC 1918"), when packets for it do not cross the
/// Internet; empty for all others. Blocks for documentation count as others: people who write them
/// mean an example.
std::string_view special_use_of(const Ip& ip);

}  // namespace mxsmith::mail
