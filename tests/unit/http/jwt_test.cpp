#include "http/jwt.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/key_pair.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/rsa_signature.hpp"

using namespace mxsmith;
using http::Json;

TEST_CASE("a token is header, claims and their signature") {
  const base::KeyPair pair = base::make_rsa_pair(2048);
  const Json claims = Json::object({{"iss", "robot@project.example"}, {"iat", 1700000000}});
  const std::string token = http::sign_jwt(claims, {{"kid", "key-1"}}, pair.private_pem);
  const auto parts = base::split(token, '.');
  REQUIRE(parts.size() == 3);
  CHECK(base::parse_base64url(parts[0]) == R"({"alg":"RS256","typ":"JWT","kid":"key-1"})");
  CHECK(base::parse_base64url(parts[1]) == R"({"iss":"robot@project.example","iat":1700000000})");
  const auto signature = base::parse_base64url(parts[2]);
  REQUIRE(signature);
  CHECK(tests::is_rsa_sha256_signature(pair.public_pem, parts[0] + "." + parts[1], *signature));
  CHECK(token.find_first_of("+/=") == std::string::npos);
}

TEST_CASE("a header without more, and a key that is none") {
  const base::KeyPair pair = base::make_rsa_pair(1024);
  const std::string token = http::sign_jwt(Json::object(), {}, pair.private_pem);
  CHECK(token.starts_with(base::print_base64url(R"({"alg":"RS256","typ":"JWT"})") + ".e30."));
  CHECK_THROWS_AS(http::sign_jwt(Json::object(), {}, base::Secret("hush")), base::Error);
}
