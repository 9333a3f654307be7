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
