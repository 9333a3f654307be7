// The name servers that the subjects for DNS UPDATE and the tests beside them share: one process of
// each for all cases of a program.
#pragma once

#include <cstdint>

namespace mxsmith::conformance {

/// Each starts its server when it is first asked for. The zone example.com is there.
std::uint16_t bind_port();
std::uint16_t knot_port();
std::uint16_t powerdns_port();

}  // namespace mxsmith::conformance
