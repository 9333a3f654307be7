// Rules about the TLSA records of MX hosts, and whether DNSSEC makes them count.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "mail/rules/alias_end.hpp"
#include "mail/rules/dane_rows.hpp"
#include "mail/rules/record_findings.hpp"
#include "mail/tlsa.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::uint16_t kSmtp = 25;

enum class Secured : std::uint8_t { yes, no, unknown };

bool has_usable(const std::vector<dns::Rdata>& values) {
  return std::any_of(values.begin(), values.end(), [](const dns::Rdata& value) {
    const auto* tlsa = std::get_if<dns::Tlsa>(&value);
    return tlsa != nullptr && is_usable_for_smtp(*tlsa);
  });
}

/// Whether a zone that holds the host may be signed: a DS record somewhere between it and the
/// registry's own names.
Secured is_signed(const dns::Name& host, Resolver& resolver) {
  for (dns::Name zone = host; !zone.is_root() && !is_registry(zone); zone = zone.parent()) {
    const Answer answer = resolver.lookup(zone, dns::Type::DS);
    if (answer.status == LookupStatus::found) return Secured::yes;
    if (!answer.is_void()) return Secured::unknown;
  }
  return Secured::no;
}

class TlsaRules {
 public:
  explicit TlsaRules(Judged& judged) : judged_(judged) {}

  void judge(const MxPlace& place) {
    std::vector<std::string> without;
    std::vector<std::string> unknown;
    bool some = false;
    for (std::size_t i = 0; i < place.records.size(); ++i) {
      if (place.records[i].is_null()) continue;
      const dns::Name& host = place.records[i].exchange;
      const Answer& answer = answer_for(host);
      if (answer.status == LookupStatus::failed || answer.security == Security::bogus) {
        judged_.tell("dane-nxdomain-servfail", subject_of(*place.set, i),
                     "the question for the TLSA records of " + host.display() + " has no answer" +
                         (answer.reason.empty() ? "" : ": " + answer.reason));
      } else if (answer.status == LookupStatus::not_checked) {
        unknown.push_back(host.display());
      } else if (has_usable(answer.values)) {
        some = true;
        judge_elsewhere(place, i, answer);
      } else {
        without.push_back(host.display());
      }
    }
    if (some && !without.empty()) {
      judged_.tell("dane-some-mx", Subject::of(place.set->key()),
                   "without usable TLSA records: " + base::join(without, ", "));
    }
    if (unknown.empty()) return;
    const std::string reason = "not looked up: TLSA of " + base::join(unknown, ", ");
    for (const std::string_view rule :
         {"dane-mx-zone-unsigned", "dane-nxdomain-servfail", "dane-some-mx"}) {
      judged_.not_checked(rule, Subject::of(place.set->key()), reason);
    }
  }

  /// TLSA records of the zone itself.
  void judge_own_zone() {
    const auto& places = judged_.zone.tlsa;
    const bool has_any = std::any_of(places.begin(), places.end(),
                                     [](const TlsaPlace& place) { return place.port == kSmtp; });
    if (!has_any) return;
    const dns::Name& apex = judged_.zone.apex();
    const Answer answer = judged_.resolver.lookup(apex, dns::Type::DS);
    const Subject subject = Subject::missing(apex, dns::Type::DS);
    if (answer.is_void()) {
      judged_.tell("dane-no-dnssec", subject,
                   "the zone holds TLSA records, and no DS record makes it secure",
                   "sign the zone and give the DS record to the registrar");
    } else if (answer.status != LookupStatus::found) {
      judged_.not_checked("dane-no-dnssec", subject,
                          "whether the zone is signed was not looked up");
    }
  }

 private:
  const Answer& answer_for(const dns::Name& host) {
    const auto known = answers_.find(host);
    if (known != answers_.end()) return known->second;
    const auto name = tlsa_name(host, kSmtp);
    Answer answer;
    answer.status = LookupStatus::no_data;
    if (name) answer = judged_.resolver.lookup(*name, dns::Type::TLSA);
    return answers_.emplace(host, std::move(answer)).first->second;
  }

  void judge_elsewhere(const MxPlace& place, std::size_t value, const Answer& answer) {
    const dns::Name& host = place.records[value].exchange;
    if (host.is_at_or_below(judged_.zone.apex()) || answer.security == Security::secure) return;
    const Secured secured =
        answer.security == Security::insecure ? Secured::no : is_signed(host, judged_.resolver);
    if (secured == Secured::unknown) {
      judged_.not_checked("dane-mx-zone-unsigned", subject_of(*place.set, value),
                          "whether the zone of " + host.display() + " is signed was not looked up");
    } else if (secured == Secured::no) {
      judged_.tell("dane-mx-zone-unsigned", subject_of(*place.set, value),
                   host.display() + " has TLSA records in a zone that is not signed");
    }
  }

  Judged& judged_;
  std::unordered_map<dns::Name, Answer> answers_;
};

void judge_hosts(Judged& judged) {
  TlsaRules rules(judged);
  for (const MxPlace& place : judged.zone.mx) rules.judge(place);
  rules.judge_own_zone();
}

constexpr std::array kRules = {
    Rule{"dane-mx-zone-unsigned", Severity::error, RuleNeeds::lookups, "RFC 7672 section 2.2.1",
         "An exchange has TLSA records in a zone that DNSSEC does not secure.",
         "Senders take no TLSA record from such a zone, so it protects nothing. Whoever runs the "
         "exchange has to sign the zone; yours cannot stand in for it.",
         judge_hosts,
         "@ MX 10 mx.example.net.\n_25._tcp.mx.example.net. TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "@ MX 10 mx.example.net.\n_25._tcp.mx.example.net. TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "example.net. DS 1 13 2 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    Rule{"dane-no-dnssec", Severity::error, RuleNeeds::lookups, "RFC 7672 section 2.2",
         "The zone has TLSA records for mail and is not signed.",
         "Senders take TLSA records only from answers that DNSSEC secures, so these protect "
         "nothing. Sign the zone and have the DS record put into the parent zone.",
         judge_hosts,
         "@ MX 10 mx1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "@ MX 10 mx1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
         "@ DS 1 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    Rule{"dane-nxdomain-servfail", Severity::error, RuleNeeds::lookups, "RFC 7672 section 2.1.2",
         "The question for an exchange's TLSA records fails.",
         "Senders with DANE cannot tell that from an attack and hold the mail back. Old firewalls "
         "that drop such questions are a usual cause, broken signatures another.",
         judge_hosts,
         "@ MX 10 mx1\n_25._tcp.mx1 CNAME _25._tcp.mx2\n_25._tcp.mx2 CNAME _25._tcp.mx1",
         "@ MX 10 mx1\nmx1 A 192.0.2.1"},
    Rule{"dane-some-mx", Severity::warning, RuleNeeds::lookups, "RFC 7672",
         "Some exchanges of a domain have TLSA records and others have none.",
         "Whoever keeps senders from the first gets the mail at the others without DANE. Give all "
         "of them records.",
         judge_hosts,
         "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
         "@ MX 10 mx1\nmx1 A 192.0.2.1\n_25._tcp.mx1 TLSA 3 1 1 "
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    Rule{
        "dnssec-expiry", Severity::warning, RuleNeeds::lookups, "RFC 4035 section 5.3.1",
        "Signatures of mail records run out soon.",
        "When they do, resolvers that check DNSSEC know the domain no more, and its mail stops. No "
        "check of this program looks at signatures so far; watch them with your name server's own "
        "tools.",
        nullptr},
};

}  // namespace

std::span<const Rule> dane_host_rules() { return kRules; }

}  // namespace mxsmith::mail
