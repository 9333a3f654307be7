// Where AWS credentials come from: environment, files, tokens, commands, agents, each in its turn,
// and none of them shown.
#include <algorithm>

#include "http/sigv4.hpp"
#include "providers/route53/credentials.hpp"
#include "providers/route53/profiles.hpp"
#include "route53_setup.hpp"

using namespace mxsmith;
using namespace mxsmith::tests;
using base::Error;
using base::ErrorKind;
using providers::route53::choose_source;
using providers::route53::CredentialSource;
using providers::route53::words_of;

namespace {

/// Servers as a table: "METHOD URL" to what is answered. Requests are kept.
class Servers {
 public:
  void answers(const std::string& request, http::Response response) {
    table_[request] = std::move(response);
  }
  [[nodiscard]] CredentialSource choose(const base::Account& account = {}) {
    return choose_source(
        providers::route53::parse_settings(account),
        {client, clock, {}, providers::route53::parse_settings(account).partition});
  }
  /// "KEY SECRET TOKEN", or the error's words.
  [[nodiscard]] std::string credentials(const base::Account& account = {}) {
    try {
      const auto got = choose(account).fetch();
      return got.access_key_id + " " + got.secret_access_key + " " + got.session_token;
    } catch (const Error& error) {
      return std::string(error.what()) + " " + error.hint();
    }
  }

  base::FixedClock clock{*base::parse_instant("2026-12-05T12:00:00Z")};
  std::vector<http::Request> asked;
  std::string trace;
  http::Client client{http::fake_transport([this](const http::Request& request) -> http::Response {
                        asked.push_back(request);
                        const auto found = table_.find(
                            std::string(http::method_name(request.method)) + " " + request.url);
                        return found == table_.end() ? http::Response{404, {}, {}} : found->second;
                      }),
                      clock, watched()};

 private:
  http::ClientOptions watched() {
    http::ClientOptions options;
    options.observers = {[this](const http::Exchange& exchange) {
      trace += exchange.request.url + exchange.request.body;
      for (const auto& [name, value] : exchange.request.headers.fields()) trace += name + value;
      if (exchange.response) trace += exchange.response->body.text();
    }};
    return options;
  }
  std::map<std::string, http::Response> table_;
};

std::string sts_answer(const std::string& action) {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><Credentials><AccessKeyId>ASIAROLE</"
         "AccessKeyId><SecretAccessKey>roleSecret0123456789roleSecret0123456789"
         "</SecretAccessKey><SessionToken>roleToken0123456789roleToken0123456789roleToken</"
         "SessionToken><Expiration>"
         "2026-12-05T13:00:00Z</Expiration></Credentials></" +
         action + "Result><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></" +
         action + "Response>";
}

http::Response json(const std::string& key, const std::string& token) {
  return {
      200,
      {{"Content-Type", "application/json"}},
      R"({"Code":"Success","AccessKeyId":")" + key +
          R"(","SecretAccessKey":"agentSecret0123456789agentSecret01234567",")" + token +
          R"(":"agentToken0123456789agentToken0123456789agent","Expiration":"2026-12-05T18:00:00Z"})"};
}

base::Account with(std::map<std::string, std::string> settings) {
  base::Account account;
  for (auto& [name, value] : settings) account.settings[name] = {value, {}};
  return account;
}

}  // namespace

TEST_CASE("AWS: keys in the environment go before all else there") {
  const AwsEnvironment environment({{"AWS_ACCESS_KEY_ID", "AKIAENV"},
                                    {"AWS_SECRET_ACCESS_KEY", "env-secret"},
                                    {"AWS_SESSION_TOKEN", "env-token"},
                                    {"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"},
                                    {"AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere"}});
  Servers servers;
  CHECK(servers.credentials() == "AKIAENV env-secret env-token");
  CHECK(servers.choose().words == "the environment");
  CHECK(servers.choose().identity.find("env-secret") == std::string::npos);
  CHECK(servers.client.secrets().hide("env-secret") == "[hidden]");
}

