// Settings of a Cloudflare account: a token, or the older global key with its mail address.
#pragma once

#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/settings.hpp"

namespace mxsmith::providers::cloudflare {

struct Settings {
  std::string api;         ///< "https://api.cloudflare.com/client/v4", no final slash.
  std::string account_id;  ///< Which account's zones are meant; empty: all that are visible.
  std::string email;       ///< Of the user whose global key it is; empty: `secret` is a token.
  base::SecretSource secret;
};

/// What the account says, else what the environment says, tokens before keys. Throws Error{usage}
/// with the place of a setting that cannot be taken. The secret is named, not fetched.
Settings parse_settings(const base::Account& account);

}  // namespace mxsmith::providers::cloudflare
