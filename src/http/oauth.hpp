// Asking for an access token (OAuth 2.0, RFC 6749): the grants that need nobody at a browser, and
// what an endpoint answers.
//
// A provider makes the form of its grant, hands a function that sends it to `shared_tokens`, and
// gets the Authorizer for its channels:
//
//   options.authorizer = http::shared_tokens(client, clock, "azure:" + fingerprint, [=, &client] {
//     return http::ask_for_token(client, endpoint, http::client_credentials_grant(id, scope));
//   });
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/bearer_tokens.hpp"
#include "http/client.hpp"

namespace mxsmith::http {

/// Names and values in their order.
using Form = std::vector<std::pair<std::string, std::string>>;
/// As application/x-www-form-urlencoded; blanks become %20, which every server reads.
std::string print_form(const Form& form);

/// Who asks, and by what it shows that it is so: a secret (RFC 6749 section 2.3.1), or a token that
/// itself or somebody it trusts has signed (RFC 7523 section 2.2). What is empty is left out.
struct OauthClient {
  std::string id;
  std::string secret;
  std::string assertion;
};

/// RFC 6749 section 4.4. An empty scope is left out, here and below.
Form client_credentials_grant(const OauthClient& client, const std::string& scope);
/// RFC 6749 section 6.
Form refresh_token_grant(const OauthClient& client, const std::string& refresh_token,
                         const std::string& scope = {});
/// RFC 7523 section 2.1: `assertion` is a JWT (http/jwt.hpp).
Form jwt_bearer_grant(const std::string& assertion, const std::string& scope = {});

/// RFC 8693 section 2.1: a token of one party for one of another.
struct TokenExchange {
  std::string audience;
  std::string scope;
  std::string subject_token;
  std::string subject_token_type;  ///< "urn:ietf:params:oauth:token-type:jwt"
  Form more;                       ///< What this endpoint wants besides.
};
Form token_exchange_grant(const TokenExchange& exchange);

/// Where tokens are to be had.
struct TokenEndpoint {
  std::string url;
  std::string who;   ///< For messages: "Google's token endpoint".
  std::string hint;  ///< What to do when the credential is refused.
  Headers headers;   ///< Besides Content-Type and Accept.
  std::string ca_file;
};

/// POSTs the form and reads the answer. Values of the form that are credentials by their names, and
/// the token, are told to the client's secrets. Throws Error{auth} with what the endpoint said and
/// the hint for what it refuses (RFC 6749 section 5.2), Error{unavailable} or Error{rate_limited}
/// where it could not answer, Error{protocol} for an answer that is none.
AccessToken ask_for_token(Client& client, const TokenEndpoint& endpoint, const Form& form);

/// The same for those who are asked in another way: metadata servers of machines, which answer a
/// GET in the same form. `endpoint.url` and `endpoint.headers` are not used.
AccessToken ask_for_token(Client& client, const TokenEndpoint& endpoint, const Request& request);

/// Throws as ask_for_token unless the status is one of success; for endpoints whose answer has
/// another form.
void check_token_answer(const Response& response, const TokenEndpoint& endpoint,
                        const Secrets& secrets);
/// Throws Error{protocol} for what cannot stand in a header field; tells it to `secrets`.
void check_token(const std::string& token, const TokenEndpoint& endpoint, Secrets& secrets);

/// The authorizer of that name (Client::authorizer), with `fetch` for whoever comes first. It must
/// not outlive the client.
std::shared_ptr<Authorizer> shared_tokens(Client& client, const base::Clock& clock,
                                          const std::string& name,
                                          const std::function<AccessToken()>& fetch);

}  // namespace mxsmith::http
