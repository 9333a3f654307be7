#include "mail/rules/txt_kind.hpp"

#include <array>

#include "base/text.hpp"

namespace mxsmith::mail {
namespace {

struct Version {
  std::string_view word;
  TxtKind kind;
};
constexpr std::array kVersions = {
    Version{"spf", TxtKind::spf},        Version{"dkim", TxtKind::dkim},
    Version{"dmarc", TxtKind::dmarc},    Version{"sts", TxtKind::mta_sts},
    Version{"tlsrpt", TxtKind::tls_rpt}, Version{"bimi", TxtKind::bimi},
};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view take_label(std::string_view& wire) {
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(wire.front()));
  const std::string_view label = wire.substr(1, size);
  wire.remove_prefix(size + 1);
  return label;
}

}  // namespace

std::string_view txt_kind_phrase(TxtKind kind) {
  switch (kind) {
    case TxtKind::spf: return "an SPF record";
    case TxtKind::dkim: return "a DKIM key";
    case TxtKind::dmarc: return "a DMARC record";
    case TxtKind::mta_sts: return "an MTA-STS record";
    case TxtKind::tls_rpt: return "a TLS-RPT record";
    case TxtKind::bimi: return "a BIMI record";
    case TxtKind::other: break;
  }
  return "";
}

TxtKind txt_kind_of(std::string_view octets) {
  constexpr std::size_t kMostBefore = 8;
  std::size_t at = 0;
  while (at < octets.size() && at < kMostBefore && !is_letter_or_digit(octets[at])) ++at;
  if (at == octets.size() || (octets[at] != 'v' && octets[at] != 'V')) return TxtKind::other;
  ++at;
  while (at < octets.size() && octets[at] == ' ') ++at;
  if (at == octets.size() || octets[at] != '=') return TxtKind::other;
  ++at;
  while (at < octets.size() && octets[at] == ' ') ++at;
  for (const Version& version : kVersions) {
    if (base::equals_ignoring_case(octets.substr(at, version.word.size()), version.word)) {
      return version.kind;
    }
  }
  return TxtKind::other;
}

TxtKind txt_kind_at(const dns::Name& name) {
  std::string_view rest = name.wire();
  if (rest.size() < 2) return TxtKind::other;
  const std::string_view first = take_label(rest);
  if (first == "_dmarc") return TxtKind::dmarc;
  if (first == "_mta-sts") return TxtKind::mta_sts;
  std::string_view before = first;
  while (rest.size() > 1) {
    const std::string_view label = take_label(rest);
    if (before == "_smtp" && label == "_tls") return TxtKind::tls_rpt;
    // RFC 9990 section 4: where a receiver of reports agrees to take those of others.
    if (before == "_report" && label == "_dmarc") return TxtKind::dmarc;
    if (label == "_bimi") return TxtKind::bimi;
    if (label == "_domainkey") return TxtKind::dkim;
    before = label;
  }
  return TxtKind::other;
}

}  // namespace mxsmith::mail
