// Whose credential it is, where it comes from, and how it becomes a token.
#include "providers/gcloud/credentials.hpp"

#include "providers/gcloud/settings.hpp"
#include "unit/providers/gcloud_setup.hpp"

using namespace mxsmith;
using namespace mxsmith::providers;
using base::ErrorKind;
using tests::GcloudSetup;
using tests::GcloudSimulator;

namespace {

std::size_t zones_seen(GcloudSetup& setup) { return setup.make()->list()->size(); }

/// The settings of an account whose only setting is that one.
gcloud::Settings settings_of(const std::string& name, base::SettingValue value) {
  base::Account account;
  account.type = "gcloud";
  account.directory = "/etc/mxsmith";
  const auto file = std::make_shared<const std::string>("mxsmith.toml");
  account.settings[name] = {std::move(value), {file, 3, 1}};
  return gcloud::parse_settings(account);
}

}  // namespace

TEST_CASE("gcloud: where the API is") {
  const tests::CleanEnvironment environment;
  CHECK(gcloud::parse_settings({}).api == "https://dns.googleapis.com/dns/v1");
  for (const char* url : {"https://dns.example", "https://dns.example/",
                          "https://dns.example/dns/v1", "https://dns.example/dns/v1/"}) {
    CHECK(settings_of("url", std::string(url)).api == "https://dns.example/dns/v1");
  }
  CHECK(settings_of("ca_file", std::string("ca.pem")).ca_file == "/etc/mxsmith/ca.pem");
}

