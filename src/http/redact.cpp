#include "http/redact.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace mxsmith::http {

namespace {

constexpr std::size_t kShortestSecret = 4;

/// The signs that do not depend on what follows: those of whole groups of six bits.
std::string settled_base64(std::string_view octets) {
  return base::print_base64(octets).substr(0, octets.size() * 8 / 6);
}

/// As it stands within a JSON string.
std::string json_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

bool has_any(std::string_view name, std::initializer_list<std::string_view> parts) {
  const std::string lower = base::to_lower(name);
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

Headers redacted(const Headers& headers, const Secrets& secrets) {
  Headers shown;
  for (const auto& [name, value] : headers.fields()) {
    shown.add(name, is_secret_header(name) ? std::string(kHidden) : secrets.hide(value));
  }
  return shown;
}

/// User information and secret parameters of a URL.
std::string redacted_url(std::string_view url, const Secrets& secrets) {
  std::string shown(url);
  const std::size_t authority = shown.find("://");
  if (authority != std::string::npos) {
    const std::size_t begin = authority + 3;
    const std::size_t end = std::min(shown.find_first_of("/?#", begin), shown.size());
    const std::size_t at = shown.rfind('@', end);
    if (at != std::string::npos && at > begin && at < end) {
      shown.replace(begin, at - begin, kHidden);
    }
  }
  const std::size_t query = shown.find('?');
  if (query == std::string::npos) return secrets.hide(shown);
  std::string result = shown.substr(0, query);
  char before = '?';
  for (const auto& parameter : base::split(shown.substr(query + 1), '&')) {
    const std::size_t equals = parameter.find('=');
    result += before;
    before = '&';
    if (equals != std::string::npos && is_secret_parameter(parameter.substr(0, equals))) {
      result.append(parameter, 0, equals + 1).append(kHidden);
    } else {
      result += parameter;
    }
  }
  return secrets.hide(result);
}

}  // namespace

void Secrets::add(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  const std::lock_guard hold(mutex_);
  forms_.emplace(secret);
  forms_.insert(percent_encode(secret));
  forms_.insert(json_escaped(secret));
  // Of base64 there are three forms, by where the secret begins in a group of three octets; the
  // first and last signs mix with its neighbours and are left out.
  for (std::size_t skipped = 0; skipped < 3; ++skipped) {
    const std::string form = settled_base64(secret.substr(skipped));
    if (form.size() >= 8) forms_.insert(form);
  }
}

std::string Secrets::hide(std::string_view text) const {
  std::string shown(text);
  const std::lock_guard hold(mutex_);
  // Longer forms first: a form may be part of another.
  std::vector<std::string_view> longest_first(forms_.begin(), forms_.end());
  std::sort(longest_first.begin(), longest_first.end(),
            [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  for (const auto form : longest_first) replace_all(shown, form, kHidden);
  return shown;
}

bool is_secret_header(std::string_view name) {
  return has_any(name, {"auth", "cookie", "token", "secret", "key", "signature", "password"}) &&
         !base::equals_ignoring_case(name, "WWW-Authenticate");
}

bool is_secret_parameter(std::string_view name) {
  return has_any(name, {"auth", "token", "secret", "key", "signature", "password", "credential"});
}

Request redacted(const Request& request, const Secrets& secrets) {
  Request shown = request;
  shown.url = redacted_url(request.url, secrets);
  shown.headers = redacted(request.headers, secrets);
  shown.body = secrets.hide(request.body);
  return shown;
}

Response redacted(const Response& response, const Secrets& secrets) {
  return {response.status, redacted(response.headers, secrets), secrets.hide(response.body.text())};
}

}  // namespace mxsmith::http
