// The endpoints at which tokens are to be had.
#include <algorithm>
#include <stdexcept>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/key_pair.hpp"
#include "base/text.hpp"
#include "support/rsa_signature.hpp"
#include "support/simulators/gcloud.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;
using http::Response;
using Form = std::map<std::string, std::string>;

constexpr const char* kEmail = "mxsmith@shop-4711.iam.example";
constexpr const char* kKeyId = "0123456789abcdef";
constexpr const char* kClientId = "client-of-the-tool";
constexpr const char* kDnsScope = "https://www.googleapis.com/auth/ndev.clouddns.readwrite";
constexpr const char* kCloudScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr const char* kJwtType = "urn:ietf:params:oauth:token-type:jwt";

/// Made once: it takes a while.
const base::KeyPair& key_of_the_account() {
  static const base::KeyPair pair = base::make_rsa_pair(2048);
  return pair;
}
const base::KeyPair& key_of_somebody() {
  static const base::KeyPair pair = base::make_rsa_pair(2048);
  return pair;
}

Response json(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, http::print_json(body)};
}

Response refused(const std::string& error, const std::string& description, int status = 400) {
  return json(status, Json::object({{"error", error}, {"error_description", description}}));
}

std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      result += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return result;
}

Form form_of(const http::Request& request) {
  Form form;
  for (const auto& part : base::split(request.body, '&')) {
    const auto equals = part.find('=');
    if (equals != std::string::npos) {
      form[decoded(part.substr(0, equals))] = decoded(part.substr(equals + 1));
    }
  }
  return form;
}

/// A parameter that stands there once; empty: it does not.
std::string in(const Form& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

std::string key_file(const base::KeyPair& pair) {
  return http::print_json(Json::object({{"type", "service_account"},
                                        {"project_id", GcloudSimulator::kProject},
                                        {"private_key_id", kKeyId},
                                        {"private_key", pair.private_pem.reveal()},
                                        {"client_email", kEmail},
                                        {"client_id", "1234567890"},
                                        {"token_uri", GcloudSimulator::kTokens}}));
}

Json user_json() {
  return Json::object({{"type", "authorized_user"},
                       {"client_id", kClientId},
                       {"client_secret", GcloudSimulator::kClientSecret},
                       {"refresh_token", GcloudSimulator::kRefresh},
                       {"quota_project_id", GcloudSimulator::kProject},
                       {"token_uri", GcloudSimulator::kTokens}});
}

std::string impersonation_url() {
  return std::string(GcloudSimulator::kIam) + "/v1/projects/-/serviceAccounts/" + kEmail +
         ":generateAccessToken";
}

/// Header and claims of a token whose signature is right; nothing otherwise.
std::optional<std::pair<Json, Json>> verified(const std::string& token) {
  const auto parts = base::split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = base::parse_base64url(parts[0]);
  const auto claims = base::parse_base64url(parts[1]);
  const auto signature = base::parse_base64url(parts[2]);
  if (!header || !claims || !signature) return std::nullopt;
  if (!is_rsa_sha256_signature(key_of_the_account().public_pem, parts[0] + "." + parts[1],
                               *signature)) {
    return std::nullopt;
  }
  return std::pair(http::parse_json(*header, "header"), http::parse_json(*claims, "claims"));
}

bool is_text(const Json& object, const char* member, const std::string& text) {
  const Json* value = object.find(member);
  return value != nullptr && value->string() != nullptr && *value->string() == text;
}

std::int64_t number_in(const Json& object, const char* member) {
  const Json* value = object.find(member);
  return value == nullptr || value->integer() == nullptr ? -1 : *value->integer();
}

}  // namespace

std::string GcloudSimulator::private_key() { return key_of_the_account().private_pem.reveal(); }
std::string GcloudSimulator::service_account_file() { return key_file(key_of_the_account()); }
std::string GcloudSimulator::wrong_service_account_file() { return key_file(key_of_somebody()); }
std::string GcloudSimulator::authorized_user_file() { return http::print_json(user_json()); }

