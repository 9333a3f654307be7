// The one merge rule, for `extends`, [[for]] and stages alike.
//
//   tables             by key
//   scalars, lists     replace
//   mail.mx            replaces whole
//   record             by (name, type), the matching ones merged by key
//   mail.verification  by (type, name, value), the matching ones merged by key
//   stage              by name, the matching ones replaced whole; others join
//   allow, absent, ignore, for   append
//   one slot           zone|zones, provider|providers, values|values_hex and the four ways to give
//                      a DKIM key stand for one thing: either replaces the other
//   unset              paths taken from the layers below, before anything is laid over
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"

namespace mxsmith::spec {

/// Lays `upper` over `lower`; both are tables shaped like a spec. Rules: spec-unset.
void lay_over(Node& lower, const Node& upper, base::Diagnostics& diagnostics);

/// The keys of a path, "mail.dkim.\"s1.eu\".ttl"; nothing when a quote is open or a key is empty.
std::optional<std::vector<std::string>> split_path(std::string_view path);

}  // namespace mxsmith::spec