TEST_CASE("AWS: profiles of both files, the credentials file counting more") {
  const AwsEnvironment environment;
  environment.home().write(
      ".aws/config",
      "# comment\n[default]\nregion = eu-central-1\naws_access_key_id = OLD\n"
      "aws_secret_access_key = old\ns3 =\n  aws_access_key_id = NESTED\n"
      "[profile ops]\naws_access_key_id=AKIAOPS\naws_secret_access_key=ops-secret\n"
      "aws_session_token = ops-token\n[sso-session x]\nregion = z\n"
      "[profile \"two words\"]\nAWS_ACCESS_KEY_ID = AKIATWO\n"
      "aws_secret_access_key = two-secret\n[profile sso]\nsso_session = x\n"
      "[profile bare]\nregion = x\n");
  environment.home().write(
      ".aws/credentials",
      "[default]\naws_access_key_id = AKIADEF\r\naws_secret_access_key = a=b/c\r\n");
  Servers servers;
  CHECK(servers.credentials() == "AKIADEF a=b/c ");
  CHECK(servers.credentials(with({{"profile", "ops"}})) == "AKIAOPS ops-secret ops-token");
  CHECK(servers.credentials(with({{"profile", "two words"}})) == "AKIATWO two-secret ");
  CHECK(servers.credentials(with({{"profile", "none"}})).find("no profile \"none\"") !=
        std::string::npos);
  CHECK(servers.credentials(with({{"profile", "sso"}})).find("export-credentials") !=
        std::string::npos);
  CHECK(servers.credentials(with({{"profile", "bare"}})).find("has no credentials") !=
        std::string::npos);
  const AwsEnvironment named(
      {{"AWS_PROFILE", "ops"},
       {"AWS_CONFIG_FILE", (environment.home().path() / ".aws/config").string()},
       {"AWS_SHARED_CREDENTIALS_FILE", "/does/not/exist"}});
  CHECK(servers.credentials() == "AKIAOPS ops-secret ops-token");
  const AwsEnvironment both({{"AWS_PROFILE", "ops"},
                             {"AWS_ACCESS_KEY_ID", "AKIAENV"},
                             {"AWS_SECRET_ACCESS_KEY", "env-secret"},
                             {"HOME", environment.home().path().string()}});
  CHECK(servers.credentials() == "AKIAENV env-secret ");
  CHECK(servers.credentials(with({{"profile", "ops"}})) == "AKIAOPS ops-secret ops-token");
}

