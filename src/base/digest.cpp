#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <memory>

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
  return sha256_hex(std::span<const std::string_view>(&octets, 1));
}

std::string sha256_hex(std::span<const std::string_view> parts) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (const std::string_view part : parts) {
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1;
  if (!good || length != digest.size()) {
    throw Error(ErrorKind::unsupported, "this machine's OpenSSL does not offer SHA-256");
  }
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string hmac_sha256(std::string_view key, std::string_view octets) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(octets.data());
  const unsigned char* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text,
                                   octets.size(), digest.data(), &length);
  if (done == nullptr || length != digest.size()) {
    throw Error(ErrorKind::unsupported, "this machine's OpenSSL does not offer HMAC by SHA-256");
  }
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace mxsmith::base
