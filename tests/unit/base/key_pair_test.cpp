#include "base/key_pair.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

TEST_CASE("a pair is two PEM texts, and each call makes another one") {
  const base::KeyPair one = base::make_ed25519_pair();
  const base::KeyPair other = base::make_ed25519_pair();
  CHECK(one.private_pem.reveal().rfind("-----BEGIN PRIVATE KEY-----\n", 0) == 0);
  CHECK(one.public_pem.rfind("-----BEGIN PUBLIC KEY-----\n", 0) == 0);
  CHECK(one.public_pem != other.public_pem);
  CHECK(one.private_pem.reveal() != other.private_pem.reveal());
  CHECK(one.public_pem.find("PRIVATE") == std::string::npos);
}

TEST_CASE("an RSA pair has the size that was asked for") {
  const base::KeyPair pair = base::make_rsa_pair(2048);
  // 294 octets of SubjectPublicKeyInfo in base64, seven lines of it.
  CHECK(pair.public_pem.size() == 27 + 392 + 7 + 25);
  CHECK_THROWS_AS(base::make_rsa_pair(16), base::Error);
}