TEST_CASE("AWS: a pipeline's token becomes a role, without any stored secret") {
  const TemporaryDirectory folder;
  const auto token = folder.write("token", "the.web.token\n");
  const AwsEnvironment environment({{"AWS_ROLE_ARN", "arn:aws:iam::1:role/dns"},
                                    {"AWS_WEB_IDENTITY_TOKEN_FILE", token.string()},
                                    {"AWS_ROLE_SESSION_NAME", "run 7"},
                                    {"AWS_REGION", "eu-central-1"}});
  Servers servers;
  servers.answers("POST https://sts.eu-central-1.amazonaws.com/",
                  {200, {}, sts_answer("AssumeRoleWithWebIdentity")});
  const auto got = servers.choose().fetch();
  CHECK(got.session_token == "roleToken0123456789roleToken0123456789roleToken");
  CHECK(got.expire == *base::parse_instant("2026-12-05T13:00:00Z"));
  REQUIRE(servers.asked.size() == 1);
  CHECK(servers.asked[0].body ==
        "Version=2011-06-15&Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole"
        "%2Fdns&RoleSessionName=run%207&WebIdentityToken=the.web.token");
  CHECK(servers.asked[0].headers.find("Authorization") == nullptr);
  CHECK(servers.asked[0].intent == http::Intent::auth);
  CHECK(servers.trace.find("the.web.token") == std::string::npos);
  SECTION("the token is read again each time") {
    folder.write("token", "the.next.token\n");
    REQUIRE(servers.choose().fetch().access_key_id == "ASIAROLE");
    CHECK(servers.asked.back().body.find("the.next.token") != std::string::npos);
  }
  SECTION("a refusal is one of the credential") {
    servers.answers("POST https://sts.eu-central-1.amazonaws.com/",
                    {400,
                     {},
                     "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code>"
                     "<Message>No OpenIDConnect provider found</Message></Error></ErrorResponse>"});
    const auto error = route53_error([&] { (void)servers.choose().fetch(); });
    CHECK(error.kind() == ErrorKind::auth);
    CHECK(std::string(error.what()).find("No OpenIDConnect provider found") != std::string::npos);
  }
  SECTION("an answer that is none") {
    for (const char* body : {"", "{}", "<html/>", "<AssumeRoleWithWebIdentityResponse/>"}) {
      servers.answers("POST https://sts.eu-central-1.amazonaws.com/", {200, {}, body});
      CHECK(route53_error([&] { (void)servers.choose().fetch(); }).kind() == ErrorKind::protocol);
    }
  }
  SECTION("no token") {
    folder.write("token", "\n");
    CHECK(route53_error([&] { (void)servers.choose().fetch(); }).kind() == ErrorKind::auth);
  }
}

TEST_CASE("AWS: a role is taken on with what another profile has") {
  const std::map<std::string, std::string> variables = {
      {"AWS_ENDPOINT_URL_STS", "https://sts.simulated/"}};
  const AwsEnvironment environment(variables);
  environment.home().write(
      ".aws/config",
      "[profile dns]\nrole_arn = arn:aws:iam::2:role/dns\nsource_profile = base\n"
      "external_id = tenant 4\nregion = eu-west-1\n[profile base]\naws_access_key_id = AKIABASE\n"
      "aws_secret_access_key = base-secret\n[profile self]\nrole_arn = arn:aws:iam::2:role/s\n"
      "source_profile = self\naws_access_key_id = AKIASELF\naws_secret_access_key = self-secret\n"
      "[profile loop]\nrole_arn = arn:x\nsource_profile = pool\n[profile pool]\nrole_arn = arn:y\n"
      "source_profile = loop\n[profile lost]\nrole_arn = arn:x\n");
  Servers servers;
  servers.answers("POST https://sts.simulated/", {200, {}, sts_answer("AssumeRole")});
  CHECK(servers.credentials(with({{"profile", "dns"}})) ==
        "ASIAROLE roleSecret0123456789roleSecret0123456789 "
        "roleToken0123456789roleToken0123456789roleToken");
  REQUIRE_FALSE(servers.asked.empty());
  const std::string authorization = *servers.asked[0].headers.find("Authorization");
  CHECK(authorization.find("Credential=AKIABASE/20261205/eu-west-1/sts/aws4_request") !=
        std::string::npos);
  CHECK(servers.asked[0].body.find("&ExternalId=tenant%204") != std::string::npos);
  CHECK(servers.asked[0].body.find("&RoleSessionName=mxsmith") != std::string::npos);
  CHECK(servers.credentials(with({{"profile", "self"}})) ==
        "ASIAROLE roleSecret0123456789roleSecret0123456789 "
        "roleToken0123456789roleToken0123456789roleToken");
  CHECK(servers.asked.back().headers.find("Authorization")->find("AKIASELF") != std::string::npos);
  CHECK(servers.credentials(with({{"profile", "loop"}})).find("leads back to itself") !=
        std::string::npos);
  CHECK(servers.credentials(with({{"profile", "lost"}})).find("source_profile") !=
        std::string::npos);
  CHECK(servers.credentials(with({{"profile", "base"}, {"role_arn", "arn:aws:iam::3:role/z"}})) ==
        "ASIAROLE roleSecret0123456789roleSecret0123456789 "
        "roleToken0123456789roleToken0123456789roleToken");
  CHECK(servers.asked.back().body.find("arn%3Aaws%3Aiam%3A%3A3%3Arole%2Fz") != std::string::npos);
  CHECK(servers.trace.find("base-secret") == std::string::npos);
  CHECK(servers.trace.find("roleSecret0123456789") == std::string::npos);
  CHECK(servers.trace.find("roleToken0123456789") == std::string::npos);
}