std::string GcloudSimulator::impersonating_user_file() {
  return http::print_json(
      Json::object({{"type", "impersonated_service_account"},
                    {"source_credentials", user_json()},
                    {"service_account_impersonation_url", impersonation_url()}}));
}

std::string GcloudSimulator::external_account_file(const std::string& source, bool impersonates) {
  Json file = Json::object({{"type", "external_account"},
                            {"audience", kAudience},
                            {"subject_token_type", kJwtType},
                            {"token_url", kSts},
                            {"credential_source", http::parse_json(source, "the source")}});
  if (impersonates) file.add("service_account_impersonation_url", impersonation_url());
  return http::print_json(file);
}

bool GcloudSimulator::is_about_tokens(const http::Request& request) const {
  return !request.url.starts_with(kApi);
}

Response GcloudSimulator::respond_with_token(const http::Request& request) {
  if (request.url.starts_with(kMetadata)) return metadata(request);
  if (request.url.starts_with(kIam)) return impersonate(request);
  if (request.url.starts_with(kIssuer)) {
    const std::string* shown = request.headers.find("Authorization");
    if (shown == nullptr || *shown != std::string("Bearer ") + kRequest) return {401, {}, {}};
    return json(200, Json::object({{"count", 1}, {"value", kSubject}}));
  }
  const std::string* type = request.headers.find("Content-Type");
  if (request.method != http::Method::post || type == nullptr ||
      *type != "application/x-www-form-urlencoded") {
    return refused("invalid_request", "Missing required parameter: grant_type");
  }
  const Form form = form_of(request);
  return request.url == kSts ? by_exchange(form) : grant(form);
}

Response GcloudSimulator::grant(const Form& form) {
  const std::string type = in(form, "grant_type");
  if (type == "urn:ietf:params:oauth:grant-type:jwt-bearer") return by_assertion(form);
  if (type != "refresh_token") {
    return refused("unsupported_grant_type", "Invalid grant_type: " + type);
  }
  if (in(form, "client_id") != kClientId || in(form, "client_secret") != kClientSecret) {
    return refused("invalid_client", "The OAuth client was not found.", 401);
  }
  if (in(form, "refresh_token") != kRefresh) {
    return refused("invalid_grant", "Token has been expired or revoked.");
  }
  return give(kCloudScope);
}

