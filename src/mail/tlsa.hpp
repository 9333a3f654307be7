// TLSA records (RFC 6698, RFC 7671) as SMTP uses them (RFC 7672): made from certificates and keys,
// held against what a server presents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/rdata.hpp"
#include "mail/certificate.hpp"
#include "mail/difference.hpp"
#include "mail/finding.hpp"

namespace mxsmith::mail {

/// RFC 6698 section 2.1.1, with the names of RFC 7218.
enum class TlsaUsage : std::uint8_t { pkix_ta = 0, pkix_ee = 1, dane_ta = 2, dane_ee = 3 };
enum class TlsaSelector : std::uint8_t { certificate = 0, key = 1 };          ///< Section 2.1.2.
enum class TlsaMatching : std::uint8_t { full = 0, sha256 = 1, sha512 = 2 };  ///< Section 2.1.3.

/// "DANE-EE(3) SPKI(1) SHA2-256(1) 1f3c..9a"; numbers alone for values nobody has named.
std::string describe_tlsa(const dns::Tlsa& record);

/// The record for a certificate, or of selector `key` for a key alone. A fault for the certificate
/// of a key alone.
base::Parsed<dns::Tlsa> make_tlsa(const Certificate& from, TlsaUsage usage, TlsaSelector selector,
                                  TlsaMatching matching);

/// _25._tcp below the exchange (RFC 7672 section 2.2.3); a fault when it would be too long.
base::Parsed<dns::Name> tlsa_name(const dns::Name& exchange, std::uint16_t port = 25);

/// Whether senders of mail can use the record: usage 2 or 3, a known selector and matching type,
/// data of the right length (RFC 7672 section 3.1).
bool is_usable_for_smtp(const dns::Tlsa& record);

/// What is to be said of a set by itself. Places count records, as in check_mx. Rules dane-usage,
/// dane-selector, dane-mtype, dane-data-length, dane-selector-cert, dane-mtype0,
/// dane-mtype-sha512-only, dane-rollover-missing.
Findings check_tlsa(const std::vector<dns::Tlsa>& set);

enum class TlsaMatch : std::uint8_t {
  matched,
  unusable,      ///< Senders ignore the record.
  mismatched,    ///< Usage 3: the server's certificate is another one.
  not_in_chain,  ///< Usage 2: no certificate of the chain is the one that is meant.
  chain_broken,  ///< Usage 2: it is there, and did not issue what stands before it.
};
/// Holds one record against a chain, the server's own certificate first. Names and expiry, which
/// count for usage 2 (RFC 7672 sections 3.1.2 and 3.2), are not looked at.
TlsaMatch match_tlsa(const dns::Tlsa& record, const std::vector<Certificate>& chain);

/// Whether mail goes through: no record is usable, or one of them matches (RFC 7672 section 2.2).
/// Rules dane-cert-mismatch, dane-ta-not-in-chain.
Findings check_tlsa_chain(const std::vector<dns::Tlsa>& set, const std::vector<Certificate>& chain);

/// Records that come and go, as senders see them: a set without a usable record is no DANE.
Differences compare_tlsa(const std::vector<dns::Tlsa>& before, const std::vector<dns::Tlsa>& after);

}  // namespace mxsmith::mail
