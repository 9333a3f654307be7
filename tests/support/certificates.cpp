#include "support/certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace mxsmith::tests {

namespace {

template <auto Free>
struct Cleanup {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Cleanup<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Cleanup<X509_free>>;
using Memory = std::unique_ptr<BIO, Cleanup<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Cleanup<X509_EXTENSION_free>>;

void demand(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  demand(key != nullptr, "make a key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  demand(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add an extension");
}

struct Wanted {
  const char* name;
  long serial;
  const char* alternative_names;  ///< Null: an authority.
  long first_day;                 ///< From today.
  long last_day;
};

Certificate make_certificate(const Wanted& wanted, EVP_PKEY* key, X509* issuer,
                             EVP_PKEY* issuer_key) {
  constexpr long kDay = 24L * 60 * 60;
  Certificate certificate(X509_new());
  X509* const made = certificate.get();
  demand(made != nullptr && X509_set_version(made, 2) == 1, "make a certificate");
  ASN1_INTEGER_set(X509_get_serialNumber(made), wanted.serial);
  X509_gmtime_adj(X509_getm_notBefore(made), wanted.first_day * kDay);
  X509_gmtime_adj(X509_getm_notAfter(made), wanted.last_day * kDay);
  X509_set_pubkey(made, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wanted.name), -1, -1, 0);
  X509* const signer = issuer == nullptr ? made : issuer;
  X509_set_issuer_name(made, X509_get_subject_name(signer));
  if (wanted.alternative_names == nullptr) {
    add_extension(made, signer, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    add_extension(made, signer, NID_subject_alt_name, wanted.alternative_names);
  }
  demand(X509_sign(made, issuer_key, EVP_sha256()) > 0, "sign a certificate");
  return certificate;
}

std::string text_of(const Memory& memory) {
  char* octets = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &octets);
  return {octets, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  demand(PEM_write_bio_X509(memory.get(), certificate) == 1, "write a certificate");
  return text_of(memory);
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  demand(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "write a key");
  return text_of(memory);
}

}  // namespace

Identity make_identity(CertificateFault fault) {
  const Key authority_key = make_key();
  const Certificate authority = make_certificate({"mxsmith test authority", 1, nullptr, -30, 30},
                                                 authority_key.get(), nullptr, authority_key.get());
  const Key key = make_key();
  Wanted wanted{"test server", 2, "IP:127.0.0.1,DNS:localhost", -1, 30};
  if (fault == CertificateFault::wrong_name) wanted.alternative_names = "DNS:other.example";
  if (fault == CertificateFault::expired) {
    wanted.first_day = -20;
    wanted.last_day = -10;
  }
  const bool alone = fault == CertificateFault::self_signed;
  const Certificate certificate =
      make_certificate(wanted, key.get(), alone ? nullptr : authority.get(),
                       alone ? key.get() : authority_key.get());
  return {pem_of(key.get()), pem_of(certificate.get()), pem_of(authority.get())};
}

struct ServerTls::Impl {
  std::unique_ptr<SSL_CTX, Cleanup<SSL_CTX_free>> context{SSL_CTX_new(TLS_server_method())};
};

ServerTls::ServerTls(const Identity& identity) : impl_(std::make_unique<Impl>()) {
  SSL_CTX* const context = impl_->context.get();
  demand(context != nullptr, "start TLS");
  const Memory certificate(
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())));
  const Memory key(BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())));
  const Certificate parsed(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  const Key parsed_key(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  demand(SSL_CTX_use_certificate(context, parsed.get()) == 1, "use a certificate");
  demand(SSL_CTX_use_PrivateKey(context, parsed_key.get()) == 1, "use a key");
}

ServerTls::~ServerTls() = default;

ssl_st* ServerTls::session(int socket) const {
  SSL* const session = SSL_new(impl_->context.get());
  demand(session != nullptr && SSL_set_fd(session, socket) == 1, "start a TLS session");
  return session;
}

}  // namespace mxsmith::tests
