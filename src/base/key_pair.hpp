// Fresh key pairs for signing mail, made by OpenSSL.
//
// The private half is a Secret: it has no printing function, and its memory is wiped once it has
// been written to its file.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace mxsmith::base {

struct KeyPair {
  Secret private_pem;      ///< PKCS#8 ("BEGIN PRIVATE KEY"), not encrypted.
  std::string public_pem;  ///< SubjectPublicKeyInfo ("BEGIN PUBLIC KEY").
};

/// Throws Error{unsupported} with OpenSSL's words. `bits` is at least 1024; 2048 takes some tenths
/// of a second, 4096 seconds.
KeyPair make_rsa_pair(unsigned bits);
KeyPair make_ed25519_pair();

}  // namespace mxsmith::base
