// Looks at RSA signatures as a server does, which has only the public key.
#pragma once

#include <string>
#include <string_view>

namespace mxsmith::tests {

/// Whether it is an RSASSA-PKCS1-v1_5 signature with SHA-256 of `octets` by the key whose public
/// half is `public_pem` ("BEGIN PUBLIC KEY").
bool is_rsa_sha256_signature(const std::string& public_pem, std::string_view octets,
                             std::string_view signature);

}  // namespace mxsmith::tests
