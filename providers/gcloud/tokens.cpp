#include "providers/gcloud/tokens.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "http/jwt.hpp"
#include "http/oauth.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Error;
using base::ErrorKind;
using http::AccessToken;
using http::Json;
using http::TokenEndpoint;

constexpr const char* kDnsScope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
/// For becoming somebody else, after which the other scope holds.
constexpr const char* kCloudScope = "https://www.googleapis.com/auth/cloud-platform";
/// The longest that is allowed.
constexpr base::Seconds kAssertionLifetime{3600};

/// What all kinds of credentials need.
struct Asking {
  http::Client& client;
  const base::Clock& clock;
  const Credentials& credentials;
  const std::string& ca_file;

  [[nodiscard]] const char* scope() const {
    return credentials.impersonation.url.empty() ? kDnsScope : kCloudScope;
  }
  [[nodiscard]] TokenEndpoint endpoint(const std::string& url, const std::string& who,
                                       const std::string& hint) const {
    return {url, who, hint, {}, ca_file};
  }

  [[nodiscard]] AccessToken operator()(const ServiceAccountKey& key) const;
  [[nodiscard]] AccessToken operator()(const AuthorizedUser& user) const;
  [[nodiscard]] AccessToken operator()(const ExternalAccount& account) const;
  [[nodiscard]] AccessToken operator()(const MetadataServer& server) const;

  [[nodiscard]] std::string subject_token(const ExternalAccount& account) const;
  [[nodiscard]] AccessToken impersonate(const AccessToken& own) const;
};

AccessToken Asking::operator()(const ServiceAccountKey& key) const {
  const auto now = clock.now().time_since_epoch().count();
  const Json claims = Json::object({{"iss", key.email},
                                    {"scope", scope()},
                                    {"aud", key.token_url},
                                    {"iat", std::int64_t{now}},
                                    {"exp", std::int64_t{now + kAssertionLifetime.count()}}});
  http::Json::Members more;
  if (!key.key_id.empty()) more.emplace_back("kid", key.key_id);
  std::string assertion;
  try {
    assertion = http::sign_jwt(claims, more, key.private_key);
  } catch (const Error& error) {
    throw error.with_context("the credential from " + credentials.where);
  }
  return http::ask_for_token(
      client,
      endpoint(key.token_url, "Google's token endpoint",
               "see whether the key from " + credentials.where +
                   " was deleted or its account disabled, and whether this machine's clock is "
                   "right"),
      http::jwt_bearer_grant(assertion));
}

AccessToken Asking::operator()(const AuthorizedUser& user) const {
  return http::ask_for_token(
      client,
      endpoint(user.token_url, "Google's token endpoint",
               "log in again: gcloud auth application-default login"),
      http::refresh_token_grant({user.client_id, user.client_secret.reveal(), {}},
                                user.refresh_token.reveal()));
}

/// The whole of a text, or a member of the JSON that it is.
std::string token_in(std::string text, const ExternalAccount& account, const std::string& where) {
  if (!account.field.empty()) {
    const Json json = http::parse_json(text, where);
    const Json* value = json.find(account.field);
    text = value != nullptr && value->string() != nullptr ? *value->string() : std::string();
  }
  text = base::trim(text);
  if (text.empty()) throw Error(ErrorKind::auth, where + " holds no token");
  return text;
}

std::string Asking::subject_token(const ExternalAccount& account) const {
  if (!account.file.empty()) {
    const base::Secret text = base::resolve_secret(base::SecretFromFile{account.file});
    return token_in(text.reveal(), account, account.file);
  }
  http::Request request{http::Method::get, http::Intent::auth, account.url, {}, {}, ca_file};
  for (const auto& [name, value] : account.headers) request.headers.set(name, value);
  const TokenEndpoint there =
      endpoint(account.url.substr(0, account.url.find('?')), "the source of the workload's token",
               "see whether this job may ask for a token at all (GitHub: id-token: write)");
  const http::Response response = client.send(request);
  http::check_token_answer(response, there, client.secrets());
  return token_in(response.body.text(), account, there.who);
}

/// RFC 7617; for pools of workforces whose client has a secret.
std::string basic(const ExternalAccount& account) {
  return "Basic " + base::print_base64(http::percent_encode(account.client_id) + ":" +
                                       http::percent_encode(account.client_secret.reveal()));
}

