// Certificates made while a test runs: an authority, and servers it vouches for, rightly or not.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

struct ssl_st;

namespace mxsmith::tests {

/// What is wrong with a server's certificate.
enum class CertificateFault { none, self_signed, wrong_name, expired };

/// A key and a certificate for 127.0.0.1 and localhost, with the authority that signed it.
struct Identity {
  std::string key;          ///< PEM
  std::string certificate;  ///< PEM
  std::string authority;    ///< PEM; of what a client is told to trust.
};

/// Made anew by each call: elliptic curve keys, which take a millisecond.
Identity make_identity(CertificateFault fault = CertificateFault::none);

/// The server's side of TLS with an identity.
class ServerTls {
 public:
  explicit ServerTls(const Identity& identity);
  ~ServerTls();
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  /// A session on a connected socket, before its handshake. To be freed with SSL_free.
  [[nodiscard]] ssl_st* session(int socket) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mxsmith::tests
