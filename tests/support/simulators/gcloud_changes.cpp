// Changes: what the API refuses, and that all of one takes place or nothing.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dns/lexer.hpp"
#include "dns/rdata.hpp"
#include "support/simulators/gcloud.hpp"

namespace mxsmith::tests {

namespace {

using http::Json;
using Key = GcloudSimulator::Key;
using Set = GcloudSimulator::Set;

/// "entity.change.additions[0]"
std::string place(const char* list, std::size_t number) {
  return "entity.change." + std::string(list) + "[" + std::to_string(number) + "]";
}

GcloudRefusal invalid(const std::string& where) {
  return {400, "invalid", "Invalid value for '" + where + "'"};
}

std::string named(const Key& key) { return "'" + key.first + " (" + key.second + ")'"; }

void refuse_unknown(const Json& object, const std::set<std::string>& known,
                    const std::string& where) {
  if (object.members() == nullptr) throw invalid(where);
  for (const auto& [name, value] : *object.members()) {
    if (known.contains(name)) continue;
    throw GcloudRefusal{400, "badRequest",
                        "Invalid JSON payload received. Unknown name \"" + name + "\" at '" +
                            where + "': Cannot find field."};
  }
}

const std::string& text_in(const Json& object, const char* member, const std::string& where) {
  const Json* value = object.find(member);
  if (value == nullptr || value->string() == nullptr) {
    throw GcloudRefusal{
        400, "required",
        "The '" + where + "." + member + "' parameter is required but was missing."};
  }
  return *value->string();
}

/// One element of a list.
struct Element {
  Key key;
  Set set;
};

Element parse_element(const Json& json, const std::string& where, const std::string& zone) {
  refuse_unknown(json, {"kind", "name", "type", "ttl", "rrdatas", "signatureRrdatas"}, where);
  Element element{{text_in(json, "name", where), text_in(json, "type", where)}, {}};
  const std::string& name = element.key.first;
  if (!dns::Name::parse_absolute(name) || !name.ends_with('.') ||
      (name != zone && !name.ends_with("." + zone))) {
    throw invalid(where + ".name");
  }
  const Json* ttl = json.find("ttl");
  if (ttl == nullptr || ttl->integer() == nullptr || *ttl->integer() < 0 ||
      *ttl->integer() > 2147483647) {
    throw invalid(where + ".ttl");
  }
  element.set.ttl = *ttl->integer();
  const Json* rrdatas = json.find("rrdatas");
  if (rrdatas == nullptr || rrdatas->elements() == nullptr || rrdatas->elements()->empty()) {
    throw invalid(where + ".rrdata");
  }
  for (const Json& one : *rrdatas->elements()) {
    if (one.string() == nullptr) throw invalid(where + ".rrdata");
    element.set.rrdatas.push_back(*one.string());
  }
  return element;
}

std::vector<Element> parse_list(const Json& body, const char* list, const std::string& zone) {
  std::vector<Element> elements;
  const Json* all = body.find(list);
  if (all == nullptr) return elements;
  if (all->elements() == nullptr) throw invalid("entity.change." + std::string(list));
  for (std::size_t i = 0; i < all->elements()->size(); ++i) {
    elements.push_back(parse_element(all->elements()->at(i), place(list, i), zone));
  }
  return elements;
}

std::size_t octets_of(const std::vector<Element>& elements) {
  std::size_t octets = 0;
  for (const Element& element : elements) {
    for (const auto& text : element.set.rrdatas) octets += text.size();
  }
  return octets;
}

void take_away(std::map<Key, Set>& sets, const Element& element, const std::string& where) {
  const auto found = sets.find(element.key);
  if (found == sets.end()) {
    throw GcloudRefusal{
        404, "notFound",
        "The '" + where + "' resource named " + named(element.key) + " does not exist."};
  }
  const bool same = found->second.ttl == element.set.ttl && found->second.policy.is_null() &&
                    found->second.rrdatas == element.set.rrdatas;
  if (!same) {
    throw GcloudRefusal{412, "conditionNotMet", "Precondition not met for '" + where + "'"};
  }
  sets.erase(found);
}

bool is_refused_at_apex(const Key& key, const std::string& zone) {
  return key.first == zone && (key.second == "CNAME" || key.second == "DS");
}

void add(std::map<Key, Set>& sets, Element element, const std::string& where,
         const std::string& zone) {
  if (sets.contains(element.key)) {
    throw GcloudRefusal{
        409, "alreadyExists",
        "The resource '" + where + "' named " + named(element.key) + " already exists"};
  }
  if (element.set.rrdatas.size() > 100 || is_refused_at_apex(element.key, zone))
    throw invalid(where);
  if (gcloud_rrdata_fault(element.key.second, element.set.rrdatas)) {
    throw invalid(where + ".rrdata[0]");
  }
  sets[element.key] = std::move(element.set);
}

/// A name with a CNAME has nothing else, and one of it.
void check_names(const std::map<Key, Set>& sets, const std::vector<Element>& additions) {
  for (std::size_t i = 0; i < additions.size(); ++i) {
    const Key& key = additions[i].key;
    const auto conflicts = [&](const auto& other) {
      const bool cname = other.first.second == "CNAME" || key.second == "CNAME";
      return other.first.first == key.first && other.first.second != key.second && cname;
    };
    const bool several = key.second == "CNAME" && additions[i].set.rrdatas.size() > 1;
    if (several || std::any_of(sets.begin(), sets.end(), conflicts)) {
      throw GcloudRefusal{400, "cnameResourceRecordSetConflict",
                          "The resource record set '" + place("additions", i) +
                              "' is invalid because the DNS name '" + key.first +
                              "' has a resource record set of the type 'CNAME'."};
    }
  }
}

void raise_serial(std::map<Key, Set>& sets, const std::string& zone) {
  std::string& soa = sets.at({zone, "SOA"}).rrdatas.front();
  auto words = base::split(soa, ' ');
  words.at(2) = std::to_string(std::stoll(words.at(2)) + 1);
  soa = base::join(words, " ");
}

}  // namespace

http::Response GcloudSimulator::change(const Asked& asked, Zone& zone) {
  demand("dns.changes.create");
  const std::string* type = asked.request.headers.find("Content-Type");
  if (type == nullptr || !type->starts_with("application/json")) {
    throw GcloudRefusal{400, "badContent", "Unsupported content type."};
  }
  Json body;
  try {
    body = http::parse_json(asked.request.body, "the change");
  } catch (const base::Error&) {
    throw GcloudRefusal{400, "parseError", "Parse Error"};
  }
  refuse_unknown(body, {"kind", "additions", "deletions"}, "entity.change");
  const auto deletions = parse_list(body, "deletions", zone.name);
  const auto additions = parse_list(body, "additions", zone.name);
  if (deletions.empty() && additions.empty()) {
    throw GcloudRefusal{400, "required",
                        "The 'entity.change' parameter is required but was missing."};
  }
  if (deletions.size() > options_.sets_per_change || additions.size() > options_.sets_per_change ||
      octets_of(deletions) + octets_of(additions) > options_.octets_per_change) {
    throw GcloudRefusal{413, "quotaExceeded", "The change is larger than the project's quota."};
  }
  std::map<Key, Set> sets = zone.sets;
  for (std::size_t i = 0; i < deletions.size(); ++i) {
    take_away(sets, deletions[i], place("deletions", i));
  }
  for (std::size_t i = 0; i < additions.size(); ++i) {
    add(sets, additions[i], place("additions", i), zone.name);
  }
  check_names(sets, additions);
  if (!sets.contains({zone.name, "SOA"}) || !sets.contains({zone.name, "NS"})) {
    throw GcloudRefusal{400, "invalidZoneApex",
                        "The resource record set 'entity.change' is invalid because a zone must "
                        "contain exactly one resource record set of type 'SOA' and 'NS' at the "
                        "apex."};
  }
  raise_serial(sets, zone.name);
  zone.sets = std::move(sets);
  ++zone.writes;
  const std::string id = std::to_string(zone.changes.size() + 1);
  Json change = Json::object({{"kind", "dns#change"},
                              {"id", id},
                              {"startTime", "2026-12-05T16:30:00.000Z"},
                              {"isServing", false}});
  for (const char* list : {"deletions", "additions"}) {
    if (const Json* sent = body.find(list)) change.add(list, *sent);
  }
  zone.changes[id] = change;
  zone.polls[id] = options_.polls;
  change.add("status", options_.polls > 0 ? "pending" : "done");
  return {200, {{"Content-Type", "application/json; charset=UTF-8"}}, http::print_json(change)};
}

namespace {

/// The words of a value; nothing when it cannot be cut into words.
std::optional<std::vector<dns::Token>> words_of(const std::string& text) {
  std::vector<dns::Token> words;
  dns::Lexer lexer(text, dns::Lexer::Comments::refuse);
  dns::Token token;
  for (auto kind = lexer.next(token); kind != dns::Lexer::Kind::end_of_text;
       kind = lexer.next(token)) {
    if (kind != dns::Lexer::Kind::token) return std::nullopt;
    words.push_back(token);
  }
  return words;
}

/// Every word is a string of its own, of at most 255 octets; those that came bare get quotes.
std::optional<std::string> txt_fault(std::string& text, const std::vector<dns::Token>& words) {
  std::string stored;
  for (const auto& word : words) {
    const auto octets = dns::unescape(word);
    if (!octets.ok() || octets->size() > 255) return "a string is too long";
    if (!stored.empty()) stored += ' ';
    stored.append("\"").append(word.view()).append("\"");
  }
  if (stored.empty()) return "it is empty";
  text = stored;
  return std::nullopt;
}

/// Whether the word at that place of the rdata is a host, which has to end in a dot.
bool is_host(dns::Type type, std::size_t place) {
  static const std::map<std::string, std::size_t> kPlaces = {{"CNAME", 0}, {"NS", 0},   {"PTR", 0},
                                                             {"MX", 1},    {"SRV", 3},  {"SVCB", 1},
                                                             {"HTTPS", 1}, {"NAPTR", 5}};
  const auto found = kPlaces.find(dns::type_name(type));
  return found != kPlaces.end() && found->second == place;
}

std::optional<std::string> rrdata_fault(dns::Type type, std::string& text) {
  const auto words = words_of(text);
  if (!words || text != base::trim(text)) return "it is no text of a zone file";
  if (type == dns::Type::TXT) return txt_fault(text, *words);
  if (words->size() == 1 && words->front().quoted) return "it stands in quotes";
  for (std::size_t i = 0; i < words->size(); ++i) {
    if (is_host(type, i) && !(*words)[i].view().ends_with('.')) {
      return "a name does not end in a dot";
    }
  }
  const auto value = dns::parse_rdata(type, text, dns::Name());
  return value.ok() ? std::nullopt : std::optional(value.fault().message);
}

}  // namespace

std::optional<std::string> gcloud_rrdata_fault(const std::string& type,
                                               std::vector<std::string>& rrdatas) {
  static const std::set<std::string> kTypes = {
      "A",  "AAAA", "CAA", "CNAME", "DNSKEY", "DS",    "HTTPS", "IPSECKEY", "MX", "NAPTR",
      "NS", "PTR",  "SOA", "SPF",   "SRV",    "SSHFP", "SVCB",  "TLSA",     "TXT"};
  if (!kTypes.contains(type)) return "the type is not known";
  std::set<std::string> seen;
  for (std::string& text : rrdatas) {
    if (auto fault = rrdata_fault(*dns::parse_type(type), text)) return fault;
    if (!seen.insert(text).second) return "it stands there twice";
  }
  return std::nullopt;
}

}  // namespace mxsmith::tests
