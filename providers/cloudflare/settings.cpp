#include "providers/cloudflare/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using base::Account;
using provider::refuse_setting;

constexpr const char* kApi = "https://api.cloudflare.com/client/v4";

/// Variables of the vendor's own and other well-known tools, in the order in which they count.
constexpr std::array<const char*, 4> kTokenVariables = {
    "CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "CLOUDFLARE_DNS_API_TOKEN", "CF_DNS_API_TOKEN"};
constexpr std::array<const char*, 2> kKeyVariables = {"CLOUDFLARE_API_KEY", "CF_API_KEY"};
constexpr std::array<const char*, 2> kEmailVariables = {"CLOUDFLARE_EMAIL", "CF_API_EMAIL"};

/// The first of the variables that is set; null: none is.
template <std::size_t count>
const char* first_set(const std::array<const char*, count>& variables) {
  for (const char* variable : variables) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return variable;
  }
  return nullptr;
}

std::string text_or_variable(const Account& account, const std::string& name,
                             const char* variable) {
  if (const std::string* text = provider::text_setting(account, name)) return *text;
  const char* value = variable == nullptr ? nullptr : std::getenv(variable);
  return value == nullptr ? "" : value;
}

/// Why the text is no address of an API, or an empty text.
std::string fault_of(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string word = base::to_lower(url.substr(0, scheme));
  if (scheme == std::string::npos || (word != "http" && word != "https")) {
    return "it begins with neither http:// nor https://";
  }
  const auto is_graphic = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(url.begin(), url.end(), is_graphic)) return "it has blanks or foreign signs";
  const std::string rest = url.substr(scheme + 3);
  if (rest.empty() || rest.front() == '/') return "it names no host";
  if (rest.find('@') != std::string::npos) return "it holds a password, which belongs nowhere";
  if (rest.find_first_of("?#") != std::string::npos) return "it has a query";
  return {};
}

std::string api_of(const Account& account) {
  std::string url = text_or_variable(account, "url", "CLOUDFLARE_BASE_URL");
  if (url.empty()) return kApi;
  const std::string fault = fault_of(url);
  if (!fault.empty()) {
    const auto setting = account.settings.find("url");
    const bool ours = setting != account.settings.end();
    refuse_setting(
        ours ? setting->second.pos : base::SourcePos(),
        std::string(ours ? "`url`" : "CLOUDFLARE_BASE_URL") + " is no address of an API: " + fault);
  }
  while (url.back() == '/') url.pop_back();
  return url;
}

/// The secret of a setting; nothing where it is not set.
std::optional<base::SecretSource> secret_setting(const Account& account, const std::string& name) {
  const auto found = account.settings.find(name);
  if (found == account.settings.end()) return std::nullopt;
  const auto* source = std::get_if<base::SecretSource>(&found->second.value);
  if (source != nullptr) return *source;
  refuse_setting(found->second.pos, "`" + name +
                                        "` takes {env = \"...\"}, {file = \"...\"} or {command = "
                                        "[\"...\"]}, never the secret itself");
}

void check_account_id(const Account& account, const std::string& id) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (std::all_of(id.begin(), id.end(), is_plain)) return;
  const auto setting = account.settings.find("account_id");
  refuse_setting(setting != account.settings.end() ? setting->second.pos : account.pos,
                 "the account id is 32 hexadecimal digits, as the dashboard shows it");
}

/// Settings count before variables, and of both a token before a key.
void choose_credential(const Account& account, Settings& settings) {
  const auto token = secret_setting(account, "token");
  const auto key = secret_setting(account, "key");
  if (token && key) {
    refuse_setting(account.settings.at("key").pos, "`token` and `key` exclude each other");
  }
  if (token) {
    settings.secret = *token;
    return;
  }
  const char* token_variable = first_set(kTokenVariables);
  const char* key_variable = first_set(kKeyVariables);
  if (!key && (token_variable != nullptr || key_variable == nullptr)) {
    settings.secret =
        base::SecretFromEnv{token_variable != nullptr ? token_variable : kTokenVariables.front()};
    return;
  }
  settings.email = text_or_variable(account, "email", first_set(kEmailVariables));
  if (settings.email.empty()) {
    refuse_setting(account.pos,
                   "the global key needs the mail address of its user: set `email`, or "
                   "CLOUDFLARE_EMAIL in the environment; better, use a token");
  }
  settings.secret = key ? *key : base::SecretSource(base::SecretFromEnv{key_variable});
}

}  // namespace

Settings parse_settings(const Account& account) {
  provider::refuse_unknown_settings(
      account, std::array<std::string, 5>{"token", "key", "email", "account_id", "url"});
  Settings settings;
  settings.api = api_of(account);
  settings.account_id = text_or_variable(account, "account_id", "CLOUDFLARE_ACCOUNT_ID");
  check_account_id(account, settings.account_id);
  choose_credential(account, settings);
  return settings;
}

}  // namespace mxsmith::providers::cloudflare
