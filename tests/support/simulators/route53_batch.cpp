// ChangeResourceRecordSets of the simulated Route 53: reading a batch, and carrying it out.
#include <algorithm>
#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <set>

#include "base/text.hpp"
#include "dns/rdata.hpp"
#include "support/simulators/route53.hpp"

namespace mxsmith::tests {

namespace {

using Set = Route53Simulator::Set;

constexpr std::size_t kMostRecords = 1000;
constexpr std::size_t kMostSigns = 32000;
constexpr std::size_t kLongestValue = 4000;

/// In the order in which they have to stand (service model).
constexpr std::array<std::string_view, 15> kMembers = {"Name",
                                                       "Type",
                                                       "SetIdentifier",
                                                       "Weight",
                                                       "Region",
                                                       "GeoLocation",
                                                       "Failover",
                                                       "MultiValueAnswer",
                                                       "TTL",
                                                       "ResourceRecords",
                                                       "AliasTarget",
                                                       "HealthCheckId",
                                                       "TrafficPolicyInstanceId",
                                                       "CidrRoutingConfig",
                                                       "GeoProximityLocation"};

constexpr std::array<std::string_view, 17> kTypes = {
    "SOA", "A",    "TXT", "NS", "CNAME", "MX",    "NAPTR", "PTR",  "SRV",
    "SPF", "AAAA", "CAA", "DS", "TLSA",  "SSHFP", "SVCB",  "HTTPS"};

struct Malformed {
  std::string code = "InvalidInput";
  std::string message;
};

[[noreturn]] void malformed(const std::string& why) {
  throw Malformed{"InvalidInput", "Invalid XML ; " + why};
}

/// Children that are elements, which is all there may be.
std::vector<pugi::xml_node> children(const pugi::xml_node& node) {
  std::vector<pugi::xml_node> all;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) malformed(std::string("text in ") + node.name());
    all.push_back(child);
  }
  return all;
}

std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_element) malformed(std::string("elements in ") + node.name());
    text += child.value();
  }
  return text;
}

/// Exactly these children, in this order; "?" behind a name: it may be missing.
std::map<std::string, pugi::xml_node> members(const pugi::xml_node& node,
                                              const std::vector<std::string>& names) {
  std::map<std::string, pugi::xml_node> found;
  std::size_t at = 0;
  for (const pugi::xml_node& child : children(node)) {
    for (; at < names.size(); ++at) {
      const bool optional = names[at].back() == '?';
      const std::string name = optional ? names[at].substr(0, names[at].size() - 1) : names[at];
      if (name == child.name()) break;
      if (!optional) malformed("expected " + name + " before " + child.name());
    }
    if (at == names.size()) malformed(std::string("unexpected ") + child.name());
    found[child.name()] = child;
    ++at;
  }
  for (; at < names.size(); ++at) {
    if (names[at].back() != '?') malformed("there is no " + names[at]);
  }
  return found;
}

std::int64_t number_of(const std::string& text, std::int64_t most) {
  std::int64_t number = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!whole || number < 0 || number > most) malformed(text + " is out of range");
  return number;
}

Set parse_set(const pugi::xml_node& node) {
  std::vector<std::string> names;
  for (const std::string_view name : kMembers) {
    names.push_back(std::string(name) + (name == "Name" || name == "Type" ? "" : "?"));
  }
  const auto found = members(node, names);
  Set set;
  set.name = text_of(found.at("Name"));
  set.type = text_of(found.at("Type"));
  if (std::find(kTypes.begin(), kTypes.end(), set.type) == kTypes.end()) {
    malformed("there is no type " + set.type);
  }
  if (found.contains("SetIdentifier")) set.identifier = text_of(found.at("SetIdentifier"));
  if (found.contains("Weight")) set.weight = number_of(text_of(found.at("Weight")), 255);
  if (found.contains("HealthCheckId")) set.health_check = text_of(found.at("HealthCheckId"));
  if (found.contains("AliasTarget")) {
    const auto alias =
        members(found.at("AliasTarget"), {"HostedZoneId", "DNSName", "EvaluateTargetHealth"});
    set.alias = {text_of(alias.at("HostedZoneId")), text_of(alias.at("DNSName"))};
    if (found.contains("TTL") || found.contains("ResourceRecords")) {
      throw Malformed{"InvalidInput", "Invalid request: an alias has no TTL and no records"};
    }
    return set;
  }
  if (!found.contains("TTL") || !found.contains("ResourceRecords")) {
    throw Malformed{"InvalidInput",
                    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
                    "ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with "
                    "[Name=" +
                        set.name + ", Type=" + set.type + "]"};
  }
  set.ttl = number_of(text_of(found.at("TTL")), 2147483647);
  for (const pugi::xml_node& record : children(found.at("ResourceRecords"))) {
    if (std::string(record.name()) != "ResourceRecord") malformed("expected ResourceRecord");
    set.values.push_back(text_of(members(record, {"Value"}).at("Value")));
    if (set.values.back().size() > kLongestValue) malformed("a value is too long");
  }
  if (set.values.empty()) malformed("there are no records");
  return set;
}

