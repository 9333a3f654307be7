// JSON Web Tokens that we sign (RFC 7519), by which a key shows who it is without being sent.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "http/json.hpp"

namespace mxsmith::http {

/// A token in compact form, signed with RS256 (RFC 7515 section 7.1, RFC 7518 section 3.3). The
/// header is {"alg":"RS256","typ":"JWT"} and the members of `more`: "kid" names the key, "x5t" the
/// certificate. Throws as base::sign_rsa_sha256.
///
/// Whoever has the token may use it until it expires: it is a secret.
std::string sign_jwt(const Json& claims, const Json::Members& more,
                     const base::Secret& private_pem);

}  // namespace mxsmith::http
