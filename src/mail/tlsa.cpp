#include "mail/tlsa.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/digest.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::array<std::string_view, 4> kUsages = {"PKIX-TA", "PKIX-EE", "DANE-TA", "DANE-EE"};
constexpr std::array<std::string_view, 2> kSelectors = {"Cert", "SPKI"};
constexpr std::array<std::string_view, 3> kMatchings = {"Full", "SHA2-256", "SHA2-512"};
constexpr std::size_t kSha256Octets = 32;
constexpr std::size_t kSha512Octets = 64;

template <std::size_t kCount>
std::string named(const std::array<std::string_view, kCount>& names, std::uint8_t value) {
  const std::string number = std::to_string(value);
  return value < kCount ? std::string(names.at(value)) + "(" + number + ")" : number;
}

std::string hashed(const EVP_MD* method, std::string_view octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(octets.data(), octets.size(), digest.data(), &length, method, nullptr) != 1) {
    return {};
  }
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::optional<std::string> association(const Certificate& from, std::uint8_t selector,
                                       std::uint8_t matching) {
  if (selector > 1) return {};
  const std::string& octets = selector == 0 ? from.der : from.spki;
  if (octets.empty()) return {};
  switch (matching) {
    case 0: return octets;
    case 1: return hashed(EVP_sha256(), octets);
    case 2: return hashed(EVP_sha512(), octets);
    default: return {};
  }
}

bool fits(const dns::Tlsa& record, const Certificate& certificate) {
  const auto wanted = association(certificate, record.selector, record.matching_type);
  return wanted && *wanted == record.association;
}

bool has_right_length(const dns::Tlsa& record) {
  const std::size_t size = record.association.size();
  if (record.matching_type == 1) return size == kSha256Octets;
  if (record.matching_type == 2) return size == kSha512Octets;
  if (record.selector == 0) return read_certificates(record.association).ok();
  const auto key = read_key_or_certificate(record.association);
  return key.ok() && key->der.empty();
}

TlsaMatch match_anchor(const dns::Tlsa& record, const std::vector<Certificate>& chain) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!fits(record, chain[i])) continue;
    for (std::size_t below = 0; below < i; ++below) {
      if (!is_issued_by(chain[below], chain[below + 1])) return TlsaMatch::chain_broken;
    }
    return TlsaMatch::matched;
  }
  return TlsaMatch::not_in_chain;
}

void check_one(const dns::Tlsa& record, std::size_t at, Findings& findings) {
  if (record.usage < 2) {
    findings.error("dane-usage", {at, 1},
                   "usage " + named(kUsages, record.usage) + " is not for SMTP: senders ignore it",
                   "3 1 1 for the server's own key, 2 1 1 for its authority");
  } else if (record.usage > 3) {
    findings.error("dane-usage", {at, 1},
                   "usage " + std::to_string(record.usage) + " is not known: senders ignore it",
                   "3 or 2");
  }
  if (record.selector > 1) {
    findings.error("dane-selector", {at, 1},
                   "selector " + std::to_string(record.selector) + " is not known",
                   "1 for the key, 0 for the certificate");
  } else if (record.usage == 3 && record.selector == 0) {
    findings.warning("dane-selector-cert", {at, 1},
                     "the record changes with each renewal of the certificate",
                     "3 1 1 lasts as long as the key");
  }
  if (record.matching_type > 2) {
    findings.error("dane-mtype", {at, 1},
                   "matching type " + std::to_string(record.matching_type) + " is not known",
                   "1 for SHA-256");
    return;
  }
  if (record.matching_type == 0) {
    findings.warning("dane-mtype0", {at, 1}, "matching type 0 makes large answers",
                     "1 for SHA-256");
  }
  if (record.selector <= 1 && !has_right_length(record)) {
    findings.error("dane-data-length", {at, 1},
                   std::to_string(record.association.size()) +
                       " octets of data, which is not what the matching type says",
                   "32 octets for SHA-256, 64 for SHA-512, DER for 0");
  }
}

}  // namespace

std::string describe_tlsa(const dns::Tlsa& record) {
  const std::string data = base::hex(record.association);
  return named(kUsages, record.usage) + " " + named(kSelectors, record.selector) + " " +
         named(kMatchings, record.matching_type) + " " +
         (data.size() > 8 ? data.substr(0, 4) + ".." + data.substr(data.size() - 2) : data);
}

