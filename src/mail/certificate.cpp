#include "mail/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <limits>
#include <optional>

#include "mail/public_key.hpp"

namespace mxsmith::mail {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(unsigned char* octets) const { OPENSSL_free(octets); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

std::string taken(unsigned char* der, int length) {
  const Owned<unsigned char> owner(der);
  if (der == nullptr || length <= 0) return {};
  return {reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)};
}

std::string der_of(const X509& certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(&certificate, &der);
  return taken(der, length);
}

std::string spki_of(const X509& certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  return taken(der, length);
}

std::string spki_of(const EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(&key, &der);
  return taken(der, length);
}

Owned<X509> parse_der(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return at == end ? std::move(certificate) : Owned<X509>();
}

/// For reading PEM; empty for what is none, and for texts longer than any file of certificates.
Owned<BIO> memory_of(std::string_view text) {
  if (text.find("-----BEGIN ") == std::string_view::npos) return {};
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// A private key is looked for by its label, and never asked a password for.
bool holds_private_key(std::string_view text) {
  return text.find("PRIVATE KEY-----") != std::string_view::npos ||
         (text.find("-----BEGIN") == std::string_view::npos && is_private_key(text));
}

base::Fault private_key() {
  return {"a private key is in it, which must not leave the server",
          "give the certificate, or: openssl pkey -in private.pem -pubout"};
}

}  // namespace

base::Parsed<std::vector<Certificate>> read_certificates(std::string_view pem_or_der) {
  const QuietErrors quiet;
  std::vector<Certificate> result;
  if (const Owned<X509> one = parse_der(pem_or_der)) {
    result.push_back({der_of(*one), spki_of(*one)});
    return result;
  }
  if (holds_private_key(pem_or_der)) return private_key();
  if (const Owned<BIO> bio = memory_of(pem_or_der)) {
    while (const Owned<X509> one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
      result.push_back({der_of(*one), spki_of(*one)});
    }
  }
  if (result.empty()) {
    return base::Fault{"no certificate is in it", "PEM begins with -----BEGIN CERTIFICATE-----"};
  }
  return result;
}

base::Parsed<Certificate> read_key_or_certificate(std::string_view pem_or_der) {
  const QuietErrors quiet;
  const auto* at = reinterpret_cast<const unsigned char*>(pem_or_der.data());
  const auto* end = at + pem_or_der.size();
  Owned<EVP_PKEY> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(pem_or_der.size())));
  if (key && at == end) return Certificate{{}, spki_of(*key)};
  if (auto certificates = read_certificates(pem_or_der)) return certificates->front();
  if (holds_private_key(pem_or_der)) return private_key();
  key.reset();
  if (const Owned<BIO> bio = memory_of(pem_or_der)) {
    key.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  }
  if (key) return Certificate{{}, spki_of(*key)};
  return base::Fault{"neither a certificate nor a public key is in it",
                     "PEM begins with -----BEGIN CERTIFICATE----- or -----BEGIN PUBLIC KEY-----"};
}

bool is_issued_by(const Certificate& subject, const Certificate& issuer) {
  const QuietErrors quiet;
  const Owned<X509> below = parse_der(subject.der);
  const Owned<X509> above = parse_der(issuer.der);
  if (!below || !above || X509_check_issued(above.get(), below.get()) != X509_V_OK) return false;
  EVP_PKEY* key = X509_get0_pubkey(above.get());
  return key != nullptr && X509_verify(below.get(), key) == 1;
}

}  // namespace mxsmith::mail
