#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/error.hpp"

namespace mxsmith::base {

std::string hex(std::string_view octets) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view octets) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  if (EVP_Digest(octets.data(), octets.size(), digest.data(), &length, EVP_sha256(), nullptr) !=
          1 ||
      length != digest.size()) {
    throw Error(ErrorKind::unsupported, "this machine's OpenSSL does not offer SHA-256");
  }
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace mxsmith::base