base::Parsed<dns::Tlsa> make_tlsa(const Certificate& from, TlsaUsage usage, TlsaSelector selector,
                                  TlsaMatching matching) {
  dns::Tlsa record;
  record.usage = static_cast<std::uint8_t>(usage);
  record.selector = static_cast<std::uint8_t>(selector);
  record.matching_type = static_cast<std::uint8_t>(matching);
  auto data = association(from, record.selector, record.matching_type);
  if (!data) {
    return base::Fault{"selector 0 needs the certificate, and here is a key only",
                       "give the certificate, or use selector 1"};
  }
  record.association = *std::move(data);
  return record;
}

base::Parsed<dns::Name> tlsa_name(const dns::Name& exchange, std::uint16_t port) {
  const auto protocol = exchange.child("_tcp");
  return protocol ? protocol->child("_" + std::to_string(port)) : protocol;
}

bool is_usable_for_smtp(const dns::Tlsa& record) {
  return (record.usage == 2 || record.usage == 3) && record.selector <= 1 &&
         record.matching_type <= 2 && has_right_length(record);
}

Findings check_tlsa(const std::vector<dns::Tlsa>& set) {
  Findings findings;
  for (std::size_t i = 0; i < set.size(); ++i) check_one(set[i], i, findings);
  const auto usable = std::count_if(set.begin(), set.end(), is_usable_for_smtp);
  if (usable == 0) return findings;
  const bool only_sha512 = std::all_of(set.begin(), set.end(), [](const dns::Tlsa& record) {
    return !is_usable_for_smtp(record) || record.matching_type == 2;
  });
  // RFC 6698 section 6 obliges everybody to SHA-256 only.
  if (only_sha512) {
    findings.warning("dane-mtype-sha512-only", {0, set.size()},
                     "no record with SHA-256, which is all that every sender knows",
                     "publish 3 1 1 too");
  }
  if (usable == 1) {
    findings.info("dane-rollover-missing", {0, set.size()},
                  "one record only: the next key has to be published before it is used");
  }
  return findings;
}

TlsaMatch match_tlsa(const dns::Tlsa& record, const std::vector<Certificate>& chain) {
  if (!is_usable_for_smtp(record)) return TlsaMatch::unusable;
  if (record.usage == 2) return match_anchor(record, chain);
  return !chain.empty() && fits(record, chain.front()) ? TlsaMatch::matched : TlsaMatch::mismatched;
}

Findings check_tlsa_chain(const std::vector<dns::Tlsa>& set,
                          const std::vector<Certificate>& chain) {
  Findings findings;
  std::optional<std::size_t> anchor;
  std::optional<std::size_t> other;
  for (std::size_t i = 0; i < set.size(); ++i) {
    switch (match_tlsa(set[i], chain)) {
      case TlsaMatch::matched: return {};
      case TlsaMatch::unusable: break;
      case TlsaMatch::not_in_chain: anchor = anchor.value_or(i); break;
      case TlsaMatch::mismatched:
      case TlsaMatch::chain_broken: other = other.value_or(i); break;
    }
  }
  const std::string outcome = ": senders that check DANE do not deliver";
  if (other) {
    findings.error("dane-cert-mismatch", {*other, 1},
                   "no record matches what the server presents" + outcome,
                   "publish a record for its key before the key is used");
  } else if (anchor) {
    findings.error("dane-ta-not-in-chain", {*anchor, 1},
                   "the server does not send the certificate of its authority" + outcome,
                   "let it send the whole chain, the authority included");
  }
  return findings;
}

Differences compare_tlsa(const std::vector<dns::Tlsa>& before,
                         const std::vector<dns::Tlsa>& after) {
  using Effect = Difference::Effect;
  const auto is_in = [](const std::vector<dns::Tlsa>& set, const dns::Tlsa& record) {
    return std::find(set.begin(), set.end(), record) != set.end();
  };
  const bool was = std::any_of(before.begin(), before.end(), is_usable_for_smtp);
  const bool is = std::any_of(after.begin(), after.end(), is_usable_for_smtp);
  Differences result;
  if (was != is) {
    result.push_back({is ? Effect::stricter : Effect::weaker, "tlsa",
                      is ? "senders check the certificate by DANE"
                         : "senders no longer check the certificate by DANE",
                      "mail to this host"});
  }
  for (const dns::Tlsa& record : before) {
    if (is_in(after, record) || !is_usable_for_smtp(record)) continue;
    result.push_back({Effect::stricter, "tlsa", "no longer accepted: " + describe_tlsa(record),
                      "mail to this host, if its server presents that"});
  }
  for (const dns::Tlsa& record : after) {
    if (is_in(before, record) || !is_usable_for_smtp(record)) continue;
    result.push_back({Effect::neutral, "tlsa", "accepted: " + describe_tlsa(record), {}});
  }
  return result;
}

}  // namespace mxsmith::mail
