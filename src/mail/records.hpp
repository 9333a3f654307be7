// Builders and readers of mail records in plain form: DKIM keys, DMARC policies, MTA-STS and
// TLS-RPT records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "dns/name.hpp"

namespace mxsmith::mail {

/// A DKIM key record (RFC 6376 section 3.6.1).
struct DkimKey {
  std::string algorithm = "rsa";  ///< k=: "rsa" or "ed25519" (RFC 8463).
  std::string public_key;         ///< p=, base64 without white space; empty when revoked.
  bool testing = false;           ///< t=y
  [[nodiscard]] bool revoked() const { return public_key.empty(); }
  /// Size of an RSA modulus, read from the DER of p=; 256 for Ed25519; nothing if it cannot be
  /// told.
  [[nodiscard]] std::optional<unsigned> bits() const;
  /// "RSA 2048, 5f1c..9a": algorithm, bits and ends of the SHA-256 of the key.
  [[nodiscard]] std::string describe() const;
};
/// Nothing when the value is not a DKIM key record.
std::optional<DkimKey> parse_dkim(std::string_view octets);
std::string print_dkim(const DkimKey& key);
/// From PEM ("-----BEGIN PUBLIC KEY-----") or bare base64; faults for anything that is not a public
/// key.
base::Parsed<DkimKey> dkim_key_from_text(std::string_view pem_or_base64);

/// A DMARC policy record (RFC 9989 section 4.7). Members are spelled as its tags' names.
struct DmarcPolicy {
  std::string policy;                             ///< p=: none, quarantine, reject
  std::optional<std::string> subdomain_policy;    ///< sp=
  std::optional<std::string> nonexistent_policy;  ///< np=
  std::vector<std::string> rua;                   ///< "mailto:..." URIs
  std::vector<std::string> ruf;
  std::optional<std::string> dkim_alignment;   ///< adkim=: "r" or "s"
  std::optional<std::string> spf_alignment;    ///< aspf=
  std::optional<bool> testing;                 ///< t=
  std::optional<std::string> failure_options;  ///< fo=
  std::optional<std::string> public_suffix;    ///< psd=: "y", "n", "u"
};
std::string print_dmarc(const DmarcPolicy& policy);

/// How strict a DMARC policy word is: none 0, quarantine 1, reject 2; nothing for other words.
std::optional<int> dmarc_strictness(std::string_view policy_word);

/// MTA-STS (RFC 8461). The policy file's text, and an id that changes exactly when the text does.
struct MtaStsPolicy {
  std::string mode = "testing";    ///< testing, enforce, none
  std::uint32_t max_age = 604800;  ///< Seconds, at most 31557600.
  std::vector<std::string> mx;     ///< Host names, or "*.example.com".
};
std::string print_mta_sts_policy(const MtaStsPolicy& policy);
/// 20 alphanumeric signs from the SHA-256 of the policy text (at most 32 are allowed).
std::string mta_sts_id(const MtaStsPolicy& policy);
std::string print_mta_sts_record(const MtaStsPolicy& policy);

/// "v=TLSRPTv1; rua=..." (RFC 8460 section 3).
std::string print_tls_rpt(const std::vector<std::string>& rua);

}  // namespace mxsmith::mail