TEST_CASE("AWS: a command prints credentials") {
  const AwsEnvironment environment;
  const TemporaryDirectory folder;
  const auto file = folder.write(
      "it is.json", R"({"Version":1,"AccessKeyId":"AKIAPROC","SecretAccessKey":"proc-secret",)"
                    R"("SessionToken":"proc-token","Expiration":"2026-12-05T13:00:00Z"})");
  environment.home().write(".aws/config", "[default]\ncredential_process = /bin/cat \"" +
                                              file.string() +
                                              "\"\n[profile bad]\ncredential_process = /bin/false\n"
                                              "[profile odd]\ncredential_process = echo secret\n");
  Servers servers;
  CHECK(servers.credentials() == "AKIAPROC proc-secret proc-token");
  CHECK(servers.credentials(with({{"profile", "bad"}})).find("status 1") != std::string::npos);
  const std::string odd = servers.credentials(with({{"profile", "odd"}}));
  CHECK(odd.find("no JSON") != std::string::npos);
  CHECK(odd.find("secret") == std::string::npos);
}

TEST_CASE("AWS: command lines are taken apart as a shell does") {
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"a b\tc", {"a", "b", "c"}},
      {R"(a "b c" 'd "e"')", {"a", "b c", "d \"e\""}},
      {R"(a\ b "c\"d" '\')", {"a b", "c\"d", "\\"}},
      {R"("" a"b"c)", {"", "abc"}},
      {"  ", {}},
  };
  for (const auto& [text, words] : rows) {
    INFO(text);
    CHECK(words_of(text) == words);
  }
}

TEST_CASE("AWS: the container's agent") {
  const TemporaryDirectory folder;
  const auto token = folder.write("token", "pod-token\n");
  const AwsEnvironment environment(
      {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
       {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.string()}});
  Servers servers;
  servers.answers("GET http://169.254.170.23/v1/credentials", json("ASIAPOD", "Token"));
  CHECK(servers.credentials() ==
        "ASIAPOD agentSecret0123456789agentSecret01234567 "
        "agentToken0123456789agentToken0123456789agent");
  CHECK(*servers.asked.back().headers.find("Authorization") == "pod-token");
  CHECK(servers.trace.find("pod-token") == std::string::npos);
  const AwsEnvironment relative({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/role"},
                                 {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "direct-token"}});
  servers.answers("GET http://169.254.170.2/v2/role", json("ASIAECS", "Token"));
  CHECK(servers.credentials() ==
        "ASIAECS agentSecret0123456789agentSecret01234567 "
        "agentToken0123456789agentToken0123456789agent");
  CHECK(*servers.asked.back().headers.find("Authorization") == "direct-token");
  for (const char* url :
       {"http://evil.example/x", "http://127.0.0.1@evil.example/", "ftp://x/",
        "http://169.254.170.2.evil.example/", "http://127.0.0.1?@evil.example/"}) {
    INFO(url);
    const AwsEnvironment elsewhere({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url},
                                    {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "direct-token"}});
    const std::size_t before = servers.asked.size();
    CHECK(servers.credentials().find("not sent there") != std::string::npos);
    CHECK(servers.asked.size() == before);
  }
}

