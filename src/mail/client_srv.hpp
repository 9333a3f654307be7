// How mail programs find their servers: SRV records (RFC 6186, RFC 8314, RFC 8620 section 2.2) and
// the names that vendors look for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/rdata.hpp"
#include "mail/finding.hpp"

namespace mxsmith::mail {

/// How a service comes to TLS.
enum class ClientTls : std::uint8_t { implicit, starttls, none };

struct ClientService {
  std::string_view label;  ///< "_imaps"; the protocol is always _tcp.
  std::uint16_t port;      ///< The registered one.
  ClientTls tls;
  std::string_view encrypted;  ///< The label of the same service with TLS from the start, or empty.
  std::string_view what;       ///< "reading mail (IMAP)"
};
std::span<const ClientService> client_services();

/// The service of an owner name: "_imaps._tcp.example.com"; null for other names.
const ClientService* client_service_of(const dns::Name& owner);
/// The domain of such a name.
dns::Name client_domain_of(const dns::Name& owner);
/// "_imaps._tcp.example.com"; a fault when it would be too long.
base::Parsed<dns::Name> client_srv_name(const ClientService& service, const dns::Name& domain);

/// The record that says "not offered" (RFC 2782, target ".").
dns::Srv not_offered();

/// What is to be said of one set by itself. Places count records, as in check_mx. Rules
/// srv-not-offered, srv-dot-mixed, srv-port, srv-target-ip, srv-target-syntax.
Findings check_client_srv(const ClientService& service, const std::vector<dns::Srv>& set);

/// The SRV sets of a domain together.
struct ClientSet {
  const ClientService* service;
  std::vector<dns::Srv> values;
};
/// What is to be said of them together: a service in clear text where the one with TLS is missing
/// or ranked lower (RFC 8314 section 3). Places count sets. Rules srv-cleartext,
/// srv-unavailable-noted.
Findings check_client_sets(const std::vector<ClientSet>& sets);

/// The names beside SRV where mail programs ask for settings: "autodiscover", "autoconfig".
std::vector<dns::Name> autodiscover_names(const dns::Name& domain);

}  // namespace mxsmith::mail
