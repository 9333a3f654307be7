#include "support/rsa_signature.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>

namespace mxsmith::tests {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

const unsigned char* octets_at(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

bool is_rsa_sha256_signature(const std::string& public_pem, std::string_view octets,
                             std::string_view signature) {
  const std::unique_ptr<BIO, Free> text(
      BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(
      PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (!key || EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
    throw std::runtime_error("this is no public key: " + public_pem);
  }
  const bool good = EVP_DigestVerify(context.get(), octets_at(signature), signature.size(),
                                     octets_at(octets), octets.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace mxsmith::tests
