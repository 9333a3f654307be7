#include "provider/api_url.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "provider/account_settings.hpp"

namespace mxsmith::provider {

namespace {

bool is_graphic(char c) { return c > ' ' && c < 0x7f; }

/// "localhost" of "localhost:8080", "[::1]" of "[::1]:8080".
std::string host_of(const std::string& authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

/// Why the text is no address of an API, or an empty text.
std::string fault_of(const std::string& url) {
  const auto scheme = url.find("://");
  const std::string word = base::to_lower(url.substr(0, scheme));
  if (scheme == std::string::npos || (word != "http" && word != "https")) {
    return "it begins with neither https:// nor http://";
  }
  if (!std::all_of(url.begin(), url.end(), is_graphic)) return "it has blanks or foreign signs";
  const std::string rest = url.substr(scheme + 3);
  const std::string authority = base::to_lower(rest.substr(0, rest.find('/')));
  if (authority.empty()) return "it names no host";
  if (authority.find('@') != std::string::npos) return "it holds a password, which belongs nowhere";
  if (rest.find_first_of("?#") != std::string::npos) return "it has a query";
  if (word == "http" && !is_this_machine(host_of(authority))) {
    return "the credential must not go over plain http to another machine";
  }
  return {};
}

std::string canonical(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const std::size_t host = url.find("://") + 3;
  const std::size_t end = std::min(url.find('/', host), url.size());
  return base::to_lower(url.substr(0, end)) + url.substr(end);
}

}  // namespace

std::string api_url(const base::Account& account, const char* variable, const std::string& usual) {
  const std::string* set = text_setting(account, "url");
  const char* from_environment = std::getenv(variable);
  std::string url = usual;
  if (set != nullptr) {
    url = *set;
  } else if (from_environment != nullptr && *from_environment != '\0') {
    url = from_environment;
  }
  const std::string fault = fault_of(url);
  if (fault.empty()) return canonical(url);
  refuse_setting(
      set != nullptr ? account.settings.at("url").pos : base::SourcePos(),
      std::string(set != nullptr ? "`url`" : variable) + " is no address of an API: " + fault);
}

}  // namespace mxsmith::provider
