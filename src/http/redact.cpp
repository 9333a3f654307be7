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

/// "name=value&..." with the values of secret names hidden.
std::string redacted_parameters(std::string_view text) {
  std::string shown;
  bool first = true;
  for (const auto& parameter : base::split(text, '&')) {
    const std::size_t equals = parameter.find('=');
    if (!first) shown += '&';
    first = false;
    if (equals != std::string::npos && is_secret_parameter(parameter.substr(0, equals))) {
      shown.append(parameter, 0, equals + 1).append(kHidden);
    } else {
      shown += parameter;
    }
  }
  return shown;
}

bool is_form(const Headers& headers) {
  const std::string* type = headers.find("Content-Type");
  return type != nullptr && base::to_lower(*type).starts_with("application/x-www-form-urlencoded");
}

/// Tokens in an answer are shown to observers before whoever asked could tell what they are: the
/// text of these members of JSON is hidden wherever it stands.
std::string without_tokens(std::string text) {
  for (const std::string_view name :
       {"\"access_token\"", "\"refresh_token\"", "\"id_token\"", "\"accessToken\""}) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      at = text.find_first_not_of(" \t\r\n", at + name.size());
      if (at == std::string::npos) break;
      if (text[at] != ':') continue;
      at = text.find_first_not_of(" \t\r\n", at + 1);
      if (at == std::string::npos) break;
      if (text[at] != '"') continue;
      std::size_t end = ++at;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      text.replace(at, std::min(end, text.size()) - at, kHidden);
    }
  }
  return text;
}

/// Runs of signs that tokens are made of (RFC 6750 section 2.1) and that are too long for a word.
std::string without_long_words(const std::string& text) {
  constexpr std::size_t kLongWord = 32;
  constexpr std::string_view kSigns =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(kSigns, at), text.size());
    const bool word = end - at < kLongWord;
    shown += word ? std::string_view(text).substr(at, end - at) : kHidden;
    if (end < text.size()) shown += text[end];
    at = end + 1;
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
  return secrets.hide(shown.substr(0, query + 1) + redacted_parameters(shown.substr(query + 1)));
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
  return has_any(
      name, {"auth", "token", "secret", "key", "signature", "password", "credential", "assertion"});
}

Request redacted(const Request& request, const Secrets& secrets) {
  Request shown = request;
  shown.url = redacted_url(request.url, secrets);
  shown.headers = redacted(request.headers, secrets);
  shown.body =
      secrets.hide(is_form(request.headers) ? redacted_parameters(request.body) : request.body);
  return shown;
}

Response redacted(const Response& response, const Secrets& secrets) {
  return {response.status, redacted(response.headers, secrets),
          secrets.hide(without_tokens(response.body.text()))};
}

Response redacted(const Response& response, const Request& asked, const Secrets& secrets) {
  Response shown = redacted(response, secrets);
  if (asked.intent == Intent::auth && response.status >= 200 && response.status < 300) {
    shown.body = without_long_words(shown.body.text());
  }
  return shown;
}

}  // namespace mxsmith::http