AccessToken Asking::operator()(const ExternalAccount& account) const {
  http::TokenExchange exchange{
      account.audience, scope(), subject_token(account), account.subject_token_type, {}};
  TokenEndpoint sts = endpoint(
      account.token_url, "Google's Security Token Service",
      "see whether the workload identity pool trusts whoever made the token, and this subject");
  if (!account.client_id.empty()) {
    sts.headers.set("Authorization", basic(account));
  } else if (!account.user_project.empty()) {
    exchange.more.emplace_back(
        "options", http::print_json(Json::object({{"userProject", account.user_project}})));
  }
  return http::ask_for_token(client, sts, http::token_exchange_grant(exchange));
}

AccessToken Asking::operator()(const MetadataServer& server) const {
  const http::Request request{http::Method::get,
                              http::Intent::auth,
                              server.url + "/instance/service-accounts/default/token?scopes=" +
                                  http::percent_encode(scope()),
                              {{"Metadata-Flavor", "Google"}},
                              {},
                              {}};
  return http::ask_for_token(
      client,
      endpoint(server.url, "the metadata server",
               "give the machine a service account, with the scope cloud-platform"),
      request);
}

/// RFC 3339, most often with fractions of a second; what cannot be read counts as soon.
base::Seconds lifetime_until(const Json* time, base::Instant now) {
  constexpr base::Seconds kSoon{300};
  if (time == nullptr || time->string() == nullptr) return kSoon;
  std::string text = *time->string();
  if (const auto dot = text.find('.'); dot != text.npos) text = text.substr(0, dot) + "Z";
  const auto when = base::parse_instant(text);
  return when ? std::max(*when - now, base::Seconds(0)) : kSoon;
}

AccessToken Asking::impersonate(const AccessToken& own) const {
  const TokenEndpoint there =
      endpoint(credentials.impersonation.url, "Google's IAM Credentials API",
               "grant roles/iam.serviceAccountTokenCreator, or roles/iam.workloadIdentityUser, on "
               "that account");
  const Impersonation& wanted = credentials.impersonation;
  Json body = Json::object({{"scope", Json::array({kDnsScope})},
                            {"lifetime", std::to_string(wanted.lifetime.count()) + "s"}});
  if (!wanted.delegates.empty()) {
    Json delegates = Json::array();
    for (const auto& delegate : wanted.delegates) delegates.push(delegate);
    body.add("delegates", std::move(delegates));
  }
  const http::Request request{http::Method::post,
                              http::Intent::auth,
                              there.url,
                              {{"Authorization", "Bearer " + own.token},
                               {"Content-Type", "application/json"},
                               {"Accept", "application/json"}},
                              http::print_json(body),
                              ca_file};
  const http::Response response = client.send(request);
  http::check_token_answer(response, there, client.secrets());
  const Json answer = http::parse_json_body(response.body, there.who);
  const Json* token = answer.find("accessToken");
  AccessToken became;
  if (token != nullptr && token->string() != nullptr) became.token = *token->string();
  http::check_token(became.token, there, client.secrets());
  became.lifetime = lifetime_until(answer.find("expireTime"), clock.now());
  return became;
}

}  // namespace

AccessToken fetch_token(http::Client& client, const base::Clock& clock,
                        const Credentials& credentials, const std::string& ca_file) {
  const Asking asking{client, clock, credentials, ca_file};
  AccessToken token = std::visit(asking, credentials.source);
  return credentials.impersonation.url.empty() ? token : asking.impersonate(token);
}

std::string machines_project(http::Client& client, const MetadataServer& server) {
  const http::Request request{http::Method::get,
                              http::Intent::auth,
                              server.url + "/project/project-id",
                              {{"Metadata-Flavor", "Google"}},
                              {},
                              {}};
  const http::Response response = client.send(request);
  const std::string* flavor = response.headers.find("Metadata-Flavor");
  if (response.status == 200 && flavor != nullptr && *flavor == "Google") {
    return std::string(base::trim(response.body.text()));
  }
  throw Error(ErrorKind::auth,
              "what answers at " + server.url + " is no metadata server of Google");
}

}  // namespace mxsmith::providers::gcloud
