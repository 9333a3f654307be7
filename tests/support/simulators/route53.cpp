#include "support/simulators/route53.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "base/text.hpp"

namespace mxsmith::tests {

namespace {

const char* const kVersion = "/2013-04-01";
const char* const kSpace = " xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"";

bool is_digit(char c, char highest) { return c >= '0' && c <= highest; }

/// The octet of `\123` at `at` by that base; nothing where there is none.
std::optional<unsigned> number_at(const std::string& text, std::size_t at, unsigned base) {
  const char highest = static_cast<char>('0' + base - 1);
  if (at + 3 >= text.size()) return std::nullopt;
  unsigned number = 0;
  for (std::size_t i = 1; i <= 3; ++i) {
    if (!is_digit(text[at + i], highest)) return std::nullopt;
    number = number * base + static_cast<unsigned>(text[at + i] - '0');
  }
  return number < 256 ? std::optional(number) : std::nullopt;
}

std::string printed(unsigned octet, const char* format) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), format, octet);
  return text.data();
}

std::string other_base(const std::string& text, unsigned base, const char* format) {
  std::string changed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      changed += text[i];
    } else if (const auto octet = number_at(text, i, base)) {
      changed += printed(*octet, format);
      i += 3;
    } else {
      changed += text.substr(i, 2);
      ++i;
    }
  }
  return changed;
}

std::vector<std::string> reversed_labels(const std::string& name) {
  std::vector<std::string> labels = base::split(name, '.');
  if (!labels.empty() && labels.back().empty()) labels.pop_back();
  std::reverse(labels.begin(), labels.end());
  return labels;
}

http::Response xml(const std::string& name, const std::string& content) {
  return {200,
          {{"Content-Type", "text/xml"}},
          "<?xml version=\"1.0\"?>\n<" + name + kSpace + ">" + content + "</" + name + ">"};
}

std::string element(const std::string& name, const std::string& text) {
  return "<" + name + ">" + route53_escape(text) + "</" + name + ">";
}

std::string zone_xml(const Route53Simulator::Zone& zone) {
  std::string text = "<HostedZone>" + element("Id", "/hostedzone/" + zone.id) +
                     element("Name", zone.name) + element("CallerReference", "made " + zone.id) +
                     "<Config>" + element("PrivateZone", zone.is_private ? "true" : "false") +
                     "</Config>" +
                     element("ResourceRecordSetCount", std::to_string(zone.sets.size()));
  if (!zone.service.empty()) {
    text += "<LinkedService>" + element("ServicePrincipal", zone.service) + "</LinkedService>";
  }
  return text + "</HostedZone>";
}

std::string set_xml(const Route53Simulator::Set& set) {
  std::string text = "<ResourceRecordSet>" + element("Name", set.name) + element("Type", set.type);
  if (!set.identifier.empty()) text += element("SetIdentifier", set.identifier);
  if (set.weight) text += element("Weight", std::to_string(*set.weight));
  if (!set.alias) {
    text += element("TTL", std::to_string(set.ttl)) + "<ResourceRecords>";
    for (const std::string& value : set.values) {
      text += "<ResourceRecord>" + element("Value", value) + "</ResourceRecord>";
    }
    text += "</ResourceRecords>";
  } else {
    text += "<AliasTarget>" + element("HostedZoneId", set.alias->zone_id) +
            element("DNSName", set.alias->name) + element("EvaluateTargetHealth", "false") +
            "</AliasTarget>";
  }
  if (!set.health_check.empty()) text += element("HealthCheckId", set.health_check);
  if (!set.policy_instance.empty()) {
    text += element("TrafficPolicyInstanceId", set.policy_instance);
  }
  return text + "</ResourceRecordSet>";
}

std::string percent_decoded(const std::string& text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      octets += text[i];
      continue;
    }
    octets += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return octets;
}

std::string value_of(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

http::Response unknown_parameter() {
  return route53_refusal(400, "InvalidInput", "The request has a parameter that is not known");
}

bool knows_all(const std::map<std::string, std::string>& query,
               std::initializer_list<const char*> names) {
  return std::all_of(query.begin(), query.end(), [&](const auto& one) {
    return std::find(names.begin(), names.end(), one.first) != names.end();
  });
}

/// How many on a page; nothing for a number that is not taken.
std::optional<std::size_t> page_size(const std::map<std::string, std::string>& query,
                                     std::size_t most, std::size_t allowed) {
  const std::string text = value_of(query, "maxitems");
  if (text.empty()) return most;
  std::size_t asked = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), asked);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || asked == 0) {
    return std::nullopt;
  }
  return asked > allowed ? std::nullopt : std::optional(std::min(asked, most));
}