std::vector<Route53Change> parse_all(const pugi::xml_document& document) {
  const auto roots = children(document);
  if (roots.size() != 1 || std::string(roots[0].name()) != "ChangeResourceRecordSetsRequest" ||
      std::string(roots[0].attribute("xmlns").value()) !=
          "https://route53.amazonaws.com/doc/2013-04-01/") {
    malformed("it is no ChangeResourceRecordSetsRequest");
  }
  const auto batch =
      members(members(roots[0], {"ChangeBatch"}).at("ChangeBatch"), {"Comment?", "Changes"});
  std::vector<Route53Change> changes;
  std::size_t records = 0;
  std::size_t signs = 0;
  for (const pugi::xml_node& one : children(batch.at("Changes"))) {
    if (std::string(one.name()) != "Change") malformed("expected Change");
    const auto parts = members(one, {"Action", "ResourceRecordSet"});
    changes.push_back({text_of(parts.at("Action")), parse_set(parts.at("ResourceRecordSet"))});
    const Route53Change& change = changes.back();
    if (change.action != "CREATE" && change.action != "DELETE" && change.action != "UPSERT") {
      malformed("there is no action " + change.action);
    }
    const std::size_t counts = change.action == "UPSERT" ? 2 : 1;
    for (const std::string& value : change.set.values) {
      records += counts;
      signs += counts * value.size();
    }
  }
  if (changes.empty()) malformed("there are no changes");
  if (records > kMostRecords) {
    throw Malformed{"InvalidChangeBatch", "Number of records limit of 1000 exceeded."};
  }
  if (signs > kMostSigns) {
    throw Malformed{"InvalidChangeBatch", "Number of characters limit of 32000 exceeded."};
  }
  return changes;
}

/// `\ooo` alone, and `\"` and `\\`.
std::string fault_of_escapes(const std::string& value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto octet = static_cast<unsigned char>(value[i]);
    if (octet < 0x20 || octet > 0x7e) return "InvalidCharacterString (a bare octet)";
    if (value[i] != '\\') continue;
    if (i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\')) {
      ++i;
      continue;
    }
    if (Route53Simulator::decimal(value.substr(i, 4)).size() != 4 || i + 3 >= value.size()) {
      return "InvalidCharacterString (Value contains an invalid escape)";
    }
    for (std::size_t digit = 1; digit <= 3; ++digit) {
      const char highest = digit == 1 ? '3' : '7';
      if (value[i + digit] < '0' || value[i + digit] > highest) {
        return "InvalidCharacterString (an escape is not octal)";
      }
    }
    i += 3;
  }
  return {};
}

/// Strings in quotes, one blank between them, none longer than 255 octets.
std::string fault_of_text(const std::string& value) {
  std::size_t length = 0;
  bool open = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '"') {
      open = !open;
      length = 0;
      continue;
    }
    if (!open && value[i] != ' ') {
      return "InvalidCharacterString (Value should be enclosed in quotation marks)";
    }
    if (!open) continue;
    if (value[i] == '\\') i += value[i + 1] == '"' || value[i + 1] == '\\' ? 1 : 3;
    if (++length > 255) return "CharacterStringTooLong (Value is too long)";
  }
  return open || value.empty() ? "InvalidCharacterString (Unpaired quotation mark)" : "";
}

std::string fault_of_value(const Set& set, const std::string& value) {
  if (std::string fault = fault_of_escapes(value); !fault.empty()) return fault;
  if (set.type == "TXT" || set.type == "SPF") {
    return fault_of_text(value);
  }
  if (set.type == "CAA" && !value.ends_with('"')) return "CAAValueNotQuoted (no quotes)";
  const auto read =
      dns::parse_rdata(*dns::parse_type(set.type), Route53Simulator::decimal(value), dns::Name());
  return read ? "" : "InvalidRecord (" + read.fault().message + ")";
}

