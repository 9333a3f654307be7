#include "providers/gcloud/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::providers::gcloud {

namespace {

namespace fs = std::filesystem;
using base::Account;
using provider::refuse_setting;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string first_variable(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  return {};
}

/// Why the text is no address of an API, or an empty text.
std::string fault_of(const std::string& url) {
  const std::string lower = base::to_lower(url);
  if (!lower.starts_with("https://") && !lower.starts_with("http://")) {
    return "it begins with neither https:// nor http://";
  }
  const std::string rest = url.substr(url.find("://") + 3);
  if (rest.empty() || rest.front() == '/') return "it names no host";
  const bool graphic =
      std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!graphic || rest.find_first_of("@?#") != std::string::npos) {
    return "it holds more than host and path";
  }
  return {};
}

std::string api_of(const Account& account) {
  const std::string* url = provider::text_setting(account, "url");
  std::string api = url == nullptr ? "https://dns.googleapis.com" : *url;
  const std::string fault = fault_of(api);
  if (!fault.empty()) {
    refuse_setting(account.settings.at("url").pos, "`url` is no address of an API: " + fault);
  }
  constexpr std::string_view kPath = "/dns/v1";
  while (api.ends_with('/')) api.pop_back();
  if (!api.ends_with(kPath)) api += kPath;
  return api;
}

/// Ids and numbers of projects; also the older ones of a domain, "example.com:project".
bool is_project(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
  });
}

std::string project_of(const Account& account) {
  const std::string* set = provider::text_setting(account, "project");
  std::string project =
      set != nullptr
          ? *set
          : first_variable({"GOOGLE_CLOUD_PROJECT", "GCE_PROJECT", "CLOUDSDK_CORE_PROJECT"});
  if (is_project(project)) return project;
  refuse_setting(set == nullptr ? base::SourcePos() : account.settings.at("project").pos,
                 "`" + project +
                     "` is not the id of a project: those have small letters, digits "
                     "and hyphens");
}

/// What `gcloud auth application-default login` leaves behind.
fs::path well_known_file() {
  const std::string config = variable("CLOUDSDK_CONFIG");
  const fs::path folder =
      config.empty() ? fs::path(variable("HOME")) / ".config" / "gcloud" : fs::path(config);
  return folder / "application_default_credentials.json";
}

std::optional<base::SecretSource> credentials_of(const Account& account) {
  const auto found = account.settings.find("credentials");
  if (found != account.settings.end()) {
    const auto* source = std::get_if<base::SecretSource>(&found->second.value);
    if (source != nullptr) return *source;
    refuse_setting(found->second.pos,
                   R"(`credentials` takes {file = "..."}, {env = "..."} or {command = ["..."]}, )"
                   "never the key itself");
  }
  const std::string path =
      first_variable({"GOOGLE_APPLICATION_CREDENTIALS", "GCE_SERVICE_ACCOUNT_FILE"});
  if (!path.empty()) return base::SecretFromFile{path};
  std::error_code unreadable;
  const fs::path known = well_known_file();
  if (fs::exists(known, unreadable)) return base::SecretFromFile{known};
  return std::nullopt;
}

std::string visibility_of(const Account& account) {
  const std::string* set = provider::text_setting(account, "visibility");
  if (set == nullptr) return {};
  if (*set != "public" && *set != "private") {
    refuse_setting(account.settings.at("visibility").pos,
                   "`visibility` is \"public\" or \"private\"");
  }
  return *set;
}

}  // namespace

Settings parse_settings(const Account& account) {
  provider::refuse_unknown_settings(
      account,
      std::array<std::string, 5>{"project", "credentials", "visibility", "url", "ca_file"});
  Settings settings;
  settings.api = api_of(account);
  settings.project = project_of(account);
  settings.credentials = credentials_of(account);
  settings.visibility = visibility_of(account);
  if (const std::string* file = provider::text_setting(account, "ca_file")) {
    settings.ca_file = (account.directory / *file).string();
  }
  return settings;
}

}  // namespace mxsmith::providers::gcloud