http::Response bad_page_size() {
  return route53_refusal(400, "InvalidInput", "The value of maxitems is not valid");
}

}  // namespace

std::string route53_escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

http::Response route53_refusal(int status, const std::string& code, const std::string& message) {
  return {
      status,
      {{"Content-Type", "text/xml"}, {"x-amzn-RequestId", "5a2b1c34-0000-4000-8000-00000000000d"}},
      std::string("<?xml version=\"1.0\"?>\n<ErrorResponse") + kSpace + "><Error>" +
          element("Type", "Sender") + element("Code", code) + element("Message", message) +
          "</Error>" + element("RequestId", "5a2b1c34-0000-4000-8000-00000000000d") +
          "</ErrorResponse>"};
}

std::string Route53Simulator::octal(const std::string& text) {
  return other_base(text, 10, "\\%03o");
}
std::string Route53Simulator::decimal(const std::string& text) {
  return other_base(text, 8, "\\%03u");
}

std::optional<std::string> Route53Simulator::canonical_name(const std::string& text) {
  std::string name;
  std::size_t label = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto octet = static_cast<unsigned>(static_cast<unsigned char>(text[i]));
    if (text[i] == '.') {
      if (label == 0) return std::nullopt;
      label = 0;
      name += '.';
      continue;
    }
    if (text[i] == '\\') {
      const auto number = number_at(text, i, 8);
      if (!number) return std::nullopt;
      octet = *number;
      i += 3;
    }
    const char c = base::to_lower(std::string(1, static_cast<char>(octet))).front();
    const bool plain = (c >= 'a' && c <= 'z') || is_digit(c, '9') || c == '-' || c == '_';
    name += plain ? std::string(1, c) : printed(octet, "\\%03o");
    if (++label > 63) return std::nullopt;
  }
  if (label != 0) name += '.';
  return name.empty() ? std::nullopt : std::optional(name);
}

Route53Simulator::Key Route53Simulator::key_of(const Set& set) {
  return {reversed_labels(set.name), set.type, set.identifier};
}

std::string Route53Simulator::create_zone(const std::string& name, bool is_private,
                                          const std::string& service) {
  const std::lock_guard hold(state_);
  Zone zone;
  zone.id = "Z" + printed(static_cast<unsigned>(++made_ % 1000), "%03u") + "SIMULATED";
  zone.name = name;
  zone.is_private = is_private;
  zone.service = service;
  Set soa{name, "SOA", {}, {}, 900, {}, {}, {}, {}};
  soa.values = {"ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"};
  Set ns{name, "NS", {}, {}, 172800, {"ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."}, {}, {}, {}};
  zone.sets[key_of(soa)] = soa;
  zone.sets[key_of(ns)] = ns;
  zones_[zone.id] = zone;
  return zone.id;
}

void Route53Simulator::delete_zone(const std::string& id) {
  const std::lock_guard hold(state_);
  zones_.erase(id);
}

void Route53Simulator::put(const std::string& zone_id, const Set& set) {
  const std::lock_guard hold(state_);
  zones_.at(zone_id).sets[key_of(set)] = set;
}

void Route53Simulator::take(const std::string& zone_id, const std::string& name,
                            const std::string& type) {
  const std::lock_guard hold(state_);
  std::erase_if(zones_.at(zone_id).sets, [&](const auto& one) {
    return one.second.name == name && one.second.type == type;
  });
}

Route53Simulator::Zone Route53Simulator::zone(const std::string& id) const {
  const std::lock_guard hold(state_);
  return zones_.at(id);
}

void Route53Simulator::inject(Fault fault) {
  const std::lock_guard hold(state_);
  faults_.push_back(std::move(fault));
}

Route53Simulator::Zone* Route53Simulator::find(const std::string& id) {
  const auto found = zones_.find(id);
  return found == zones_.end() ? nullptr : &found->second;
}

