#include "mail/client_srv.hpp"

#include <algorithm>
#include <array>

#include "mail/mx.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::array<ClientService, 9> kServices = {{
    {"_submission", 587, ClientTls::starttls, "_submissions", "sending mail"},
    {"_submissions", 465, ClientTls::implicit, "", "sending mail"},
    {"_imap", 143, ClientTls::starttls, "_imaps", "reading mail (IMAP)"},
    {"_imaps", 993, ClientTls::implicit, "", "reading mail (IMAP)"},
    {"_pop3", 110, ClientTls::starttls, "_pop3s", "reading mail (POP3)"},
    {"_pop3s", 995, ClientTls::implicit, "", "reading mail (POP3)"},
    {"_jmap", 443, ClientTls::implicit, "", "reading mail (JMAP)"},
    {"_sieve", 4190, ClientTls::starttls, "", "filters (ManageSieve)"},
    {"_autodiscover", 443, ClientTls::implicit, "", "settings of mail programs"},
}};

const ClientSet* find_set(const std::vector<ClientSet>& sets, std::string_view label) {
  const auto found = std::find_if(sets.begin(), sets.end(), [&](const ClientSet& set) {
    return set.service != nullptr && set.service->label == label;
  });
  return found == sets.end() ? nullptr : &*found;
}

bool is_offered(const ClientSet& set) {
  return std::any_of(set.values.begin(), set.values.end(),
                     [](const dns::Srv& srv) { return !srv.target.is_root(); });
}

std::uint16_t best_priority(const ClientSet& set) {
  return std::min_element(
             set.values.begin(), set.values.end(),
             [](const dns::Srv& a, const dns::Srv& b) { return a.priority < b.priority; })
      ->priority;
}

void check_target(const ClientService& service, const dns::Srv& srv, std::size_t at,
                  Findings& findings) {
  const std::string shown = srv.target.display();
  if (is_address_literal(srv.target)) {
    findings.error("srv-target-ip", {at, 1}, shown + " is an address, and SRV names a host",
                   "give the host a name with A or AAAA records");
  } else if (!is_host_name(srv.target)) {
    findings.error("srv-target-syntax", {at, 1}, shown + " is not the name of a host",
                   "letters, digits and hyphens, separated by dots");
  }
  if (srv.port != service.port) {
    findings.warning("srv-port", {at, 1},
                     "port " + std::to_string(srv.port) + " for " + std::string(service.label) +
                         ", which is at " + std::to_string(service.port) + " everywhere else");
  }
}

}  // namespace

std::span<const ClientService> client_services() { return kServices; }

const ClientService* client_service_of(const dns::Name& owner) {
  const auto labels = owner.labels();
  if (labels.size() < 2 || labels[1] != "_tcp") return nullptr;
  const auto found =
      std::find_if(kServices.begin(), kServices.end(),
                   [&](const ClientService& service) { return service.label == labels[0]; });
  return found == kServices.end() ? nullptr : &*found;
}

dns::Name client_domain_of(const dns::Name& owner) { return owner.parent().parent(); }

base::Parsed<dns::Name> client_srv_name(const ClientService& service, const dns::Name& domain) {
  const auto protocol = domain.child("_tcp");
  return protocol ? protocol->child(service.label) : protocol;
}

dns::Srv not_offered() { return {0, 0, 0, dns::Name()}; }

Findings check_client_srv(const ClientService& service, const std::vector<dns::Srv>& set) {
  Findings findings;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (!set[i].target.is_root()) {
      check_target(service, set[i], i, findings);
    } else if (set.size() > 1) {
      findings.error("srv-dot-mixed", {i, 1},
                     "\"not offered\" stands beside hosts that offer the service",
                     "keep one or the other");
    } else {
      findings.info("srv-not-offered", {i, 1},
                    std::string(service.label) + " is said not to be offered");
    }
  }
  return findings;
}

Findings check_client_sets(const std::vector<ClientSet>& sets) {
  Findings findings;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const ClientSet& clear = sets[i];
    if (clear.service == nullptr || clear.service->encrypted.empty() || !is_offered(clear)) {
      continue;
    }
    const std::string better(clear.service->encrypted);
    const ClientSet* tls = find_set(sets, better);
    if (tls == nullptr || !is_offered(*tls)) {
      findings.warning("srv-cleartext", {i, 1},
                       std::string(clear.service->label) + " is offered, and " + better +
                           " with TLS from the start is not",
                       "offer " + better + " too");
    } else if (best_priority(clear) < best_priority(*tls)) {
      findings.warning("srv-cleartext", {i, 1},
                       std::string(clear.service->label) + " is ranked before " + better,
                       "give " + better + " the lower number");
    }
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto clear =
        std::find_if(kServices.begin(), kServices.end(), [&](const ClientService& service) {
          return sets[i].service != nullptr && service.encrypted == sets[i].service->label;
        });
    if (clear == kServices.end() || !is_offered(sets[i])) continue;
    if (find_set(sets, clear->label) != nullptr) continue;
    findings.info("srv-unavailable-noted", {i, 1},
                  std::string(clear->label) + " is neither offered nor said not to be",
                  std::string(clear->label) + "._tcp SRV 0 0 0 .");
  }
  return findings;
}

std::vector<dns::Name> autodiscover_names(const dns::Name& domain) {
  std::vector<dns::Name> names;
  for (const std::string_view label : {"autodiscover", "autoconfig"}) {
    if (auto name = domain.child(label)) names.push_back(*std::move(name));
  }
  return names;
}

}  // namespace mxsmith::mail
