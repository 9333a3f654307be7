#include "http/oauth.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/json.hpp"

namespace mxsmith::http {

namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t kShown = 500;
/// For an answer that does not say how long its token lives (RFC 6749 section 5.1 allows that): it
/// is asked for again soon.
constexpr base::Seconds kUnknownLifetime{300};

void add_if_any(Form& form, const char* name, const std::string& value) {
  if (!value.empty()) form.emplace_back(name, value);
}

void add_client(Form& form, const OauthClient& client) {
  add_if_any(form, "client_id", client.id);
  add_if_any(form, "client_secret", client.secret);
  if (client.assertion.empty()) return;
  form.emplace_back("client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  form.emplace_back("client_assertion", client.assertion);
}

/// Whether a field of a form is a credential; the names that say of what kind it is are none.
bool is_secret_field(const std::string& name) {
  return is_secret_parameter(name) && !name.ends_with("_type");
}

std::string text_of(const Json& object, std::string_view member) {
  const Json* value = object.find(member);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

/// What an endpoint says when it refuses.
struct Refusal {
  std::string code;  ///< "invalid_grant"; empty: it is not of that form.
  std::string said;  ///< For people.
};

/// {"error": "invalid_grant", "error_description": "..."}; {"error": {"status": ..., "message":
/// ...}}, as APIs answer that also hand out tokens; or the beginning of whatever else came.
Refusal refusal_of(const Response& response) {
  std::string text = response.body.text().substr(0, 64 * kShown);
  Refusal refusal;
  try {
    const Json body = parse_json(text, "");
    const Json* error = body.find("error");
    if (error != nullptr && error->string() != nullptr) {
      refusal.code = *error->string();
      const std::string more = text_of(body, "error_description");
      text = more.empty() ? refusal.code : refusal.code + ": " + more;
    } else if (error != nullptr && error->members() != nullptr) {
      refusal.code = text_of(*error, "status");
      text = text_of(*error, "message");
    }
  } catch (const Error&) {
    // A proxy's page, or nothing at all.
  }
  // Descriptions run over several lines.
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
  text = base::trim(text);
  const bool cut = text.size() > kShown;
  if (cut) text.resize(kShown);
  refusal.said = base::escape_for_terminal(text) + (cut ? "..." : "");
  return refusal;
}

ErrorKind kind_of(int status, const Refusal& refusal) {
  if (status == 429) return ErrorKind::rate_limited;
  const bool fault = refusal.code == "server_error" || refusal.code == "temporarily_unavailable";
  if (status >= 500 || fault) return ErrorKind::unavailable;
  const bool refused = status == 400 || status == 401 || status == 403;
  if (status >= 400 && (refused || !refusal.code.empty())) return ErrorKind::auth;
  return ErrorKind::protocol;
}

/// Metadata servers say the number as a text.
base::Seconds lifetime_of(const Json& answer) {
  const Json* value = answer.find("expires_in");
  if (value == nullptr) return kUnknownLifetime;
  // Longer than a run could last is as good as for ever, and does not overflow.
  constexpr std::int64_t kLongest = 366 * 86400;
  std::int64_t seconds = -1;
  if (value->integer() != nullptr) seconds = *value->integer();
  if (value->number() != nullptr) {
    seconds = static_cast<std::int64_t>(std::clamp(*value->number(), -1.0, double{kLongest}));
  }
  if (value->string() != nullptr) {
    const std::string& text = *value->string();
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  return seconds < 0 ? kUnknownLifetime : base::Seconds(std::min(seconds, kLongest));
}

AccessToken parse_token(const Response& response, const TokenEndpoint& endpoint, Secrets& secrets) {
  const Json answer = parse_json_body(response.body, endpoint.who);
  const std::string type = text_of(answer, "token_type");
  if (!type.empty() && !base::equals_ignoring_case(type, "Bearer")) {
    throw Error(ErrorKind::protocol, endpoint.who + " gives a token of the type " +
                                         base::escape_for_terminal(type) +
                                         ", which is not known here");
  }
  AccessToken token{text_of(answer, "access_token"), lifetime_of(answer)};
  check_token(token.token, endpoint, secrets);
  return token;
}

}  // namespace

std::string print_form(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    if (!text.empty()) text += '&';
    text.append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return text;
}

Form client_credentials_grant(const OauthClient& client, const std::string& scope) {
  Form form = {{"grant_type", "client_credentials"}};
  add_client(form, client);
  add_if_any(form, "scope", scope);
  return form;
}

Form refresh_token_grant(const OauthClient& client, const std::string& refresh_token,
                         const std::string& scope) {
  Form form = {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}};
  add_client(form, client);
  add_if_any(form, "scope", scope);
  return form;
}

Form jwt_bearer_grant(const std::string& assertion, const std::string& scope) {
  Form form = {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
               {"assertion", assertion}};
  add_if_any(form, "scope", scope);
  return form;
}

Form token_exchange_grant(const TokenExchange& exchange) {
  Form form = {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
               {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"}};
  add_if_any(form, "audience", exchange.audience);
  add_if_any(form, "scope", exchange.scope);
  form.emplace_back("subject_token", exchange.subject_token);
  form.emplace_back("subject_token_type", exchange.subject_token_type);
  form.insert(form.end(), exchange.more.begin(), exchange.more.end());
  return form;
}

void check_token_answer(const Response& response, const TokenEndpoint& endpoint,
                        const Secrets& secrets) {
  if (response.status >= 200 && response.status < 300) return;
  const Refusal refusal = refusal_of(response);
  const ErrorKind kind = kind_of(response.status, refusal);
  std::string message = endpoint.who + " answered " + std::to_string(response.status);
  if (!refusal.said.empty()) message += ": " + secrets.hide(refusal.said);
  Error error(kind, message);
  if (kind == ErrorKind::auth && !endpoint.hint.empty()) error.with_hint(endpoint.hint);
  throw error;
}

void check_token(const std::string& token, const TokenEndpoint& endpoint, Secrets& secrets) {
  const bool graphic =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (token.empty() || !graphic) {
    throw Error(ErrorKind::protocol, endpoint.who + " answers, and there is no token in it");
  }
  secrets.add(token);
}

AccessToken ask_for_token(Client& client, const TokenEndpoint& endpoint, const Request& request) {
  const Response response = client.send(request);
  check_token_answer(response, endpoint, client.secrets());
  return parse_token(response, endpoint, client.secrets());
}

AccessToken ask_for_token(Client& client, const TokenEndpoint& endpoint, const Form& form) {
  for (const auto& [name, value] : form) {
    if (is_secret_field(name)) client.secrets().add(value);
  }
  Request request{Method::post,     Intent::auth,     endpoint.url,
                  endpoint.headers, print_form(form), endpoint.ca_file};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Accept", "application/json");
  return ask_for_token(client, endpoint, request);
}

std::shared_ptr<Authorizer> shared_tokens(Client& client, const base::Clock& clock,
                                          const std::string& name,
                                          const std::function<AccessToken()>& fetch) {
  return client.authorizer(name, [&]() -> std::shared_ptr<Authorizer> {
    // The client keeps both.
    const std::shared_ptr<Secrets> secrets(std::shared_ptr<void>(), &client.secrets());
    return std::make_shared<BearerTokens>(clock, secrets, fetch);
  });
}

}  // namespace mxsmith::http
