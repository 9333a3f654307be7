// DKIM key records (RFC 6376 section 3.6.1, RFC 8301, RFC 8463) and the keys in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parsed.hpp"
#include "mail/difference.hpp"
#include "mail/finding.hpp"
#include "mail/public_key.hpp"

namespace mxsmith::mail {

/// A DKIM key record. Lists are empty when the tag is absent.
struct DkimKey {
  std::string algorithm = "rsa";           ///< k=: "rsa" or "ed25519" (RFC 8463).
  std::string public_key = {};             ///< p=, base64 without white space; empty when revoked.
  bool testing = false;                    ///< t=y
  bool exact_domain = false;               ///< t=s: nobody signs for subdomains with it.
  std::vector<std::string> hashes = {};    ///< h=, lower case; empty: any.
  std::vector<std::string> services = {};  ///< s=; empty: "*".
  std::vector<std::string> other_flags = {};  ///< Of t=, beside y and s; verifiers ignore them.
  std::string notes = {};                     ///< n=, as spelled.
  bool versioned = true;                      ///< Begins with v=DKIM1, which it should.

  [[nodiscard]] bool revoked() const { return public_key.empty(); }
  /// The key of p=; nothing when it is revoked or cannot be read, or is not what k= says.
  [[nodiscard]] std::optional<PublicKey> decoded() const;
  /// Size of an RSA modulus, read from the DER of p=; 256 for Ed25519; nothing if it cannot be
  /// told.
  [[nodiscard]] std::optional<unsigned> bits() const;
  /// "RSA 2048, 5f1c..9a": algorithm, bits and ends of the SHA-256 of the key.
  [[nodiscard]] std::string describe() const;
  /// Whether a verifier may use it for mail signed with SHA-256: h= and s= allow that.
  [[nodiscard]] bool serves_mail() const;

  friend bool operator==(const DkimKey&, const DkimKey&) = default;
};

/// As verifiers read it, without decoding the key. Nothing when the value is not a DKIM key record:
/// no p=, a broken list, or a v= that is not the first tag with exactly "DKIM1".
std::optional<DkimKey> parse_dkim(std::string_view octets);
std::string print_dkim(const DkimKey& key);

/// A record with all that is to be said of it.
struct DkimReading : Reading<DkimKey> {
  std::optional<PublicKey> key;  ///< What p= holds, whatever k= says.
};
/// Reads also what parse_dkim refuses, as far as it can be told what was meant. `cache` keeps what
/// was decoded; its rules all begin with "dkim-" or "txt-".
DkimReading read_dkim(std::string_view octets, KeyCache& cache);
DkimReading read_dkim(std::string_view octets);

/// From PEM ("-----BEGIN PUBLIC KEY-----") or bare base64; faults for anything that is not a public
/// key.
base::Parsed<DkimKey> dkim_key_from_text(std::string_view pem_or_base64);

/// Whether both hold the same key, however it is spelled or laid out; two revoked ones do.
bool same_key(const DkimKey& a, const DkimKey& b);

/// What changes for those who verify when `after` takes the place of `before`: tag "p" for another
/// key ("rotated"), a revoked one or one brought back; h, k, s and t by what they let through.
Differences compare_dkim(const DkimKey& before, const DkimKey& after);

}  // namespace mxsmith::mail
