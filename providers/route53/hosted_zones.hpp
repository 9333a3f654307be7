// Hosted zones: finding the right one. Several may have one name, public and private ones, and the
// list by name begins at a name and goes on behind it.
#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "plan/live.hpp"
#include "providers/route53/settings.hpp"
#include "providers/route53/xml.hpp"

namespace mxsmith::providers::route53 {

struct HostedZone {
  dns::Name name;
  std::string id;  ///< Without "/hostedzone/".
  bool is_private = false;
  std::string service;  ///< The AWS service it belongs to; empty: the account's own.
};

/// From an element HostedZone. Throws Error{protocol}.
HostedZone parse_hosted_zone(const Element& zone, const std::string& doing);

/// Throws Error{protocol} for what would lead elsewhere in a URL.
void check_id(const std::string& id);
/// "true" or "false" of a child. Throws Error{protocol} for anything else.
bool flag_of(const Element& element, std::string_view child, const std::string& doing);

/// Asks for zones. Those that the settings do not mean are left out.
class HostedZones {
 public:
  HostedZones(const Settings& settings, http::Channel& channel, const http::Secrets& secrets)
      : settings_(settings), channel_(channel), secrets_(secrets) {}

  std::vector<HostedZone> named(const dns::Name& name);
  std::vector<HostedZone> all();

 private:
  [[nodiscard]] bool is_meant(const HostedZone& zone) const;
  HostedZone by_id(const std::string& id);
  std::vector<HostedZone> by_ids();

  const Settings& settings_;
  http::Channel& channel_;
  const http::Secrets& secrets_;
};

}  // namespace mxsmith::providers::route53
