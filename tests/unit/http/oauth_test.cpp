// Forms of grants, and what token endpoints answer.
#include "http/oauth.hpp"

#include <optional>

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::http;
using base::ErrorKind;

namespace {

/// An endpoint that answers the same to everything, and a client that is watched.
struct Endpoint {
  Response response;
  std::vector<Request> requests = {};
  std::string traces = {};
  std::string recording = {};
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  Client client{fake_transport([this](const Request& request) {
                  requests.push_back(request);
                  return response;
                }),
                clock, options()};
  TokenEndpoint place{"https://login.example/token", "the token endpoint", "look at `key`", {}, {}};

  ClientOptions options() {
    ClientOptions chosen;
    chosen.retry.tries = 2;
    chosen.observers.push_back([this](const Exchange& exchange) {
      traces += print_trace(exchange);
      recording += print_exchange(exchange);
    });
    return chosen;
  }
  AccessToken ask(const Form& form = client_credentials_grant({"me", "hush-hush", {}}, "dns")) {
    return ask_for_token(client, place, form);
  }
  std::optional<base::Error> fault() {
    try {
      ask();
    } catch (const base::Error& error) {
      return error;
    }
    return std::nullopt;
  }
};

Response json(int status, const char* body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, body};
}

}  // namespace

TEST_CASE("each grant has its form") {
  struct Row {
    const char* name;
    Form form;
    const char* body;
  };
  const OauthClient nobody;
  const std::vector<Row> rows = {
      {"a client's secret", client_credentials_grant({"me", "s/1", {}}, "https://a/.default b"),
       "grant_type=client_credentials&client_id=me&client_secret=s%2F1&"
       "scope=https%3A%2F%2Fa%2F.default%20b"},
      {"a client's signed token", client_credentials_grant({"me", {}, "a.b.c"}, ""),
       "grant_type=client_credentials&client_id=me&client_assertion_type="
       "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c"},
      {"a refresh token", refresh_token_grant({"me", "s", {}}, "r"),
       "grant_type=refresh_token&refresh_token=r&client_id=me&client_secret=s"},
      {"a refresh token of nobody", refresh_token_grant(nobody, "r", "dns"),
       "grant_type=refresh_token&refresh_token=r&scope=dns"},
      {"a JWT", jwt_bearer_grant("a.b.c"),
       "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c"},
      {"a token for another",
       token_exchange_grant(
           {"//iam", "dns", "t", "urn:ietf:params:oauth:token-type:jwt", {{"options", "{}"}}}),
       "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&"
       "requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&"
       "audience=%2F%2Fiam&scope=dns&subject_token=t&"
       "subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&options=%7B%7D"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(print_form(row.form) == row.body);
  }
}

TEST_CASE("the form is POSTed as such, and the token comes back") {
  Endpoint server{
      json(200, R"({"access_token":"token-1","expires_in":3599,"token_type":"Bearer"})")};
  server.place.headers = {{"X-More", "1"}};
  server.place.ca_file = "ca.pem";
  const AccessToken token = server.ask();
  CHECK(token.token == "token-1");
  CHECK(token.lifetime == base::Seconds(3599));
  REQUIRE(server.requests.size() == 1);
  const Request& asked = server.requests[0];
  CHECK(asked.method == Method::post);
  CHECK(asked.intent == Intent::auth);
  CHECK(asked.url == "https://login.example/token");
  CHECK(*asked.headers.find("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(*asked.headers.find("Accept") == "application/json");
  CHECK(*asked.headers.find("X-More") == "1");
  CHECK(asked.ca_file == "ca.pem");
}

TEST_CASE("how long a token lives") {
  struct Row {
    const char* body;
    int seconds;
  };
  for (const Row& row :
       {Row{R"({"access_token":"t-1"})", 300}, Row{R"({"access_token":"t-1","expires_in":60})", 60},
        Row{R"({"access_token":"t-1","expires_in":"86399"})", 86399},
        Row{R"({"access_token":"t-1","expires_in":60.9})", 60},
        Row{R"({"access_token":"t-1","expires_in":"soon"})", 300},
        Row{R"({"access_token":"t-1","expires_in":-5})", 300},
        Row{R"({"access_token":"t-1","expires_in":9223372036854775807})", 366 * 86400},
        Row{R"({"access_token":"t-1","expires_in":1e300})", 366 * 86400},
        Row{R"({"access_token":"t-1","expires_in":null,"token_type":"bearer"})", 300}}) {
    INFO(row.body);
    CHECK(Endpoint{json(200, row.body)}.ask().lifetime == base::Seconds(row.seconds));
  }
}

TEST_CASE("what endpoints refuse, and how") {
  struct Row {
    int status;
    const char* body;
    ErrorKind kind;
    const char* message;
  };
  const std::vector<Row> rows = {
      {400, R"({"error":"invalid_grant","error_description":"Token has been revoked."})",
       ErrorKind::auth, "the token endpoint answered 400: invalid_grant: Token has been revoked."},
      {401, R"({"error":"invalid_client"})", ErrorKind::auth,
       "the token endpoint answered 401: invalid_client"},
      {401, R"({"error":"invalid_client","error_description":"A1: wrong.\r\nTrace: 7\u001b[m"})",
       ErrorKind::auth,
       "the token endpoint answered 401: invalid_client: A1: wrong.  Trace: 7\\027[m"},
      {403, R"({"error":{"code":403,"message":"No rights.","status":"PERMISSION_DENIED"}})",
       ErrorKind::auth, "the token endpoint answered 403: No rights."},
      {400, "<html>no</html>", ErrorKind::auth, "the token endpoint answered 400: <html>no</html>"},
      {404, R"({"error":"not_found"})", ErrorKind::auth,
       "the token endpoint answered 404: not_found"},
      {404, "", ErrorKind::protocol, "the token endpoint answered 404"},
      {302, "", ErrorKind::protocol, "the token endpoint answered 302"},
      {429, R"({"error":"slow_down"})", ErrorKind::rate_limited,
       "the token endpoint answered 429: slow_down"},
      {503, "busy", ErrorKind::unavailable, "the token endpoint answered 503: busy"},
      {400, R"({"error":"temporarily_unavailable"})", ErrorKind::unavailable,
       "the token endpoint answered 400: temporarily_unavailable"},
      {400, R"({"error":"invalid_request","error_description":"not with hush-hush"})",
       ErrorKind::auth, "the token endpoint answered 400: invalid_request: not with [hidden]"},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    const auto error = Endpoint{json(row.status, row.body)}.fault();
    REQUIRE(error);
    CHECK(error->kind() == row.kind);
    CHECK(error->what() == std::string(row.message));
    CHECK(error->hint() == (row.kind == ErrorKind::auth ? "look at `key`" : ""));
    CHECK(error->effect() == base::Effect::none);
  }
}

TEST_CASE("an answer without a token is none") {
  for (const char* body :
       {"", "null", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":7}",
        "{\"access_token\":\"a b\"}", "{\"access_token\":\"a\\r\\nHost: x\"}",
        "{\"access_token\":\"t-1\",\"token_type\":\"mac\"}", "<html>Log in</html>"}) {
    INFO(body);
    const auto error = Endpoint{json(200, body)}.fault();
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::protocol);
  }
}

TEST_CASE("an endpoint that is busy is asked again") {
  Endpoint server{json(503, "")};
  CHECK(server.fault()->kind() == ErrorKind::unavailable);
  CHECK(server.requests.size() == 2);
}

TEST_CASE("a metadata server is asked in its own way") {
  Endpoint server{json(200, R"({"access_token":"token-1","expires_in":"100"})")};
  const Request question{
      Method::get, Intent::auth, "http://metadata.example/token", {{"Metadata", "true"}}, {}, {}};
  CHECK(ask_for_token(server.client, server.place, question).lifetime == base::Seconds(100));
  CHECK(server.requests.at(0).url == "http://metadata.example/token");
  CHECK(server.requests.at(0).headers == question.headers);
}

TEST_CASE("neither what was shown for a token nor the token can be seen") {
  Endpoint server{
      json(200, R"({ "access_token" : "token-1", "refresh_token":"\"token-2", "id_token":"tok)")};
  CHECK(server.fault());
  server.response = json(200, R"({"access_token":"token-1","expires_in":3600})");
  server.ask();
  server.ask(jwt_bearer_grant("head.claims.sign"));
  server.ask(refresh_token_grant({"me", "hush-hush", {}}, "refresh-me"));
  for (const char* secret :
       {"token-1", "token-2", "\"tok", "hush-hush", "head.claims", "refresh-me"}) {
    INFO(secret);
    CHECK(server.traces.find(secret) == std::string::npos);
    CHECK(server.recording.find(secret) == std::string::npos);
  }
  CHECK(server.traces.find("grant_type=client_credentials&client_id=me&client_secret=[hidden]") !=
        std::string::npos);
  CHECK(server.client.secrets().hide("hush-hush token-1") == "[hidden] [hidden]");
}

TEST_CASE("whoever has the same credential shares its token") {
  Endpoint server{json(200, R"({"access_token":"token-1","expires_in":3600})")};
  const auto fetch = [&] { return server.ask(); };
  const auto one = shared_tokens(server.client, server.clock, "cloud:abc", fetch);
  const auto other = shared_tokens(server.client, server.clock, "cloud:abc", fetch);
  CHECK(one == other);
  Request request;
  one->authorize(request);
  other->authorize(request);
  CHECK(*request.headers.find("Authorization") == "Bearer token-1");
  CHECK(server.requests.size() == 1);
  CHECK(shared_tokens(server.client, server.clock, "cloud:def", fetch) != one);
}
