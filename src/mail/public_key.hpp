// Public keys as records hold them, decoded once by OpenSSL into what rules and comparisons need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mxsmith::mail {

enum class KeyKind : std::uint8_t { rsa, ed25519, other };
/// How the octets were laid out: SubjectPublicKeyInfo (RFC 5280 section 4.1), RSAPublicKey
/// (RFC 8017 appendix A.1.1), or the 32 octets of an Ed25519 key alone (RFC 8463 section 4).
enum class KeyForm : std::uint8_t { spki, pkcs1, raw };
/// Why a key of the right size protects nothing.
enum class KeyWeakness : std::uint8_t {
  none,
  exponent,      ///< RSA with an exponent of 1 or an even one.
  small_factor,  ///< A small prime divides the modulus: it was cut or mistyped.
  roca,          ///< Made by the library of CVE-2017-15361, can be factored.
  published,     ///< The private key stands in an RFC.
};

struct PublicKey {
  KeyKind kind = KeyKind::other;
  KeyForm form = KeyForm::spki;
  unsigned bits = 0;      ///< Of an RSA modulus; 256 for Ed25519.
  std::string exponent;   ///< RSA: decimal digits.
  std::string canonical;  ///< As DKIM publishes it: RSA as SPKI, Ed25519 as its 32 octets.
  std::string digest;     ///< SHA-256 of `canonical`, hexadecimal: equal for equal keys.
  std::string kind_name;  ///< "RSA", "Ed25519", "EC".
  KeyWeakness weakness = KeyWeakness::none;
  std::size_t trailing = 0;  ///< Octets behind the key.
};

/// Nothing for octets that hold no public key in one of the three forms. A key with octets behind
/// it is read, see `trailing`.
std::optional<PublicKey> decode_public_key(std::string_view octets);

/// Whether the octets are a private key (PKCS#1, PKCS#8 or SEC 1 DER).
bool is_private_key(std::string_view octets);

/// Keys by digest of their octets, so that one which many records hold is decoded once. Not for
/// several threads at once.
class KeyCache {
 public:
  /// As decode_public_key; valid as long as the cache.
  const std::optional<PublicKey>& decode(std::string_view octets);
  [[nodiscard]] std::size_t decoded() const { return keys_.size(); }  ///< How many were.

 private:
  std::unordered_map<std::string, std::optional<PublicKey>> keys_;
};

}  // namespace mxsmith::mail