TEST_CASE("AWS: the instance's role, by a session of the metadata service") {
  const AwsEnvironment environment(
      {{"AWS_EC2_METADATA_DISABLED", "false"},
       {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://imds.simulated/"}});
  Servers servers;
  const std::string roles = "http://imds.simulated/latest/meta-data/iam/security-credentials/";
  servers.answers("PUT http://imds.simulated/latest/api/token",
                  {200, {}, "imdsSession0123456789imdsSession0123456789"});
  servers.answers("GET " + roles, {200, {}, "dns-role"});
  servers.answers("GET " + roles + "dns-role", json("ASIAEC2", "Token"));
  CHECK(servers.credentials() ==
        "ASIAEC2 agentSecret0123456789agentSecret01234567 "
        "agentToken0123456789agentToken0123456789agent");
  for (const char* secret : {"agentSecret", "agentToken", "imdsSession"}) {
    CHECK(servers.trace.find(secret + std::string("0123456789")) == std::string::npos);
  }
  REQUIRE(servers.asked.size() == 3);
  CHECK(*servers.asked[0].headers.find("X-aws-ec2-metadata-token-ttl-seconds") == "21600");
  CHECK(*servers.asked[2].headers.find("X-aws-ec2-metadata-token") ==
        "imdsSession0123456789imdsSession0123456789");
  CHECK(servers.choose().fetch().expire == *base::parse_instant("2026-12-05T18:00:00Z"));
  servers.answers("GET " + roles, {404, {}, "no role"});
  CHECK(servers.credentials().find("status 404") != std::string::npos);
  servers.answers("GET " + roles, {200, {}, "dns-role"});
  servers.answers("GET " + roles + "dns-role", {200, {}, R"({"Code":"AssumeRoleUnauthorized"})"});
  CHECK(servers.credentials().find("no credentials") != std::string::npos);
}

TEST_CASE("AWS: nowhere any credentials") {
  const AwsEnvironment environment;
  Servers servers;
  const auto error = route53_error([&] { (void)servers.choose(); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(std::string(error.what()).find("AWS_WEB_IDENTITY_TOKEN_FILE") != std::string::npos);
  CHECK(error.hint().find("AWS_PROFILE") != std::string::npos);
  CHECK(servers.asked.empty());
}

TEST_CASE("AWS: a session that ends is renewed in the middle of a run") {
  const TemporaryDirectory folder;
  const auto token = folder.write("token", "the.web.token");
  const AwsEnvironment environment({{"AWS_ROLE_ARN", "arn:aws:iam::1:role/dns"},
                                    {"AWS_WEB_IDENTITY_TOKEN_FILE", token.string()},
                                    {"AWS_ENDPOINT_URL_STS", "https://sts.simulated"}});
  Route53Simulator::Options options;
  options.access_key_id = "ASIAROLE";
  options.secret_access_key = "roleSecret0123456789roleSecret0123456789";
  options.session_token = "roleToken0123456789roleToken0123456789roleToken";
  Route53Setup setup(options);
  setup.account.settings.erase("access_key_id");
  setup.account.settings.erase("secret_access_key");
  std::size_t sessions = 0;
  http::Client client(http::fake_transport([&](const http::Request& request) {
                        if (request.url.starts_with(Route53Simulator::url())) {
                          return setup.simulator.answer(request);
                        }
                        ++sessions;
                        return http::Response{200, {}, sts_answer("AssumeRoleWithWebIdentity")};
                      }),
                      setup.clock);
  const auto make = [&] {
    return providers::route53_info().make(setup.account, {setup.clock, client});
  };
  CHECK(make()->find(kRoute53Apex).size() == 1);
  CHECK(make()->find(kRoute53Apex).size() == 1);
  CHECK(sessions == 1);  // accounts of one credential share it
  setup.simulator.inject({http::Method::get, 1, 403, "ExpiredToken", "The token has expired"});
  CHECK(make()->find(kRoute53Apex).size() == 1);
  CHECK(sessions == 2);
  setup.clock.sleep_for(std::chrono::minutes(57));
  CHECK(make()->find(kRoute53Apex).size() == 1);
  CHECK(sessions == 3);
}