Response GcloudSimulator::by_assertion(const Form& form) {
  const auto token = verified(in(form, "assertion"));
  if (!token) return refused("invalid_grant", "Invalid JWT Signature.");
  const auto& [header, claims] = *token;
  if (!is_text(header, "alg", "RS256") || !is_text(header, "kid", kKeyId)) {
    return refused("invalid_grant", "Invalid JWT Signature.");
  }
  if (!is_text(claims, "iss", kEmail)) {
    return refused("invalid_grant", "Invalid grant: account not found");
  }
  if (!is_text(claims, "aud", kTokens)) {
    return refused("invalid_grant", "Failed audience check.");
  }
  const std::int64_t begin = number_in(claims, "iat");
  const std::int64_t end = number_in(claims, "exp");
  const std::int64_t now =
      options_.clock == nullptr ? begin : options_.clock->now().time_since_epoch().count();
  if (begin <= 0 || end <= begin || end - begin > 3600 || now < begin - 300 || now > end) {
    return refused("invalid_grant",
                   "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                   "reasonable timeframe. Check your iat and exp values in the JWT claim.");
  }
  for (const char* scope : {kDnsScope, kCloudScope}) {
    if (is_text(claims, "scope", scope)) return give(scope);
  }
  return refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
}

Response GcloudSimulator::by_exchange(const Form& form) {
  const bool described =
      in(form, "grant_type") == "urn:ietf:params:oauth:grant-type:token-exchange" &&
      in(form, "requested_token_type") == "urn:ietf:params:oauth:token-type:access_token" &&
      in(form, "subject_token_type") == kJwtType;
  if (!described) return refused("invalid_request", "Invalid value in the request.");
  if (in(form, "audience") != kAudience) {
    return refused("invalid_target",
                   "The target service indicated by the \"audience\" parameters "
                   "is invalid.");
  }
  if (in(form, "subject_token") != kSubject) {
    return refused("invalid_grant", "The ID Token issued by forge is invalid.");
  }
  if (in(form, "scope") != kDnsScope && in(form, "scope") != kCloudScope) {
    return refused("invalid_scope", "Invalid scope.");
  }
  return give(in(form, "scope"));
}

Response GcloudSimulator::impersonate(const http::Request& request) {
  const auto denied = [](const std::string& message) {
    return json(403, Json::object({{"error", Json::object({{"code", 403},
                                                           {"message", message},
                                                           {"status", "PERMISSION_DENIED"}})}}));
  };
  const Given* as = given(request);
  if (as == nullptr || as->scope != kCloudScope || request.url != impersonation_url() ||
      denied_.contains("iam.serviceAccounts.getAccessToken")) {
    return denied("Permission 'iam.serviceAccounts.getAccessToken' denied on resource");
  }
  const Json body = http::parse_json(request.body, "the body");
  const Json* scopes = body.find("scope");
  if (scopes == nullptr || scopes->elements() == nullptr || scopes->elements()->size() != 1 ||
      !is_text(body, "lifetime", "3600s")) {
    return denied("Invalid request");
  }
  const base::Instant now = options_.clock == nullptr ? base::Instant() : options_.clock->now();
  std::string until = base::print_instant(now + base::Seconds(3600));
  until.insert(until.size() - 1, ".123456789");
  return json(200, Json::object({{"accessToken", new_token(*scopes->elements()->at(0).string())},
                                 {"expireTime", until}}));
}

Response GcloudSimulator::metadata(const http::Request& request) {
  const std::string* flavor = request.headers.find("Metadata-Flavor");
  if (flavor == nullptr || *flavor != "Google") return {403, {}, "Missing Metadata-Flavor header"};
  const std::string target = request.url.substr(std::string(kMetadata).size());
  if (target == "/computeMetadata/v1/project/project-id") {
    return {200, {{"Metadata-Flavor", "Google"}, {"Content-Type", "application/text"}}, kProject};
  }
  const std::string account = "/computeMetadata/v1/instance/service-accounts/default/token?scopes=";
  if (!target.starts_with(account)) return {404, {}, "<html>"};
  Response response = give(decoded(target.substr(account.size())));
  response.headers.add("Metadata-Flavor", "Google");
  return response;
}

Response GcloudSimulator::give(const std::string& scope) {
  return json(200, Json::object({{"access_token", new_token(scope)},
                                 {"expires_in", 3599},
                                 {"token_type", "Bearer"}}));
}

std::string GcloudSimulator::new_token(const std::string& scope) {
  ++tokens_;
  const std::string token = kToken + (options_.one_token ? "" : "-" + std::to_string(tokens_));
  const base::Instant now = options_.clock == nullptr ? base::Instant() : options_.clock->now();
  given_[token] = {scope, now + base::Seconds(3599)};
  return token;
}

const GcloudSimulator::Given* GcloudSimulator::given(const http::Request& request) const {
  const std::string* shown = request.headers.find("Authorization");
  if (shown == nullptr || !shown->starts_with("Bearer ")) return nullptr;
  const auto found = given_.find(shown->substr(7));
  if (found == given_.end()) return nullptr;
  const bool over = options_.clock != nullptr && options_.clock->now() >= found->second.until;
  return over ? nullptr : &found->second;
}

void GcloudSimulator::revoke_tokens() {
  const std::lock_guard hold(state_);
  given_.clear();
}

std::size_t GcloudSimulator::tokens_given() const {
  const std::lock_guard hold(state_);
  return tokens_;
}

}  // namespace mxsmith::tests
