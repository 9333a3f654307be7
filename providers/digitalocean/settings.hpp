// Settings of a DigitalOcean account: the token, and where the API is.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"

namespace mxsmith::providers::digitalocean {

struct Settings {
  std::string api;  ///< "https://api.digitalocean.com", no final slash.
  base::SecretSource token;
};

/// What the account says, else what the environment says. Throws Error{usage} with the place of a
/// setting that cannot be taken. The token is named, not fetched.
Settings parse_settings(const base::Account& account);

}  // namespace mxsmith::providers::digitalocean
