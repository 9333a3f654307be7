#include "mail/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/digest.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::size_t kEd25519Octets = 32;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(char* text) const { OPENSSL_free(text); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Number = std::unique_ptr<BIGNUM, Free>;

/// Failed attempts at reading a key leave nothing in OpenSSL's queue of errors.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

const unsigned char* bytes(std::string_view octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

struct Read {
  Key key;
  KeyForm form = KeyForm::spki;
  std::size_t used = 0;
};

Read read_der(std::string_view der) {
  Read read;
  const unsigned char* at = bytes(der);
  read.key.reset(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!read.key) {
    at = bytes(der);
    read.key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size())));
    read.form = KeyForm::pkcs1;
  }
  if (read.key) read.used = static_cast<std::size_t>(at - bytes(der));
  return read;
}

std::string spki_of(EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(&key, &der);
  if (length <= 0) return {};
  std::string octets(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return octets;
}

std::string raw_of(const EVP_PKEY& key) {
  std::string octets(kEd25519Octets, '\0');
  std::size_t length = octets.size();
  const int done =
      EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(octets.data()), &length);
  return done == 1 && length == kEd25519Octets ? octets : std::string();
}

/// One DER value (X.690 section 8.1).
std::string der_value(char tag, std::string_view content) {
  std::string result(1, tag);
  if (content.size() < 0x80) {
    result += static_cast<char>(content.size());
  } else {
    std::string length;
    for (std::size_t rest = content.size(); rest != 0; rest >>= 8) {
      length.insert(length.begin(), static_cast<char>(rest & 0xff));
    }
    result.append(1, static_cast<char>(0x80 | length.size())).append(length);
  }
  return result.append(content);
}

std::string der_integer(const BIGNUM& number) {
  // One octet more than needed, for the sign, which a positive number must not set.
  std::string octets(static_cast<std::size_t>(BN_num_bits(&number) / 8 + 1), '\0');
  BN_bn2binpad(&number, reinterpret_cast<unsigned char*>(octets.data()),
               static_cast<int>(octets.size()));
  return der_value('\x02', octets);
}

/// SubjectPublicKeyInfo by hand: i2d_PUBKEY takes as long as decoding.
std::string rsa_spki(const BIGNUM& modulus, const BIGNUM& exponent) {
  constexpr std::string_view kRsaEncryption(
      "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15);
  const std::string key = der_value('\x30', der_integer(modulus) + der_integer(exponent));
  std::string content(kRsaEncryption);
  return der_value('\x30', content.append(der_value('\x03', std::string(1, '\0') + key)));
}

Number number_of(const EVP_PKEY& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &number);
  return Number(number);
}

/// The keys of RFC 6376 appendix C and RFC 8463 appendix A, whose private halves stand beside them.
bool is_published(const std::string& digest) {
  static constexpr std::array<std::string_view, 3> kDigests = {
      "dba3f0cb69f06d70e41abc6ac5812bc3d2639a24b621ba5d241202ac89cb7b9c",
      "362d9a99501883f6d1ac717c53fff96582fb0a7c52464cb64b9082aa887bc7b4",
      "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9"};
  return std::find(kDigests.begin(), kDigests.end(), digest) != kDigests.end();
}

constexpr std::array<unsigned, 39> kSmallPrimes = {
    2,  3,  5,  7,  11, 13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67, 71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

/// Whether `rest` is a power of 65537 modulo `prime`.
bool is_power_of_f4(unsigned rest, unsigned prime) {
  const unsigned step = 65537U % prime;
  unsigned power = 1;
  for (unsigned i = 0; i < prime; ++i) {
    if (power == rest) return true;
    power = power * step % prime;
  }
  return false;
}

KeyWeakness modulus_weakness(const BIGNUM& modulus) {
  bool roca = true;
  for (const unsigned prime : kSmallPrimes) {
    const auto rest = static_cast<unsigned>(BN_mod_word(&modulus, prime));
    if (rest == 0) return KeyWeakness::small_factor;
    // Such moduli are powers of 65537 modulo every small prime; among others one in 2^27 is so.
    roca = roca && (prime == 2 || is_power_of_f4(rest, prime));
  }
  return roca ? KeyWeakness::roca : KeyWeakness::none;
}

void add_rsa(PublicKey& result, EVP_PKEY& key) {
  result.kind = KeyKind::rsa;
  result.kind_name = "RSA";
  result.bits = static_cast<unsigned>(EVP_PKEY_get_bits(&key));
  const Number exponent = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  const Number modulus = number_of(key, OSSL_PKEY_PARAM_RSA_N);
  if (!exponent || !modulus) {
    result.canonical = spki_of(key);
    return;
  }
  result.canonical = rsa_spki(*modulus, *exponent);
  const std::unique_ptr<char, Free> digits(BN_bn2dec(exponent.get()));
  if (digits) result.exponent = digits.get();
  result.weakness = modulus_weakness(*modulus);
  if (BN_is_one(exponent.get()) || !BN_is_odd(exponent.get())) {
    result.weakness = KeyWeakness::exponent;
  }
}

void add_ed25519(PublicKey& result, std::string raw) {
  result.kind = KeyKind::ed25519;
  result.kind_name = "Ed25519";
  result.bits = 256;
  result.canonical = std::move(raw);
}

void add_digest(PublicKey& key) {
  key.digest = base::sha256_hex(key.canonical);
  if (is_published(key.digest)) key.weakness = KeyWeakness::published;
}

}  // namespace

std::optional<PublicKey> decode_public_key(std::string_view octets) {
  PublicKey result;
  if (octets.size() == kEd25519Octets) {
    result.form = KeyForm::raw;
    add_ed25519(result, std::string(octets));
    add_digest(result);
    return result;
  }
  const QuietErrors quiet;
  const Read read = read_der(octets);
  if (!read.key) return {};
  result.form = read.form;
  result.trailing = octets.size() - read.used;
  switch (EVP_PKEY_get_base_id(read.key.get())) {
    case EVP_PKEY_RSA: add_rsa(result, *read.key); break;
    case EVP_PKEY_ED25519: add_ed25519(result, raw_of(*read.key)); break;
    default:
      if (const char* name = EVP_PKEY_get0_type_name(read.key.get())) result.kind_name = name;
      result.bits = static_cast<unsigned>(std::max(0, EVP_PKEY_get_bits(read.key.get())));
      result.canonical = spki_of(*read.key);
  }
  add_digest(result);
  return result;
}

bool is_private_key(std::string_view octets) {
  // All three forms are a SEQUENCE, and OpenSSL takes its time to try them one by one.
  if (octets.substr(0, 1) != "\x30") return false;
  const QuietErrors quiet;
  const unsigned char* at = bytes(octets);
  const Key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(octets.size())));
  return key != nullptr;
}

const std::optional<PublicKey>& KeyCache::decode(std::string_view octets) {
  const auto [found, is_new] = keys_.try_emplace(base::sha256_hex(octets));
  if (is_new) found->second = decode_public_key(octets);
  return found->second;
}

}  // namespace mxsmith::mail
