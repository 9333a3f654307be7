#include "http/sigv4.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "http/retry.hpp"

namespace mxsmith::http {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// Credentials are not used in the last minutes of their life.
constexpr base::Seconds kMargin{300};

/// AWS bears clocks that differ by up to five minutes; a smaller difference is no reason for a
/// refusal.
constexpr base::Seconds kBearable{240};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string percent_decode(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        octets += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    octets += text[i];
  }
  return octets;
}

/// Dot segments and empty ones are taken out, and what is sent is encoded once more.
std::string canonical_path(std::string_view path) {
  std::vector<std::string> kept;
  bool directory = true;  // the path ends with a slash
  for (const std::string& segment : base::split(path, '/')) {
    directory = segment.empty() || segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!directory) kept.push_back(percent_encode(segment));
  }
  std::string canonical;
  for (const std::string& segment : kept) canonical += "/" + segment;
  return directory ? canonical + "/" : canonical;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string& part : base::split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value =
        equals == part.size() ? std::string_view() : std::string_view(part).substr(equals + 1);
    parameters.emplace_back(percent_encode(percent_decode(part.substr(0, equals))),
                            percent_encode(percent_decode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string canonical;
  for (const auto& [name, value] : parameters) {
    canonical.append(canonical.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return canonical;
}

/// Without blanks around it, and one blank for several.
std::string squeezed(std::string_view value) {
  std::string text;
  for (const char c : base::trim(value)) {
    if (c != ' ' || text.back() != ' ') text += c;
  }
  return text;
}

/// By lower-case name; fields of one name are joined in their order.
std::map<std::string, std::string> canonical_headers(const SigV4Request& request) {
  std::map<std::string, std::string> canonical;
  for (const auto& [name, value] : request.headers) {
    const auto [at, added] = canonical.try_emplace(base::to_lower(name), squeezed(value));
    if (!added) at->second += "," + squeezed(value);
  }
  return canonical;
}

std::string date_of(base::Instant when) { return sigv4_time(when).substr(0, 8); }

std::string signing_key(const std::string& secret, const std::string& date,
                        const SigV4Scope& scope) {
  std::string key = base::hmac_sha256("AWS4" + secret, date);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service),
        std::string_view("aws4_request")}) {
    key = base::hmac_sha256(key, part);
  }
  return key;
}

/// Host and port, and what is asked for there.
std::pair<std::string, std::string> parts_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
  std::string target = url.substr(path);
  if (target.empty() || target.front() == '?') target.insert(0, "/");
  std::string authority = base::to_lower(url.substr(host, path - host));
  // Ports that go without saying are not sent.
  const std::string port = url.starts_with("https:") ? ":443" : ":80";
  if (authority.ends_with(port)) authority.resize(authority.size() - port.size());
  return {authority, target};
}

}  // namespace

std::string sigv4_time(base::Instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

SigV4Signature sign_sigv4(const SigV4Request& request, const AwsCredentials& credentials,
                          const SigV4Scope& scope, base::Instant when) {
  const std::size_t query = std::min(request.target.find('?'), request.target.size());
  std::string fields;
  std::string names;
  for (const auto& [name, value] : canonical_headers(request)) {
    fields.append(name).append(":").append(value).append("\n");
    names.append(names.empty() ? "" : ";").append(name);
  }
  const std::string_view asked =
      query < request.target.size() ? request.target.substr(query + 1) : std::string_view();
  SigV4Signature made;
  made.canonical_request =
      std::string(request.method) + "\n" + canonical_path(request.target.substr(0, query)) + "\n" +
      canonical_query(asked) + "\n" + fields + "\n" + names + "\n" + base::sha256_hex(request.body);
  const std::string date = date_of(when);
  const std::string reach = date + "/" + scope.region + "/" + scope.service + "/aws4_request";
  made.string_to_sign = std::string(kAlgorithm) + "\n" + sigv4_time(when) + "\n" + reach + "\n" +
                        base::sha256_hex(made.canonical_request);
  const std::string key = signing_key(credentials.secret_access_key, date, scope);
  made.authorization = std::string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" +
                       reach + ", SignedHeaders=" + names +
                       ", Signature=" + base::hex(base::hmac_sha256(key, made.string_to_sign));
  return made;
}

SigV4Authorizer::SigV4Authorizer(const base::Clock& clock, Secrets& secrets, SigV4Scope scope,
                                 std::function<AwsCredentials()> fetch)
    : clock_(clock), secrets_(secrets), scope_(std::move(scope)), fetch_(std::move(fetch)) {}

void SigV4Authorizer::authorize(Request& request) {
  // Whoever comes while credentials are fetched waits for them.
  const std::lock_guard hold(mutex_);
  const bool ends =
      credentials_ && credentials_->expire && now() + kMargin >= *credentials_->expire;
  if (!credentials_ || ends) {
    credentials_ = fetch_();
    secrets_.add(credentials_->secret_access_key);
    secrets_.add(credentials_->session_token);
  }
  const auto [host, target] = parts_of(request.url);
  const base::Instant when = now();
  request.headers.set("Host", host);
  request.headers.set("X-Amz-Date", sigv4_time(when));
  if (!credentials_->session_token.empty()) {
    request.headers.set("X-Amz-Security-Token", credentials_->session_token);
  }
  SigV4Request signed_part{method_name(request.method), target, {}, request.body};
  for (const char* name : {"Host", "X-Amz-Date", "X-Amz-Security-Token", "Content-Type"}) {
    const std::string* value = request.headers.find(name);
    if (value != nullptr) signed_part.headers.emplace_back(name, *value);
  }
  request.headers.set("Authorization",
                      sign_sigv4(signed_part, *credentials_, scope_, when).authorization);
}

bool SigV4Authorizer::correct_clock(const Response& refusal) {
  const std::string* date = refusal.headers.find("Date");
  const auto theirs = date == nullptr ? std::nullopt : parse_http_date(*date);
  if (!theirs) return false;
  const std::lock_guard hold(mutex_);
  const base::Seconds away = *theirs - now();
  if (away < kBearable && away > -kBearable) return false;
  skew_ += away;
  return true;
}

bool SigV4Authorizer::drop_expired() {
  const std::lock_guard hold(mutex_);
  if (!credentials_ || !credentials_->expire) return false;
  credentials_.reset();
  return true;
}

}  // namespace mxsmith::http
