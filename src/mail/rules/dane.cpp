// Rules about TLSA records: what can be said of a set, and the table's rows.
#include <algorithm>
#include <array>
#include <vector>

#include "mail/rules/dane_rows.hpp"
#include "mail/rules/every_set.hpp"
#include "mail/rules/record_findings.hpp"
#include "mail/tlsa.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint16_t kSmtp = 25;
constexpr std::uint32_t kLongTtl = 86400;

/// Where a domain's MX set names other hosts, senders never ask for TLSA at the domain itself.
void judge_place(Judged& judged, const TlsaPlace& place) {
  const MxPlace* mx = judged.zone.mx_of(place.host);
  if (mx == nullptr || mx->records.empty()) return;
  const bool is_exchange =
      std::any_of(judged.zone.mx.begin(), judged.zone.mx.end(), [&](const MxPlace& other) {
        return std::any_of(other.records.begin(), other.records.end(),
                           [&](const dns::Mx& one) { return one.exchange == place.host; });
      });
  if (is_exchange) return;
  judged.tell("dane-owner", Subject::of(place.set->key()),
              "no MX record names " + place.host.display() +
                  ", so no sender of mail asks for these records",
              "put them at _25._tcp below the exchange, in the exchange's own zone");
}

void judge_records(Judged& judged) {
  for (const TlsaPlace& place : judged.zone.tlsa) {
    if (place.port != kSmtp) continue;
    tell_records(judged, *place.set, check_tlsa(place.records));
    judge_place(judged, place);
    if (place.set->ttl <= kLongTtl) continue;
    judged.tell("dane-ttl", Subject::of(place.set->key()),
                "a TTL of " + std::to_string(place.set->ttl) + " seconds is over a day", "3600");
  }
}

constexpr std::string_view kTwo =
    "_25._tcp.mx1 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
    "_25._tcp.mx1 TLSA 3 1 1 fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