TEST_CASE("gcloud: settings that cannot be taken are told with their place") {
  const tests::CleanEnvironment environment;
  struct Row {
    const char* name;
    base::SettingValue value;
    const char* words;
  };
  const std::vector<Row> rows = {
      {"url", std::string("dns.example"), "neither https:// nor http://"},
      {"url", std::string("https:///x"), "names no host"},
      {"url", std::string("https://me:pw@dns.example"), "more than host and path"},
      {"url", std::string(), "`url` is empty"},
      {"project", std::string("Shop/1"), "not the id of a project"},
      {"project", std::int64_t{7}, "takes a string"},
      {"credentials", std::string("key.json"), "never the key itself"},
      {"visibility", std::string("secret"), "\"public\" or \"private\""},
      {"proyect", std::string("x"), "did you mean `project`?"},
  };
  for (const Row& row : rows) {
    INFO(row.name << ": " << row.words);
    const auto error = tests::fault_of([&] { settings_of(row.name, row.value); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(std::string(error.what()).find(row.words) != std::string::npos);
    CHECK(std::string(error.what()).starts_with("mxsmith.toml:3:1: "));
  }
}

TEST_CASE("gcloud: the project is that of the account, else of the environment") {
  tests::CleanEnvironment environment;
  CHECK(gcloud::parse_settings({}).project.empty());
  environment.set("CLOUDSDK_CORE_PROJECT", "third");
  CHECK(gcloud::parse_settings({}).project == "third");
  environment.set("GCE_PROJECT", "second");
  CHECK(gcloud::parse_settings({}).project == "second");
  environment.set("GOOGLE_CLOUD_PROJECT", "first");
  CHECK(gcloud::parse_settings({}).project == "first");
  CHECK(settings_of("project", std::string("example.com:shop")).project == "example.com:shop");
  environment.set("GOOGLE_CLOUD_PROJECT", "no/project");
  CHECK_THROWS_AS(gcloud::parse_settings({}), base::Error);
}

TEST_CASE("gcloud: the credential is looked for as Google's own tools do") {
  tests::CleanEnvironment environment;
  const tests::TemporaryDirectory home;
  const auto path_of = [](const gcloud::Settings& settings) {
    return settings.credentials
               ? std::get<base::SecretFromFile>(*settings.credentials).path.string()
               : std::string("none");
  };
  CHECK(path_of(gcloud::parse_settings({})) == "none");
  const auto left = home.write(".config/gcloud/application_default_credentials.json", "{}");
  environment.set("HOME", home.path().string());
  CHECK(path_of(gcloud::parse_settings({})) == left);
  environment.set("GOOGLE_APPLICATION_CREDENTIALS", "/run/key.json");
  CHECK(path_of(gcloud::parse_settings({})) == "/run/key.json");
  CHECK(path_of(settings_of("credentials",
                            base::SecretSource(base::SecretFromFile{"/own.json"}))) == "/own.json");
}

TEST_CASE("gcloud: credential files that are none") {
  http::Secrets secrets;
  struct Row {
    std::string text;
    const char* words;
  };
  const std::vector<Row> rows = {
      {"hush-hush", "is no JSON"},
      {"[\"hush-hush\"]", "is no JSON object"},
      {"{}", "has no \"type\""},
      {R"({"type":"hush-hush2"})", "which is not supported"},
      {R"({"type":"service_account","client_email":"a@b"})", "has no \"private_key\""},
      {R"({"type":"service_account","client_email":7})", "\"client_email\" that is no text"},
      {R"({"type":"authorized_user","client_id":"a"})", "has no \"client_secret\""},
      {R"({"type":"external_account","audience":"a","subject_token_type":"b","token_url":"c"})",
       "\"token_url\" that is no URL"},
      {R"({"type":"external_account","audience":"a","subject_token_type":"b",)"
       R"("token_url":"https://c","credential_source":{"environment_id":"aws1","url":"https://d"}})",
       "nothing else is supported"},
      {R"({"type":"impersonated_service_account"})", "has no \"source_credentials\""},
  };
  for (const Row& row : rows) {
    INFO(row.words);
    const auto error = tests::fault_of(
        [&] { gcloud::parse_credentials(base::Secret(row.text), "file key.json", secrets); });
    CHECK(error.kind() == ErrorKind::auth);
    const std::string said = error.what();
    CHECK(said.find("the credential from file key.json ") == 0);
    CHECK(said.find(row.words) != std::string::npos);
    CHECK(said.find("hush-hush\"") == std::string::npos);
  }
}

TEST_CASE("gcloud: a service account signs for its token, once for all") {
  GcloudSetup setup;
  CHECK(zones_seen(setup) == 1);
  CHECK(zones_seen(setup) == 1);
  CHECK(setup.simulator.tokens_given() == 1);
  setup.clock.sleep_for(std::chrono::hours(1));
  CHECK(zones_seen(setup) == 1);
  CHECK(setup.simulator.tokens_given() == 2);
}

TEST_CASE("gcloud: a key whose lines stand in one, as variables have them, is still read") {
  GcloudSetup setup;
  std::string file = GcloudSimulator::service_account_file();
  for (std::size_t at = file.find("\\n"); at != std::string::npos; at = file.find("\\n", at + 3)) {
    file.insert(at, "\\");
  }
  setup.credential(file);
  CHECK(zones_seen(setup) == 1);
}

TEST_CASE("gcloud: a token that is refused is fetched anew") {
  GcloudSetup setup;
  CHECK(zones_seen(setup) == 1);
  setup.simulator.revoke_tokens();
  CHECK(zones_seen(setup) == 1);
  CHECK(setup.simulator.tokens_given() == 2);
}

TEST_CASE("gcloud: a key of somebody else is refused, and what to do is said") {
  GcloudSetup setup;
  setup.credential(GcloudSimulator::wrong_service_account_file());
  const auto error = tests::fault_of([&] { zones_seen(setup); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(std::string(error.what()).find("invalid_grant: Invalid JWT Signature.") !=
        std::string::npos);
  CHECK(error.hint().find("clock") != std::string::npos);
}

TEST_CASE("gcloud: what a user left by logging in, and becoming a service account with it") {
  GcloudSetup setup;
  setup.account.settings["project"] = {std::string(GcloudSimulator::kProject), {}};
  setup.credential(GcloudSimulator::authorized_user_file());
  CHECK(zones_seen(setup) == 1);
  const auto exchanges = setup.simulator.exchanges();
  CHECK(*exchanges.back().request.headers.find("X-Goog-User-Project") ==
        std::string(GcloudSimulator::kProject));
  setup.credential(GcloudSimulator::impersonating_user_file());
  CHECK(zones_seen(setup) == 1);
  CHECK(setup.simulator.tokens_given() == 3);
  setup.simulator.deny("iam.serviceAccounts.getAccessToken");
  setup.clock.sleep_for(std::chrono::hours(1));
  const auto error = tests::fault_of([&] { zones_seen(setup); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(error.hint().find("roles/iam.serviceAccountTokenCreator") != std::string::npos);
}

TEST_CASE("gcloud: another cloud's token is exchanged, from a file and from a URL") {
  GcloudSetup setup;
  setup.account.settings["project"] = {std::string(GcloudSimulator::kProject), {}};
  const auto plain = setup.folder.write("token", std::string(GcloudSimulator::kSubject) + "\n");
  const auto json = setup.folder.write(
      "token.json", std::string("{\"id\":\"") + GcloudSimulator::kSubject + "\"}");
  const auto wrong = setup.folder.write("wrong", "somebody-else");
  const std::string format = R"(,"format":{"type":"json","subject_token_field_name":")";
  const std::string url = std::string(R"({"url":")") + GcloudSimulator::kIssuer +
                          R"(?audience=x","headers":{"Authorization":"Bearer )" +
                          GcloudSimulator::kRequest + "\"}" + format + "value\"}}";
  for (const bool impersonates : {false, true}) {
    for (const std::string& source :
         {"{\"file\":\"" + plain.string() + "\"}",
          "{\"file\":\"" + json.string() + "\"" + format + "id\"}}", url}) {
      INFO(source);
      setup.credential(GcloudSimulator::external_account_file(source, impersonates));
      CHECK(zones_seen(setup) == 1);
    }
  }
  setup.credential(
      GcloudSimulator::external_account_file("{\"file\":\"" + wrong.string() + "\"}", false));
  const auto error = tests::fault_of([&] { zones_seen(setup); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(error.hint().find("workload identity pool") != std::string::npos);
  for (const char* secret :
       {GcloudSimulator::kSubject, GcloudSimulator::kRequest, "somebody-else", "ya29."}) {
    INFO(secret);
    CHECK(setup.traces.find(secret) == std::string::npos);
    CHECK(std::string(error.what()).find(secret) == std::string::npos);
  }
}

TEST_CASE("gcloud: a machine in Google's cloud asks the metadata server, also for its project") {
  GcloudSetup setup;
  setup.account.settings.erase("credentials");
  setup.environment.set("GCE_METADATA_HOST", "metadata.example");
  CHECK(zones_seen(setup) == 1);
  CHECK(setup.asked_for("/project/project-id") == 1);
  CHECK(setup.asked_for("/service-accounts/default/token") == 1);
}

TEST_CASE("gcloud: without any credential what to set is said") {
  GcloudSetup setup;
  setup.account.settings.erase("credentials");
  setup.environment.set("GCE_METADATA_HOST", "nobody.example");
  const auto error = tests::fault_of([&] { setup.make(); });
  CHECK(error.kind() == ErrorKind::auth);
  CHECK(error.hint().find("GOOGLE_APPLICATION_CREDENTIALS") != std::string::npos);
}

TEST_CASE("gcloud: neither keys nor tokens are shown, and accounts are told apart without them") {
  GcloudSetup setup;
  const std::string one = setup.make()->fingerprint();
  zones_seen(setup);
  setup.read();
  setup.account.settings["project"] = {std::string(GcloudSimulator::kProject), {}};
  setup.credential(GcloudSimulator::authorized_user_file());
  CHECK(setup.make()->fingerprint() == one);
  zones_seen(setup);
  setup.account.settings["project"] = {std::string("other"), {}};
  CHECK(setup.make()->fingerprint() != one);
  const std::string key = GcloudSimulator::private_key();
  const std::string line = key.substr(key.find('\n') + 1, 64);
  for (const std::string& secret :
       {line, std::string("ya29."), std::string(GcloudSimulator::kRefresh),
        std::string(GcloudSimulator::kClientSecret)}) {
    INFO(secret);
    CHECK(setup.traces.find(secret) == std::string::npos);
  }
  CHECK(setup.client.secrets().hide("key: " + line) == "key: [hidden]");
}
