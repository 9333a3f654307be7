#include "providers/powerdns/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::providers::powerdns {

namespace {

using base::Account;
using provider::refuse_setting;

/// The setting, else the variable; nothing when both are silent or empty.
std::optional<std::string> text_or_variable(const Account& account, const std::string& name,
                                            const char* variable) {
  if (const std::string* text = provider::text_setting(account, name)) return *text;
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

bool is_graphic(char c) { return c > ' ' && c < 0x7f; }

/// Why the text is no address of an API, or an empty text.
std::string fault_of(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string word = base::to_lower(url.substr(0, scheme));
  if (scheme == std::string::npos || (word != "http" && word != "https")) {
    return "it begins with neither http:// nor https://";
  }
  if (!std::all_of(url.begin(), url.end(), is_graphic)) return "it has blanks or foreign signs";
  const std::string rest = url.substr(scheme + 3);
  const std::string authority = rest.substr(0, rest.find('/'));
  if (authority.empty()) return "it names no host";
  if (authority.find('@') != std::string::npos) return "it holds a password, which belongs nowhere";
  if (rest.find_first_of("?#") != std::string::npos) return "it has a query";
  return {};
}

/// Scheme and host in lower case, "/api/v1" at the end, whether it was written or not.
std::string canonical(const std::string& url) {
  std::string base = url;
  while (!base.empty() && base.back() == '/') base.pop_back();
  constexpr std::string_view kPath = "/api/v1";
  if (base.size() > kPath.size() && std::string_view(base).substr(base.size() - 7) == kPath) {
    base.resize(base.size() - kPath.size());
  }
  const std::size_t host = base.find("://") + 3;
  const std::size_t end = std::min(base.find('/', host), base.size());
  return base::to_lower(base.substr(0, end)) + base.substr(end) + std::string(kPath);
}

std::string api_of(const Account& account) {
  const auto url = text_or_variable(account, "url", "PDNS_API_URL");
  if (!url) {
    refuse_setting(account.pos, "account " + account.name +
                                    " does not say where the API of PowerDNS is: set `url`, or "
                                    "PDNS_API_URL in the environment");
  }
  const std::string fault = fault_of(*url);
  if (fault.empty()) return canonical(*url);
  const auto setting = account.settings.find("url");
  const bool ours = setting != account.settings.end();
  refuse_setting(
      ours ? setting->second.pos : base::SourcePos(),
      std::string(ours ? "`url`" : "PDNS_API_URL") + " is no address of an API: " + fault);
}

base::SecretSource key_of(const Account& account) {
  const auto found = account.settings.find("api_key");
  if (found == account.settings.end()) return base::SecretFromEnv{"PDNS_API_KEY"};
  const auto* source = std::get_if<base::SecretSource>(&found->second.value);
  if (source != nullptr) return *source;
  refuse_setting(
      found->second.pos,
      R"(`api_key` takes {env = "..."}, {file = "..."} or {command = ["..."]}, never the key )"
      "itself");
}

}  // namespace

Settings parse_settings(const Account& account) {
  provider::refuse_unknown_settings(
      account, std::array<std::string, 4>{"url", "api_key", "server", "ca_file"});
  Settings settings;
  settings.api = api_of(account);
  settings.api_key = key_of(account);
  if (auto server = text_or_variable(account, "server", "PDNS_SERVER_NAME"))
    settings.server = *server;
  if (const std::string* file = provider::text_setting(account, "ca_file")) {
    settings.ca_file = (account.directory / *file).string();
  }
  return settings;
}

}  // namespace mxsmith::providers::powerdns