constexpr std::array kRules = {
    Rule{"dane-cert-mismatch", Severity::error, RuleNeeds::connection, "RFC 7672 section 2.2",
         "No TLSA record matches the certificate that the server presents.",
         "Senders with DANE hold the mail back. No check of this program connects to mail servers; "
         "guard tlsa-unmatched of `plan` keeps all records from being replaced at once.",
         nullptr},
    Rule{"dane-data-length", Severity::error, RuleNeeds::nothing, "RFC 6698 section 2.1.4",
         "A record's data is not as long as its matching type makes it.",
         "Senders cannot use the record. A digit was lost, or the matching type is another one: 64 "
         "hexadecimal digits for SHA-256, 128 for SHA-512.",
         judge_records, "_25._tcp.mx1 TLSA 3 1 1 0123456789abcdef", kTwo},
    Rule{"dane-mtype", Severity::error, RuleNeeds::nothing, "RFC 6698 section 2.1.3",
         "A record has a matching type that nobody knows.",
         "Senders ignore the record. 1 stands for SHA-256, which all of them know.", judge_records,
         "_25._tcp.mx1 TLSA 3 1 7 0123456789abcdef", kTwo},
    Rule{"dane-mtype-sha512-only", Severity::warning, RuleNeeds::nothing, "RFC 6698 section 6",
         "No record of the set has matching type 1, SHA-256.",
         "Only SHA-256 has to be known by everybody; to others the host looks as if it had no "
         "DANE. Publish 3 1 1 too.",
         judge_records,
         "_25._tcp.mx1 TLSA 3 1 2 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         kTwo},
    Rule{"dane-mtype0", Severity::warning, RuleNeeds::nothing, "RFC 7671 section 10.1",
         "A record holds a whole certificate or key.",
         "The answer may not fit into a packet, and says nothing that its SHA-256 does not. Use "
         "matching type 1.",
         judge_records, "_25._tcp.mx1 TLSA 3 1 0 3000", kTwo},
    Rule{"dane-owner", Severity::error, RuleNeeds::nothing, "RFC 7672 section 2.2.3",
         "TLSA records stand where no sender of mail asks for them.",
         "They belong to the exchange, at _25._tcp.EXCHANGE, not to the domain that has the MX; a "
         "provider's exchange is in the provider's zone. Here they protect nothing.",
         judge_records,
         "@ MX 10 mx.example.net.\n_25._tcp TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "@ MX 10 mx1\nmx1 A 192.0.2.1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    Rule{"dane-partial-match", Severity::warning, RuleNeeds::connection, "RFC 7672",
         "Some addresses of an exchange present a certificate that no record matches.",
         "Senders with DANE reach the domain by luck. No check of this program connects to mail "
         "servers; look at each address by itself.",
         nullptr},
    Rule{"dane-rollover-early", Severity::error, RuleNeeds::history, "RFC 7671 section 8.1",
         "A certificate is to change before its TLSA record has been known long enough.",
         "Senders may still hold the old set and keep the mail back. Publish the new record beside "
         "the old one, wait twice the TTL, then change the certificate. Certificates are changed "
         "outside of this program, so nothing here can stop it.",
         nullptr},
    Rule{"dane-rollover-missing", Severity::info, RuleNeeds::nothing, "RFC 7671 section 8.1",
         "The set has one usable record only.",
         "Before a certificate with another key is used, the record for it has to be published; "
         "until then the key may not change. A record for the next key, or 2 1 1 for the "
         "authority, leaves you free.",
         judge_records,
         "_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         kTwo},
    Rule{"dane-selector", Severity::error, RuleNeeds::nothing, "RFC 6698 section 2.1.2",
         "A record has a selector that nobody knows.",
         "Senders ignore the record. 1 stands for the key, 0 for the whole certificate.",
         judge_records,
         "_25._tcp.mx1 TLSA 3 2 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         kTwo},
    Rule{
        "dane-selector-cert", Severity::warning, RuleNeeds::nothing, "RFC 7672 section 3.1.1",
        "A record of usage 3 names a whole certificate.",
        "It is wrong as soon as the certificate is renewed, and mail from senders with DANE stops. "
        "3 1 1 names the key, which a renewal can keep.",
        judge_records,
        "_25._tcp.mx1 TLSA 3 0 1 "
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        kTwo},
    Rule{"dane-stale-record", Severity::warning, RuleNeeds::connection, "RFC 7671 section 8.4",
         "A record matches no certificate any more.",
         "It lets an old key speak for the host. Drop it when the roll-over is done. No check of "
         "this program connects to mail servers.",
         nullptr},
    Rule{"dane-ta-name", Severity::error, RuleNeeds::connection, "RFC 7672 section 3.2.2",
         "Under usage 2 the certificate has expired or has another name.",
         "Unlike usage 3, usage 2 asks for both, and senders hold the mail back. No check of this "
         "program connects to mail servers.",
         nullptr},
    Rule{
        "dane-ta-not-in-chain", Severity::error, RuleNeeds::connection, "RFC 7672 section 3.1.2",
        "Under usage 2 the server does not send its authority's certificate.",
        "Senders cannot find what the record means and hold the mail back. Let the server send the "
        "whole chain. No check of this program connects to mail servers.",
        nullptr},
    Rule{"dane-ttl", Severity::warning, RuleNeeds::nothing, "RFC 7671 section 8.1",
         "A TLSA set's TTL is over a day.",
         "When a key is lost, senders keep the mail back until the old set has run out. An hour is "
         "usual.",
         judge_records,
         "_25._tcp.mx1 604800 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         kTwo},
    Rule{"dane-usage", Severity::error, RuleNeeds::nothing, "RFC 7672 section 3.1.3",
         "A record's usage is not one for mail.",
         "Usages 0 and 1 are not for SMTP, and senders may ignore such records. Use 3 1 1 for the "
         "server's own key, 2 1 1 for its authority.",
         judge_records,
         "_25._tcp.mx1 TLSA 1 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         kTwo},
};

}  // namespace

void judge_tlsa_owner(Judged& judged, const dns::RRset& set) {
  const auto labels = set.name.labels();
  const bool has_port =
      !labels.empty() &&
      (labels[0] == "*" || (labels[0].size() > 1 && labels[0][0] == '_' &&
                            std::all_of(labels[0].begin() + 1, labels[0].end(),
                                        [](char c) { return c >= '0' && c <= '9'; })));
  const bool has_protocol =
      labels.size() > 1 && (labels[1] == "_tcp" || labels[1] == "_udp" || labels[1] == "_sctp");
  // A name above all ports, such as one that aliases lead to, may be spelled at will.
  if (has_port && has_protocol && !(labels[0] == "_25" && labels[1] != "_tcp")) return;
  if (labels.empty() || (!has_port && !has_protocol && labels[0][0] == '_')) return;
  judged.tell("dane-owner", Subject::of(set.key()),
              "the name does not begin with port and protocol, so nobody asks for these records",
              "_25._tcp and the name of the exchange");
}

std::span<const Rule> dane_rules() {
  static const std::vector<Rule> kAll = [] {
    std::vector<Rule> rows(kRules.begin(), kRules.end());
    const std::span<const Rule> hosts = dane_host_rules();
    rows.insert(rows.end(), hosts.begin(), hosts.end());
    return rows;
  }();
  return kAll;
}

}  // namespace mxsmith::mail
