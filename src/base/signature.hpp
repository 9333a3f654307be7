// Signatures by RSA keys, as tokens carry them, made by OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace mxsmith::base {

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), the octets themselves. `private_pem` is
/// PKCS#8 ("BEGIN PRIVATE KEY") or PKCS#1 ("BEGIN RSA PRIVATE KEY"), not encrypted. Throws
/// Error{auth} without a word of the key when it is neither or no RSA key.
std::string sign_rsa_sha256(const Secret& private_pem, std::string_view octets);

}  // namespace mxsmith::base
