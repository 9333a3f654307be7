// Settings of an rfc2136 account: which server, and the key to it.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "base/settings.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"
#include "resolve/tcp.hpp"
#include "resolve/tsig.hpp"

namespace mxsmith::providers::rfc2136 {

struct Settings {
  resolve::Address server;
  dns::Name key;
  resolve::TsigAlgorithm algorithm = resolve::TsigAlgorithm::hmac_sha256;
  base::SecretSource secret;
  std::vector<dns::Name> zones;  ///< Empty: not said, and DNS cannot tell.
  std::vector<dns::Type> types;  ///< Empty: every type.
};

/// What the account says, else what the environment says. Throws Error{usage} with the place of a
/// setting that cannot be taken. The secret is named, not fetched.
Settings parse_settings(const base::Account& account);

}  // namespace mxsmith::providers::rfc2136
