// Settings of a PowerDNS account: where the API is, and the key to it.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"

namespace mxsmith::providers::powerdns {

struct Settings {
  std::string api;  ///< "http://127.0.0.1:8081/api/v1", no final slash.
  std::string server = "localhost";
  std::string ca_file;  ///< Empty: the system's authorities.
  base::SecretSource api_key;
};

/// What the account says, else what the environment says. Throws Error{usage} with the place of a
/// setting that cannot be taken. The key is named, not fetched.
Settings parse_settings(const base::Account& account);

}  // namespace mxsmith::providers::powerdns
