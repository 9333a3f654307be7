#include "providers/digitalocean/settings.hpp"

#include <array>
#include <cstdlib>

#include "provider/account_settings.hpp"
#include "provider/api_url.hpp"

namespace mxsmith::providers::digitalocean {

namespace {

/// The variables of DigitalOcean's own tools and of others that speak its API, the first that is
/// set; the usual one where none is.
base::SecretSource token_of_environment() {
  for (const char* name : {"DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DO_AUTH_TOKEN"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return base::SecretFromEnv{name};
  }
  return base::SecretFromEnv{"DIGITALOCEAN_TOKEN"};
}

base::SecretSource token_of(const base::Account& account) {
  const auto found = account.settings.find("token");
  if (found == account.settings.end()) return token_of_environment();
  const auto* source = std::get_if<base::SecretSource>(&found->second.value);
  if (source != nullptr) return *source;
  provider::refuse_setting(
      found->second.pos,
      R"(`token` takes {env = "..."}, {file = "..."} or {command = ["..."]}, never the token itself)");
}

}  // namespace

Settings parse_settings(const base::Account& account) {
  provider::refuse_unknown_settings(account, std::array<std::string, 2>{"token", "url"});
  Settings settings;
  settings.api = provider::api_url(account, "DO_API_URL", "https://api.digitalocean.com");
  // Some write the address with the version.
  if (settings.api.ends_with("/v2")) settings.api.resize(settings.api.size() - 3);
  settings.token = token_of(account);
  return settings;
}

}  // namespace mxsmith::providers::digitalocean