http::Response Route53Simulator::respond(const http::Request& request) {
  const std::lock_guard hold(state_);
  const auto answered = [&]() -> http::Response {
    if (auto refused = route53_signature_fault(request, options_)) return *refused;
    const auto fault = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& one) {
      return one.method == request.method && one.times > 0;
    });
    if (fault != faults_.end()) {
      --fault->times;
      return route53_refusal(fault->status, fault->code, fault->message);
    }
    const std::size_t begin = request.url.find('/', request.url.find("://") + 3);
    const std::string target = request.url.substr(begin);
    const std::size_t question = std::min(target.find('?'), target.size());
    Query query;
    if (question < target.size()) {
      for (const std::string& part : base::split(target.substr(question + 1), '&')) {
        const std::size_t equals = std::min(part.find('='), part.size());
        const std::string value = equals < part.size() ? part.substr(equals + 1) : std::string();
        query[part.substr(0, equals)] = percent_decoded(value);
      }
    }
    return route(request, target.substr(0, question), query);
  };
  http::Response response = answered();
  if (options_.now) {
    const auto now = options_.now();
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(now));
    const std::chrono::hh_mm_ss time(now - std::chrono::floor<std::chrono::days>(now));
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "Mon, %02u %s %04d %02d:%02d:%02d GMT",
                  static_cast<unsigned>(date.day()),
                  kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    response.headers.set("Date", text.data());
  }
  return response;
}

http::Response Route53Simulator::route(const http::Request& request, const std::string& path,
                                       const Query& query) {
  const std::string version = kVersion;
  const bool get = request.method == http::Method::get;
  if (get && path == version + "/hostedzone") return list_zones(query);
  if (get && path == version + "/hostedzonesbyname") return list_zones_by_name(query);
  const std::string zones = version + "/hostedzone/";
  const std::string changes = version + "/change/";
  if (get && path.starts_with(changes)) return get_change(path.substr(changes.size()));
  if (!path.starts_with(zones)) {
    return route53_refusal(404, "UnknownOperationException", "There is nothing at " + path);
  }
  const std::size_t slash = std::min(path.find('/', zones.size()), path.size());
  const std::string id = path.substr(zones.size(), slash - zones.size());
  const std::string rest = path.substr(slash);
  Zone* zone = find(id);
  if (zone == nullptr) {
    return route53_refusal(404, "NoSuchHostedZone", "No hosted zone found with ID: " + id);
  }
  if (get && rest.empty()) return get_zone(*zone);
  if (get && rest == "/rrset") return list_sets(*zone, query);
  const bool post = request.method == http::Method::post;
  if (post && (rest == "/rrset/" || rest == "/rrset")) return change(*zone, request);
  return route53_refusal(404, "UnknownOperationException", "There is nothing at " + path);
}

http::Response Route53Simulator::list_zones(const Query& query) const {
  if (!knows_all(query, {"maxitems", "marker", "hostedzonetype", "delegationsetid"})) {
    return unknown_parameter();
  }
  const auto size = page_size(query, options_.zones_per_page, 100);
  if (!size) return bad_page_size();
  std::string listed;
  std::string next;
  std::size_t count = 0;
  for (auto at = zones_.lower_bound(value_of(query, "marker")); at != zones_.end(); ++at) {
    if (count++ == *size) {
      next = at->first;
      break;
    }
    listed += zone_xml(at->second);
  }
  std::string text = "<HostedZones>" + listed + "</HostedZones>" +
                     element("Marker", value_of(query, "marker")) +
                     element("IsTruncated", next.empty() ? "false" : "true");
  if (!next.empty()) text += element("NextMarker", next);
  return xml("ListHostedZonesResponse", text + element("MaxItems", std::to_string(*size)));
}

/// From that name on, by labels from the right; of one name by id.
http::Response Route53Simulator::list_zones_by_name(const Query& query) const {
  if (!knows_all(query, {"maxitems", "dnsname", "hostedzoneid"})) return unknown_parameter();
  const auto size = page_size(query, options_.zones_per_page, 100);
  if (!size) return bad_page_size();
  std::map<std::pair<std::vector<std::string>, std::string>, const Zone*> ordered;
  for (const auto& [id, zone] : zones_) ordered[{reversed_labels(zone.name), id}] = &zone;
  const auto name = canonical_name(value_of(query, "dnsname"));
  if (!value_of(query, "dnsname").empty() && !name) {
    return route53_refusal(400, "InvalidDomainName", "The domain name is not valid");
  }
  std::string listed;
  const Zone* next = nullptr;
  std::size_t count = 0;
  auto at = ordered.lower_bound({name ? reversed_labels(*name) : std::vector<std::string>(),
                                 value_of(query, "hostedzoneid")});
  for (; at != ordered.end(); ++at) {
    if (count++ == *size) {
      next = at->second;
      break;
    }
    listed += zone_xml(*at->second);
  }
  std::string text = "<HostedZones>" + listed + "</HostedZones>";
  if (name) text += element("DNSName", *name);
  text += element("IsTruncated", next == nullptr ? "false" : "true");
  if (next != nullptr) {
    text += element("NextDNSName", next->name) + element("NextHostedZoneId", next->id);
  }
  return xml("ListHostedZonesByNameResponse", text + element("MaxItems", std::to_string(*size)));
}

