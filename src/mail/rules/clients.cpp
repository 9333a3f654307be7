// Rules about how mail programs find their servers: SRV records.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "mail/mx.hpp"
#include "mail/rules/every_set.hpp"
#include "mail/rules/host_addresses.hpp"
#include "mail/rules/record_findings.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;
using State = HostAddresses::State;

void judge_target(Judged& judged, HostLookups& lookups, const SrvPlace& place, std::size_t at) {
  const dns::Name& target = place.records[at].target;
  // What is no host name has been told, and is looked up by nobody.
  if (target.is_root() || !is_host_name(target) || is_address_literal(target)) return;
  const HostAddresses& found = lookups.of(target);
  if (!found.aliases.empty()) {
    judged.tell("srv-target-cname", subject_of(*place.set, at),
                target.display() + " is an alias for " + found.aliases.front().display(),
                "name the host that the alias leads to");
  }
  if (found.state == State::none || found.state == State::no_name) {
    judged.tell("srv-target-missing", subject_of(*place.set, at),
                target.display() + (found.state == State::none ? " has neither A nor AAAA records"
                                                               : " does not exist"),
                "give the host an address, or drop the record");
  }
  if (found.complete) return;
  for (const std::string_view rule : {"srv-target-cname", "srv-target-missing"}) {
    judged.not_checked(rule, subject_of(*place.set, at), target.display() + ": " + found.reason);
  }
}

/// Sets of one domain stand together, since owners are in canonical order.
void judge_together(Judged& judged, const std::vector<SrvPlace>& places, std::size_t begin,
                    std::size_t end) {
  std::vector<ClientSet> sets;
  sets.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    sets.push_back({places[i].service, places[i].records});
  }
  const Findings findings = check_client_sets(sets);
  for (const Finding& finding : findings.all()) {
    judged.tell(finding.rule, Subject::of(places[begin + finding.at.offset].set->key()),
                finding.message, finding.hint, finding.severity);
  }
}

void judge_srv(Judged& judged) {
  const auto& places = judged.zone.srv;
  HostLookups lookups(judged.resolver);
  for (std::size_t begin = 0; begin < places.size();) {
    std::size_t end = begin;
    for (; end < places.size() && places[end].domain == places[begin].domain; ++end) {
      const SrvPlace& place = places[end];
      tell_records(judged, *place.set, check_client_srv(*place.service, place.records));
      for (std::size_t i = 0; i < place.records.size(); ++i) {
        judge_target(judged, lookups, place, i);
      }
    }
    judge_together(judged, places, begin, end);
    begin = end;
  }
}

bool offers_jmap(const Service& service) {
  return std::any_of(
      service.discovery.begin(), service.discovery.end(),
      [](const ServiceRecord& record) { return record.name.rfind("_jmap._tcp", 0) == 0; });
}

bool takes_mail(const Service& service, const MxPlace& place) {
  return std::any_of(service.mx.begin(), service.mx.end(), [&](const ServiceMx& mx) {
    const auto host = dns::Name::parse_absolute(mx.host);
    return host && std::any_of(place.records.begin(), place.records.end(),
                               [&](const dns::Mx& one) { return one.exchange == *host; });
  });
}

void judge_jmap(Judged& judged) {
  const MxPlace* mx = judged.zone.mx_of(judged.zone.apex());
  const auto below = judged.zone.apex().child("_tcp");
  const auto name = below ? below->child("_jmap") : below;
  if (mx == nullptr || !name || judged.zone.sets().find(*name, dns::Type::SRV) != nullptr) return;
  for (const Service& service : judged.services.all()) {
    if (!offers_jmap(service) || !takes_mail(service, *mx)) continue;
    const Subject subject = Subject::missing(*name, dns::Type::SRV);
    if (judged.whole()) {
      judged.tell("jmap-srv", subject, service.name + " offers JMAP, and no record says where");
    } else {
      judged.not_checked("jmap-srv", subject, "the spec does not declare that set");
    }
  }
}

constexpr std::string_view kGood =
    "_imaps._tcp SRV 0 1 993 mail\n_imap._tcp SRV 0 0 0 .\nmail A 192.0.2.1";

