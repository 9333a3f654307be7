#include "base/signature.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/error.hpp"

namespace mxsmith::base {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

[[noreturn]] void refuse(const std::string& why) {
  ERR_clear_error();
  throw Error(ErrorKind::auth, "the private key " + why);
}

/// OpenSSL would ask for it at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

std::unique_ptr<EVP_PKEY, Free> parse_key(const std::string& pem) {
  const std::unique_ptr<BIO, Free> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!text) refuse("could not be read: no memory");
  std::unique_ptr<EVP_PKEY, Free> key(
      PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr));
  if (!key) refuse("is none that can be read: it should be PEM, not encrypted");
  if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) refuse("is no RSA key");
  return key;
}

}  // namespace

std::string sign_rsa_sha256(const Secret& private_pem, std::string_view octets) {
  const auto key = parse_key(private_pem.reveal());
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  // RSA keys are used with the padding of PKCS #1 v1.5 unless another one is asked for.
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
    refuse("cannot be used for signing");
  }
  const auto* data = reinterpret_cast<const unsigned char*>(octets.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, data, octets.size()) != 1) {
    refuse("cannot be used for signing");
  }
  std::string signature(size, '\0');
  auto* room = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), room, &size, data, octets.size()) != 1) {
    refuse("could not sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace mxsmith::base