http::Response Route53Simulator::get_zone(const Zone& zone) const {
  std::string text = zone_xml(zone);
  if (zone.is_private) {
    text += "<VPCs><VPC>" + element("VPCRegion", "eu-central-1") + element("VPCId", "vpc-0abc") +
            "</VPC></VPCs>";
  } else {
    text += "<DelegationSet><NameServers>" + element("NameServer", "ns-1.awsdns-01.org") +
            element("NameServer", "ns-2.awsdns-02.com") + "</NameServers></DelegationSet>";
  }
  return xml("GetHostedZoneResponse", text);
}

http::Response Route53Simulator::list_sets(const Zone& zone, const Query& query) const {
  if (!knows_all(query, {"maxitems", "name", "type", "identifier"})) return unknown_parameter();
  const auto size = page_size(query, options_.sets_per_page, 300);
  if (!size) return bad_page_size();
  Key from;
  if (query.contains("name")) {
    const auto name = canonical_name(query.at("name"));
    if (!name) return route53_refusal(400, "InvalidInput", "The name is not valid");
    from = {reversed_labels(*name), value_of(query, "type"), value_of(query, "identifier")};
  } else if (query.contains("type") || query.contains("identifier")) {
    return route53_refusal(400, "InvalidInput", "If you specify type, you must also specify name.");
  }
  std::string listed;
  const Set* next = nullptr;
  std::size_t count = 0;
  for (auto at = zone.sets.lower_bound(from); at != zone.sets.end(); ++at) {
    if (count++ == *size) {
      next = &at->second;
      break;
    }
    listed += set_xml(at->second);
  }
  std::string text = "<ResourceRecordSets>" + listed + "</ResourceRecordSets>" +
                     element("IsTruncated", next == nullptr ? "false" : "true");
  if (next != nullptr) {
    text += element("NextRecordName", next->name) + element("NextRecordType", next->type);
    if (!next->identifier.empty()) text += element("NextRecordIdentifier", next->identifier);
  }
  return xml("ListResourceRecordSetsResponse", text + element("MaxItems", std::to_string(*size)));
}

http::Response Route53Simulator::change(Zone& zone, const http::Request& request) {
  const std::string* type = request.headers.find("Content-Type");
  if (type == nullptr || (*type != "application/xml" && *type != "text/xml")) {
    return route53_refusal(400, "InvalidInput", "The content is not XML");
  }
  if (!zone.service.empty()) {
    return route53_refusal(
        403, "AccessDenied",
        "The resource hostedzone/" + zone.id + " can only be managed through " + zone.service);
  }
  std::vector<Route53Change> changes;
  if (auto fault = parse_route53_batch(request.body, changes)) return *fault;
  const std::vector<std::string> wrong = apply_route53_batch(zone, changes);
  if (!wrong.empty()) {
    std::string said;
    for (const std::string& one : wrong) said += (said.empty() ? "[" : ", ") + one;
    return route53_refusal(400, "InvalidChangeBatch", said + "]");
  }
  ++zone.changes;
  const std::string id = "C" + printed(static_cast<unsigned>(++made_ % 100000), "%05u") + "SIM";
  polls_left_[id] = options_.polls;
  return xml("ChangeResourceRecordSetsResponse",
             "<ChangeInfo>" + element("Id", "/change/" + id) + element("Status", "PENDING") +
                 element("SubmittedAt", "2026-12-05T16:30:00.123Z") + "</ChangeInfo>");
}

http::Response Route53Simulator::get_change(const std::string& id) {
  if (!options_.may_follow_changes) {
    return route53_refusal(403, "AccessDenied",
                           "User: arn:aws:iam::123456789012:user/kim is not authorized to perform: "
                           "route53:GetChange on resource: arn:aws:route53:::change/" +
                               id);
  }
  const auto found = polls_left_.find(id);
  if (found == polls_left_.end()) {
    return route53_refusal(404, "NoSuchChange", "Could not find resource with ID: " + id);
  }
  const bool pending = found->second > 0;
  if (pending) --found->second;
  return xml("GetChangeResponse", "<ChangeInfo>" + element("Id", "/change/" + id) +
                                      element("Status", pending ? "PENDING" : "INSYNC") +
                                      element("SubmittedAt", "2026-12-05T16:30:00.123Z") +
                                      "</ChangeInfo>");
}

}  // namespace mxsmith::tests
