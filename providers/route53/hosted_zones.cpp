#include "providers/route53/hosted_zones.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/paging.hpp"
#include "providers/route53/answers.hpp"
#include "providers/route53/spelling.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

const Element& child_of(const Element& element, std::string_view name, const std::string& doing) {
  if (const Element* child = element.find(name)) return *child;
  throw Error(ErrorKind::protocol, doing + ": the answer has no " + std::string(name));
}

}  // namespace

void check_id(const std::string& id) {
  const bool fits = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
  if (fits) return;
  throw Error(ErrorKind::protocol,
              "\"" + base::escape_for_terminal(id) + "\" is no id of Route 53");
}

bool flag_of(const Element& element, std::string_view child, const std::string& doing) {
  const std::string& text = child_of(element, child, doing).text;
  if (text == "true" || text == "false") return text == "true";
  throw Error(ErrorKind::protocol,
              doing + ": " + std::string(child) + " is neither true nor false");
}

HostedZone parse_hosted_zone(const Element& zone, const std::string& doing) {
  HostedZone found;
  const auto name = parse_name(zone.text_of("Name"));
  if (!name || zone.text_of("Name").empty()) {
    throw Error(ErrorKind::protocol, doing + ": a zone has no name");
  }
  found.name = *name;
  found.id = zone.text_of("Id");
  constexpr std::string_view kPrefix = "/hostedzone/";
  if (found.id.starts_with(kPrefix)) found.id.erase(0, kPrefix.size());
  check_id(found.id);
  const Element* config = zone.find("Config");
  if (config != nullptr && config->find("PrivateZone") != nullptr) {
    found.is_private = flag_of(*config, "PrivateZone", doing);
  }
  if (const Element* service = zone.find("LinkedService")) {
    found.service = service->text_of("ServicePrincipal");
    if (found.service.empty()) found.service = "another AWS service";
  }
  return found;
}

bool HostedZones::is_meant(const HostedZone& zone) const {
  switch (settings_.visibility) {
    case Settings::Visibility::public_only: return !zone.is_private;
    case Settings::Visibility::private_only: return zone.is_private;
    case Settings::Visibility::any: break;
  }
  return true;
}

HostedZone HostedZones::by_id(const std::string& id) {
  const std::string doing = "asking for hosted zone " + id;
  const Element root =
      check_read(channel_.get("/hostedzone/" + id), "GetHostedZoneResponse", doing, secrets_);
  HostedZone zone = parse_hosted_zone(child_of(root, "HostedZone", doing), doing);
  if (zone.id == id) return zone;
  throw Error(ErrorKind::protocol, doing + ": the server answered with another zone");
}

std::vector<HostedZone> HostedZones::by_ids() {
  std::vector<HostedZone> zones;
  for (const std::string& id : settings_.zone_ids) {
    HostedZone zone = by_id(id);
    if (is_meant(zone)) zones.push_back(std::move(zone));
  }
  return zones;
}

std::vector<HostedZone> HostedZones::named(const dns::Name& name) {
  if (!settings_.zone_ids.empty()) {
    std::vector<HostedZone> zones = by_ids();
    std::erase_if(zones, [&](const HostedZone& zone) { return zone.name != name; });
    return zones;
  }
  const std::string doing = "looking for zone " + name.display();
  std::vector<HostedZone> zones;
  http::Once once(doing);
  const auto target = [](const std::string& from) {
    return "/hostedzonesbyname?dnsname=" + http::percent_encode(from) + "&maxitems=100";
  };
  const auto read = [&](http::Response&& page) -> std::optional<std::string> {
    const Element root = check_read(page, "ListHostedZonesByNameResponse", doing, secrets_);
    const bool goes_on = flag_of(root, "IsTruncated", doing);
    for (const Element& element : child_of(root, "HostedZones", doing).children) {
      HostedZone zone = parse_hosted_zone(element, doing);
      // The list begins at the name; where it is not there, with the one behind it.
      if (zone.name != name) return std::nullopt;
      once.add(zone.id);
      if (is_meant(zone)) zones.push_back(std::move(zone));
    }
    if (!goes_on) return std::nullopt;
    return target(child_of(root, "NextDNSName", doing).text) +
           "&hostedzoneid=" + http::percent_encode(child_of(root, "NextHostedZoneId", doing).text);
  };
  http::each_page(channel_, target(print_name(name)), doing, read);
  return zones;
}

std::vector<HostedZone> HostedZones::all() {
  if (!settings_.zone_ids.empty()) return by_ids();
  const std::string doing = "listing the zones";
  std::vector<HostedZone> zones;
  http::Once once(doing);
  const auto read = [&](http::Response&& page) -> std::optional<std::string> {
    const Element root = check_read(page, "ListHostedZonesResponse", doing, secrets_);
    for (const Element& element : child_of(root, "HostedZones", doing).children) {
      HostedZone zone = parse_hosted_zone(element, doing);
      once.add(zone.id);
      if (is_meant(zone)) zones.push_back(std::move(zone));
    }
    if (!flag_of(root, "IsTruncated", doing)) return std::nullopt;
    return "/hostedzone?maxitems=100&marker=" +
           http::percent_encode(child_of(root, "NextMarker", doing).text);
  };
  http::each_page(channel_, "/hostedzone?maxitems=100", doing, read);
  return zones;
}

}  // namespace mxsmith::providers::route53
