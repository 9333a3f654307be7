#include "base/key_pair.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

#include "base/error.hpp"

namespace mxsmith::base {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;
using Bio = std::unique_ptr<BIO, Free>;

[[noreturn]] void fail(const char* doing) {
  std::array<char, 256> words{};
  ERR_error_string_n(ERR_get_error(), words.data(), words.size());
  ERR_clear_error();
  throw Error(ErrorKind::unsupported,
              std::string("OpenSSL could not ") + doing + ": " + words.data());
}

/// What was written into it.
std::string octets_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Bio memory() {
  // Secure memory is wiped when it is freed; without a secure heap OpenSSL takes usual memory and
  // wipes that.
  Bio bio(BIO_new(BIO_s_secmem()));
  if (!bio) fail("get memory for a key");
  return bio;
}

KeyPair pair_of(EVP_PKEY& key) {
  const Bio secret = memory();
  if (PEM_write_bio_PKCS8PrivateKey(secret.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) !=
      1) {
    fail("write the private key");
  }
  const Bio open = memory();
  if (PEM_write_bio_PUBKEY(open.get(), &key) != 1) fail("write the public key");
  return {Secret(octets_of(*secret)), octets_of(*open)};
}

KeyPair generate(EVP_PKEY_CTX& context) {
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_generate(&context, &made) != 1) fail("make a key");
  const Key key(made);
  return pair_of(*key);
}

Context context_for(int kind) {
  Context context(EVP_PKEY_CTX_new_id(kind, nullptr));
  if (!context || EVP_PKEY_keygen_init(context.get()) != 1) fail("start to make a key");
  return context;
}

}  // namespace

KeyPair make_rsa_pair(unsigned bits) {
  const Context context = context_for(EVP_PKEY_RSA);
  if (EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) != 1) {
    fail("set the size of the key");
  }
  return generate(*context);
}

KeyPair make_ed25519_pair() { return generate(*context_for(EVP_PKEY_ED25519)); }

}  // namespace mxsmith::base
