// Secrets in requests and answers, in every form they may take.
#include "http/redact.hpp"

#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;
using namespace mxsmith::http;

TEST_CASE("a secret is hidden in every form") {
  Secrets secrets;
  secrets.add("s3cr\"t/+key");
  struct Row {
    const char* name;
    std::string text;
  };
  const std::vector<Row> rows = {
      {"as it is", "before s3cr\"t/+key after"},
      {"percent-encoded", "?k=s3cr%22t%2F%2Bkey&x=1"},
      {"within JSON", R"({"error":"bad key s3cr\"t/+key"})"},
      {"twice", "s3cr\"t/+key s3cr\"t/+key"},
      {"base64 of user:secret", "dXNlcjpzM2NyInQvK2tleQ=="},
      {"base64 of the secret", "czNjciJ0LytrZXk="},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    const std::string shown = secrets.hide(row.text);
    CHECK(shown.find("s3cr") == std::string::npos);
    CHECK(shown.find("czNjciJ0") == std::string::npos);
    CHECK(shown.find("zM2NyInQvK2t") == std::string::npos);
    CHECK(shown.find(kHidden) != std::string::npos);
  }
  CHECK(secrets.hide("nothing here") == "nothing here");
}

TEST_CASE("very short secrets do not empty the page") {
  Secrets secrets;
  secrets.add("1");
  CHECK(secrets.hide("line 1 of 10") == "line 1 of 10");
}

TEST_CASE("no text holds a secret after hiding") {
  tests::property("hidden", [] {
    const auto secret = *rc::gen::container<std::string>(12, rc::gen::inRange<char>('!', '~'));
    const auto before = *rc::gen::container<std::string>(rc::gen::inRange<char>('!', '~'));
    const auto after = *rc::gen::container<std::string>(rc::gen::inRange<char>('!', '~'));
    Secrets secrets;
    secrets.add(secret);
    RC_ASSERT(secrets.hide(before + secret + after).find(secret) == std::string::npos);
    RC_ASSERT(secrets.hide(before + percent_encode(secret) + after).find(percent_encode(secret)) ==
              std::string::npos);
  });
}

TEST_CASE("which header fields hold credentials") {
  for (const char* name :
       {"Authorization", "authorization", "Proxy-Authorization", "X-API-Key", "Cookie",
        "Set-Cookie", "X-Auth-Token", "X-Amz-Security-Token", "X-Ovh-Signature", "Api-Secret"}) {
    INFO(name);
    CHECK(is_secret_header(name));
  }
  for (const char* name : {"Content-Type", "WWW-Authenticate", "Accept", "X-Request-Id", "Date"}) {
    INFO(name);
    CHECK_FALSE(is_secret_header(name));
  }
}

TEST_CASE("a request is shown without credentials") {
  Secrets secrets;
  secrets.add("hush-hush");
  Request request;
  request.url = "https://user:pw@api.example.net/v1/hush-hush?token=abc&name=example.com#x";
  request.headers = {{"X-API-Key", "k"}, {"Accept", "application/json"}, {"X-Note", "hush-hush"}};
  request.body = R"({"password":"hush-hush"})";
  const Request shown = redacted(request, secrets);
  CHECK(shown.url ==
        "https://[hidden]@api.example.net/v1/[hidden]?token=[hidden]&name=example.com#x");
  CHECK(*shown.headers.find("x-api-key") == kHidden);
  CHECK(*shown.headers.find("Accept") == "application/json");
  CHECK(*shown.headers.find("X-Note") == kHidden);
  CHECK(shown.body == R"({"password":"[hidden]"})");
  const Response answer{200, {{"Set-Cookie", "id=1"}}, std::string("echo hush-hush")};
  CHECK(*redacted(answer, secrets).headers.find("Set-Cookie") == kHidden);
  CHECK(redacted(answer, secrets).body.text() == "echo [hidden]");
}

TEST_CASE("credentials in forms and tokens in answers are hidden by their names") {
  const Secrets none;
  Request form;
  form.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  form.body = "grant_type=a&assertion=b&client_id=c&client_secret=d&scope=e";
  CHECK(redacted(form, none).body ==
        "grant_type=a&assertion=[hidden]&client_id=c&client_secret=[hidden]&scope=e");
  form.headers = {};
  CHECK(redacted(form, none).body == form.body);

  struct Row {
    std::string body;
    std::string shown;
  };
  const std::vector<Row> rows = {
      {R"({"access_token":"a","scope":"b"})", R"({"access_token":"[hidden]","scope":"b"})"},
      {R"({"x": {"refresh_token" : "a\"b"}, "id_token":"c"})",
       R"({"x": {"refresh_token" : "[hidden]"}, "id_token":"[hidden]"})"},
      {R"({"access_token":"a\)", R"({"access_token":"[hidden])"},
      {R"({"access_token":"", "access_token":"b"})",
       R"({"access_token":"[hidden]", "access_token":"[hidden]"})"},
      {R"({"access_token":)", R"({"access_token":)"},
      {R"({"access_token":null,"id_token":7})", R"({"access_token":null,"id_token":7})"},
      {R"({"token_type":"access_token"})", R"({"token_type":"access_token"})"},
      {R"(["access_token","next","access_token"])", R"(["access_token","next","access_token"])"}};
  for (const Row& row : rows) {
    CHECK(redacted(Response{200, {}, row.body}, none).body.text() == row.shown);
  }
}

TEST_CASE("where a token was asked for, whatever looks like one is hidden") {
  const Secrets none;
  const std::string token(32, 'a');
  const std::string body = R"({"value":")" + token + R"(","count":"7"})";
  Request asked;
  asked.intent = Intent::auth;
  CHECK(redacted(Response{200, {}, body}, asked, none).body.text() ==
        R"({"value":"[hidden]","count":"7"})");
  CHECK(redacted(Response{200, {}, token}, asked, none).body.text() == kHidden);
  CHECK(redacted(Response{200, {}, "short " + token + "."}, asked, none).body.text() ==
        "short [hidden]");
  CHECK(redacted(Response{403, {}, body}, asked, none).body.text() == body);
  asked.intent = Intent::read;
  CHECK(redacted(Response{200, {}, body}, asked, none).body.text() == body);
}