std::string named(const Set& set) {
  return "resource record set [name='" + set.name + "', type='" + set.type + "'" +
         (set.identifier.empty() ? "" : ", set identifier='" + set.identifier + "'") + "]";
}

bool same_values(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// What is wrong with a set by itself.
std::string fault_of(const Route53Simulator::Zone& zone, const Set& set) {
  const std::string words = "RRSet of type " + set.type + " with DNS name " + set.name + " is not ";
  if (set.name != zone.name && !set.name.ends_with("." + zone.name)) {
    return "RRSet with DNS name " + set.name + " is not permitted in zone " + zone.name;
  }
  if (set.type == "CNAME" && set.name == zone.name) {
    return words + "permitted at apex in zone " + zone.name;
  }
  if (set.type == "NS" && set.name.starts_with("\\052.")) return words + "permitted as a wildcard";
  if (set.type == "CNAME" && set.values.size() > 1) return words + "permitted with several values";
  if (set.identifier.empty() != !set.weight) return words + "whole: weight and identifier";
  std::set<std::string> seen;
  for (const std::string& value : set.values) {
    const std::string fault = fault_of_value(set, value);
    const std::string about = " encountered with '" + value + "' of " + named(set);
    if (!fault.empty()) return "Invalid Resource Record: FATAL problem: " + fault + about;
    if (!seen.insert(value).second)
      return "Duplicate Resource Record: '" + value + "' of " + named(set);
  }
  return {};
}

/// What is wrong with it beside what is there.
std::string conflict_of(const Route53Simulator::Zone& zone, const Set& set) {
  for (const auto& [key, other] : zone.sets) {
    if (other.name != set.name) continue;
    if ((other.type == "CNAME") != (set.type == "CNAME")) {
      return "RRSet of type " + set.type + " with DNS name " + set.name +
             " is not permitted as it conflicts with other records with the same DNS name in "
             "zone " +
             zone.name;
    }
    if (other.type == set.type && other.identifier.empty() != set.identifier.empty()) {
      return "RRSet with DNS name " + set.name + ", type " + set.type +
             " cannot be created as a non-simple and a simple one exist";
    }
  }
  return {};
}

std::string apply_one(Route53Simulator::Zone& zone, const Route53Change& change) {
  Set set = change.set;
  const auto name = Route53Simulator::canonical_name(set.name);
  if (!name) return "FATAL problem: DomainLabelEmpty encountered with '" + set.name + "'";
  set.name = *name;
  const bool vital = set.name == zone.name && (set.type == "SOA" || set.type == "NS");
  if (vital && change.action != "UPSERT") {
    return "A HostedZone must contain at least one NS record for the zone itself, and exactly one "
           "SOA record: " +
           named(set);
  }
  const auto key = Route53Simulator::key_of(set);
  const auto found = zone.sets.find(key);
  if (change.action == "DELETE") {
    if (found == zone.sets.end()) {
      return "Tried to delete " + named(set) + " but it was not found";
    }
    Set there = found->second;
    if (!same_values(there.values, set.values)) there.values.clear();
    there.values = there.values.empty() ? there.values : set.values;
    if (!(there == set)) {
      return "Tried to delete " + named(set) +
             " but the values provided do not match the current values";
    }
    zone.sets.erase(found);
    return {};
  }
  if (std::string fault = fault_of(zone, set); !fault.empty()) return fault;
  if (change.action == "CREATE" && found != zone.sets.end()) {
    return "Tried to create " + named(set) + " but it already exists";
  }
  if (std::string fault = conflict_of(zone, set); !fault.empty()) return fault;
  zone.sets[key] = set;
  return {};
}

}  // namespace

std::optional<http::Response> parse_route53_batch(const std::string& body,
                                                  std::vector<Route53Change>& changes) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(body.data(), body.size(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  try {
    if (!parsed) malformed(parsed.description());
    changes = parse_all(document);
  } catch (const Malformed& fault) {
    return route53_refusal(400, fault.code, fault.message);
  }
  return std::nullopt;
}

std::vector<std::string> apply_route53_batch(Route53Simulator::Zone& zone,
                                             const std::vector<Route53Change>& changes) {
  Route53Simulator::Zone after = zone;
  std::vector<std::string> wrong;
  for (const Route53Change& change : changes) {
    std::string fault = apply_one(after, change);
    if (!fault.empty()) wrong.push_back(std::move(fault));
  }
  if (wrong.empty()) zone = std::move(after);
  return wrong;
}

}  // namespace mxsmith::tests
