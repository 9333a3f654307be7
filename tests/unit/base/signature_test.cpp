#include "base/signature.hpp"

#include "base/error.hpp"
#include "base/key_pair.hpp"
#include "support/catch.hpp"
#include "support/rsa_signature.hpp"

using namespace mxsmith;

TEST_CASE("what was signed can be told by the public key, and nothing else can") {
  const base::KeyPair pair = base::make_rsa_pair(2048);
  for (const std::string& octets : {std::string("a text"), std::string(), std::string(3, '\0')}) {
    const std::string signature = base::sign_rsa_sha256(pair.private_pem, octets);
    CHECK(signature.size() == 256);
    CHECK(tests::is_rsa_sha256_signature(pair.public_pem, octets, signature));
    CHECK_FALSE(tests::is_rsa_sha256_signature(pair.public_pem, octets + "x", signature));
  }
  const std::string other = base::sign_rsa_sha256(base::make_rsa_pair(2048).private_pem, "a text");
  CHECK_FALSE(tests::is_rsa_sha256_signature(pair.public_pem, "a text", other));
}

TEST_CASE("keys that cannot sign are refused without a word of them") {
  const auto fault_of = [](const std::string& pem) -> std::string {
    try {
      base::sign_rsa_sha256(base::Secret(pem), "a text");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::auth);
      return error.what();
    }
    return "signed";
  };
  const std::string whole = base::make_rsa_pair(1024).private_pem.reveal();
  CHECK(fault_of("") ==
        "the private key is none that can be read: it should be PEM, not encrypted");
  CHECK(fault_of(whole.substr(0, whole.size() / 2)) == fault_of(""));
  CHECK(fault_of("-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n") == fault_of(""));
  CHECK(fault_of(base::make_ed25519_pair().private_pem.reveal()) ==
        "the private key is no RSA key");
}
