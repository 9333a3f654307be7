#include "http/jwt.hpp"

#include "base/base64.hpp"
#include "base/signature.hpp"

namespace mxsmith::http {

std::string sign_jwt(const Json& claims, const Json::Members& more,
                     const base::Secret& private_pem) {
  Json header = Json::object({{"alg", "RS256"}, {"typ", "JWT"}});
  for (const auto& [name, value] : more) header.add(name, value);
  const std::string signed_part =
      base::print_base64url(print_json(header)) + "." + base::print_base64url(print_json(claims));
  return signed_part + "." + base::print_base64url(base::sign_rsa_sha256(private_pem, signed_part));
}

}  // namespace mxsmith::http
