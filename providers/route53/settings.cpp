#include "providers/route53/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Account;
using provider::refuse_setting;

constexpr std::array<Partition, 4> kPartitions = {{
    {"aws", "https://route53.amazonaws.com", "us-east-1", "amazonaws.com"},
    {"aws-cn", "https://route53.amazonaws.com.cn", "cn-northwest-1", "amazonaws.com.cn"},
    {"aws-us-gov", "https://route53.us-gov.amazonaws.com", "us-gov-west-1", "amazonaws.com"},
    {"aws-eusc", "https://route53.amazonaws.eu", "eusc-de-east-1", "amazonaws.eu"},
}};

/// The place of a setting that is there; else of the account.
const base::SourcePos& place_of(const Account& account, const std::string& name) {
  const auto found = account.settings.find(name);
  return found == account.settings.end() ? account.pos : found->second.pos;
}

std::string text_or_empty(const Account& account, const std::string& name) {
  const std::string* text = provider::text_setting(account, name);
  return text == nullptr ? std::string() : *text;
}

Partition partition_of(const Account& account) {
  const std::string* name = provider::text_setting(account, "partition");
  if (name == nullptr) return kPartitions.front();
  std::string known;
  for (const Partition& partition : kPartitions) {
    if (partition.name == *name) return partition;
    known.append(known.empty() ? "" : ", ").append(partition.name);
  }
  refuse_setting(place_of(account, "partition"), "`partition` is one of " + known);
}

std::string url_of(const Account& account, const Partition& partition) {
  const std::string* text = provider::text_setting(account, "url");
  const char* name = "`url`";
  std::optional<std::string> url;
  if (text != nullptr) url = *text;
  for (const char* variable_name : {"AWS_ENDPOINT_URL_ROUTE_53", "AWS_ENDPOINT_URL"}) {
    if (url) break;
    url = variable(variable_name);
    name = variable_name;
  }
  if (!url) return std::string(partition.endpoint);
  if (auto canonical = canonical_url(*url)) return *canonical;
  refuse_setting(
      text != nullptr ? place_of(account, "url") : base::SourcePos(),
      std::string(name) + " is no address of an API: https://HOST, without user, blanks and query");
}

Settings::Visibility visibility_of(const Account& account) {
  const std::string* word = provider::text_setting(account, "zones");
  if (word == nullptr) return Settings::Visibility::any;
  if (*word == "public") return Settings::Visibility::public_only;
  if (*word == "private") return Settings::Visibility::private_only;
  refuse_setting(place_of(account, "zones"), R"(`zones` is "public" or "private")");
}

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

std::vector<std::string> zone_ids_of(const Account& account) {
  if (account.settings.find("zone_ids") == account.settings.end()) return {};
  const auto* ids = account.get<std::vector<std::string>>("zone_ids");
  if (ids != nullptr && !ids->empty() && std::all_of(ids->begin(), ids->end(), is_id)) return *ids;
  refuse_setting(place_of(account, "zone_ids"),
                 R"(`zone_ids` is a list of ids of hosted zones, ["Z0123456789ABCDEFGHIJ"])");
}

std::optional<base::SecretSource> secret_of(const Account& account, const std::string& name) {
  const auto found = account.settings.find(name);
  if (found == account.settings.end()) return std::nullopt;
  const auto* source = std::get_if<base::SecretSource>(&found->second.value);
  if (source != nullptr) return *source;
  refuse_setting(found->second.pos,
                 "`" + name +
                     R"(` takes {env = "..."}, {file = "..."} or {command = ["..."]}, never the )"
                     "secret itself");
}

std::optional<KeySettings> keys_of(const Account& account) {
  const std::string* id = provider::text_setting(account, "access_key_id");
  const auto secret = secret_of(account, "secret_access_key");
  const auto token = secret_of(account, "session_token");
  if (id == nullptr && !secret && !token) return std::nullopt;
  if (id != nullptr && secret) return KeySettings{*id, *secret, token};
  refuse_setting(place_of(account, id != nullptr ? "access_key_id" : "secret_access_key"),
                 "`access_key_id` and `secret_access_key` belong together");
}

}  // namespace

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::optional<std::string> canonical_url(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string word = base::to_lower(url.substr(0, scheme));
  if (scheme == std::string::npos || (word != "http" && word != "https")) return std::nullopt;
  const bool graphic =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!graphic || url.find_first_of("?#@") != std::string::npos) return std::nullopt;
  std::string base = url;
  while (base.back() == '/') base.pop_back();
  if (base.size() <= scheme + 3) return std::nullopt;
  const std::size_t end = std::min(base.find('/', scheme + 3), base.size());
  return base::to_lower(base.substr(0, end)) + base.substr(end);
}

Settings parse_settings(const Account& account) {
  provider::refuse_unknown_settings(
      account, std::array<std::string, 11>{"url", "partition", "zones", "zone_ids", "profile",
                                           "access_key_id", "secret_access_key", "session_token",
                                           "role_arn", "external_id", "ca_file"});
  Settings settings;
  settings.partition = partition_of(account);
  settings.url = url_of(account, settings.partition);
  settings.visibility = visibility_of(account);
  settings.zone_ids = zone_ids_of(account);
  settings.profile = text_or_empty(account, "profile");
  settings.keys = keys_of(account);
  settings.role = {text_or_empty(account, "role_arn"), text_or_empty(account, "external_id")};
  if (settings.keys && !settings.profile.empty()) {
    refuse_setting(place_of(account, "profile"),
                   "`profile` and `access_key_id` exclude each other");
  }
  if (const std::string* file = provider::text_setting(account, "ca_file")) {
    settings.ca_file = (account.directory / *file).string();
  }
  return settings;
}

}  // namespace mxsmith::providers::route53
