// Certificates and keys of mail servers as files hold them, as far as DANE needs them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"

namespace mxsmith::mail {

struct Certificate {
  std::string der;   ///< The whole certificate; empty when only a key is known.
  std::string spki;  ///< Its SubjectPublicKeyInfo, DER.
};

/// Certificates of a PEM text in order, the server's own first as servers send them, or one in DER.
/// Faults: a private key, nothing that is a certificate.
base::Parsed<std::vector<Certificate>> read_certificates(std::string_view pem_or_der);

/// A public key in PEM or DER (SubjectPublicKeyInfo), or the first certificate's. A private key is
/// refused: it does not belong where records are made.
base::Parsed<Certificate> read_key_or_certificate(std::string_view pem_or_der);

/// Whether `issuer` signed `subject`, by names and signature; validity in time is not looked at.
bool is_issued_by(const Certificate& subject, const Certificate& issuer);

}  // namespace mxsmith::mail