constexpr std::array kRules = {
    Rule{"autodiscover-root", Severity::info, RuleNeeds::connection, "",
         "The domain's own web server answers for autodiscover.",
         "Outlook asks it before it asks autodiscover.DOMAIN, and takes what it says. No check of "
         "this program opens HTTPS connections.",
         nullptr},
    Rule{"jmap-srv", Severity::info, RuleNeeds::nothing, "RFC 8620 section 2.2",
         "The mailbox service offers JMAP, and no SRV record says where.",
         "Mail programs with JMAP then ask the domain itself, or fall back to IMAP. The service's "
         "pages say which record it wants.",
         judge_jmap, "@ MX 10 in1-smtp.messagingengine.com.\n@ MX 20 in2-smtp.messagingengine.com.",
         "@ MX 10 in1-smtp.messagingengine.com.\n@ MX 20 in2-smtp.messagingengine.com.\n"
         "_jmap._tcp SRV 1 1 443 api.fastmail.com."},
    Rule{"srv-cert-name", Severity::warning, RuleNeeds::connection, "RFC 6186 section 4",
         "The server's certificate has neither the domain's name nor the SRV target's.",
         "Mail programs warn their users, or refuse. No check of this program connects to servers; "
         "openssl s_client -connect HOST:993 shows the certificate.",
         nullptr},
    Rule{"srv-cleartext", Severity::warning, RuleNeeds::nothing, "RFC 8314 section 3",
         "A service without TLS from the start is offered alone, or ranked first.",
         "Mail programs then begin in clear text, where an attacker can keep them. Offer the one "
         "with TLS (_imaps, _pop3s, _submissions) too, with the lower priority number.",
         judge_srv, "_imap._tcp SRV 0 1 143 mail\nmail A 192.0.2.1", kGood},
    Rule{"srv-dot-mixed", Severity::error, RuleNeeds::nothing, "RFC 2782",
         "A record that says \"not offered\" stands beside hosts that offer the service.",
         "Mail programs take one or the other. Keep the hosts, or the record with target \".\".",
         judge_srv, "_imaps._tcp SRV 0 1 993 mail\n_imaps._tcp SRV 0 0 0 .\nmail A 192.0.2.1",
         kGood},
    Rule{"srv-name", Severity::error, RuleNeeds::nothing, "RFC 6186 section 3",
         "An SRV set for mail programs stands at a name that none of them asks for.",
         "The name is _SERVICE._tcp and the domain, both labels with an underscore.",
         judge_every_set, "_imaps.tcp SRV 0 1 993 mail\nmail A 192.0.2.1", kGood},
    Rule{"srv-not-offered", Severity::info, RuleNeeds::nothing, "RFC 2782",
         "A service is said not to be offered.",
         "Mail programs then do not try it, as they might without the record.", judge_srv,
         "_pop3._tcp SRV 0 0 0 .", "_imaps._tcp SRV 0 1 993 mail\nmail A 192.0.2.1"},
    Rule{"srv-port", Severity::warning, RuleNeeds::nothing, "RFC 8314 section 3",
         "A service is offered at another port than usual.",
         "It works where the server listens there, and many networks let only the usual ports "
         "through. _imaps at 143 is a slip: that port begins in clear text.",
         judge_srv, "_imaps._tcp SRV 0 1 143 mail\nmail A 192.0.2.1", kGood},
    Rule{"srv-target-cname", Severity::error, RuleNeeds::lookups, "RFC 2782",
         "An SRV record names an alias.",
         "The target has to be a host with addresses of its own; some programs refuse an alias. "
         "Name the host that the CNAME leads to.",
         judge_srv, "_imaps._tcp SRV 0 1 993 imap\nimap CNAME mail\nmail A 192.0.2.1", kGood},
    Rule{"srv-target-ip", Severity::error, RuleNeeds::nothing, "RFC 2782",
         "An SRV record names an address where a host belongs.",
         "Mail programs look the text up as a name, which does not exist. Give the host a name.",
         judge_srv, "_imaps._tcp SRV 0 1 993 192.0.2.1.", kGood},
    Rule{"srv-target-missing", Severity::error, RuleNeeds::lookups, "RFC 2782",
         "An SRV record names a host without an address.",
         "Mail programs cannot connect. Give the host A or AAAA records, or drop the record.",
         judge_srv, "_imaps._tcp SRV 0 1 993 imap\nmail A 192.0.2.1", kGood},
    Rule{"srv-target-syntax", Severity::error, RuleNeeds::nothing, "RFC 1123 section 2.1",
         "An SRV record names something that is no host name.",
         "Programs may refuse names with other signs than letters, digits and hyphens.", judge_srv,
         "_imaps._tcp SRV 0 1 993 mail_1\nmail_1 A 192.0.2.1", kGood},
    Rule{"srv-unavailable-noted", Severity::info, RuleNeeds::nothing, "RFC 6186",
         "Only the service with TLS from the start is offered, and nothing is said of the other.",
         "Mail programs may try the other in vain. A record with target \".\" tells them not to.",
         judge_srv, "_imaps._tcp SRV 0 1 993 mail\nmail A 192.0.2.1", kGood},
};

}  // namespace

void judge_srv_owner(Judged& judged, const dns::RRset& set) {
  const auto labels = set.name.labels();
  if (labels.size() < 2) return;
  const auto is_service = [](std::string_view label) {
    const auto known = client_services();
    return std::any_of(known.begin(), known.end(), [&](const ClientService& service) {
      return service.label == label || service.label.substr(1) == label;
    });
  };
  const bool is_protocol = labels[1] == "_tcp" || labels[1] == "tcp" || labels[1] == "_udp" ||
                           labels[1] == "_tls" || labels[1] == "_ssl";
  if (!is_protocol || !is_service(labels[0])) return;
  if (labels[0][0] == '_' && labels[1] == "_tcp") return;
  const std::string service = (labels[0][0] == '_' ? "" : "_") + labels[0];
  judged.tell("srv-name", Subject::of(set.key()),
              "no mail program asks for " + labels[0] + "." + labels[1], service + "._tcp");
}

std::span<const Rule> client_rules() { return kRules; }

}  // namespace mxsmith::mail
