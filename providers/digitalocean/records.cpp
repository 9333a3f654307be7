#include "providers/digitalocean/records.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dns/name_text.hpp"

namespace mxsmith::providers::digitalocean {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

/// A record of the answer whose members are read one by one.
class Element {
 public:
  Element(const Json& element, const dns::Name& apex) : element_(element), apex_(apex) {}

  [[nodiscard]] const std::string& text(std::string_view member) const {
    const Json* value = element_.find(member);
    if (value != nullptr && value->string() != nullptr) return *value->string();
    throw fault("has no text \"" + std::string(member) + "\"");
  }

  template <class Number>
  [[nodiscard]] Number number(std::string_view member) const {
    const Json* value = element_.find(member);
    const std::int64_t* found = value == nullptr ? nullptr : value->integer();
    if (found == nullptr || *found < 0 ||
        static_cast<std::uint64_t>(*found) > std::numeric_limits<Number>::max()) {
      throw fault("has no number \"" + std::string(member) + "\" that fits");
    }
    return static_cast<Number>(*found);
  }

  [[nodiscard]] dns::Name owner() const {
    auto name = dns::parse_name(text("name"), apex_, dns::NonAscii::octets);
    if (!name) throw fault("has a name that is none: " + name.fault().message);
    if (!name->is_at_or_below(apex_)) throw fault("is not in the zone");
    return std::move(*name);
  }

  /// A host: "@" is the apex, and there is no final dot.
  [[nodiscard]] dns::Name host() const {
    const std::string& data = text("data");
    if (data == "@") return apex_;
    auto name = dns::parse_name(data, dns::Name(), dns::NonAscii::octets);
    if (!name) throw fault("has a host that is none: " + name.fault().message);
    return std::move(*name);
  }

  [[nodiscard]] dns::Rdata address(dns::Type type) const {
    auto value = dns::parse_rdata(type, text("data"), dns::Name());
    if (!value) throw fault("has an address that is none: " + value.fault().message);
    return std::move(*value);
  }

  [[nodiscard]] dns::Rdata caa() const {
    const std::string tag = base::to_lower(text("tag"));
    const bool plain = std::all_of(tag.begin(), tag.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
    if (tag.empty() || !plain) throw fault("has a tag that is none");
    std::string value = text("data");
    if (value == "@") value = without_dot(apex_.text());
    return dns::Caa{number<std::uint8_t>("flags"), dns::SharedOctets(tag), without_dot(value)};
  }

  [[nodiscard]] Error fault(const std::string& why) const {
    std::string which = "a record of the server's answer";
    const Json* name = element_.find("name");
    const Json* type = element_.find("type");
    if (name != nullptr && name->string() != nullptr && type != nullptr && type->string()) {
      which += " (" + base::escape_for_terminal(*name->string()) + " " +
               base::escape_for_terminal(*type->string()) + ")";
    }
    return {ErrorKind::protocol, which + " " + why};
  }

 private:
  static std::string without_dot(std::string text) {
    if (text.ends_with('.')) text.pop_back();
    return text;
  }

  const Json& element_;
  const dns::Name& apex_;
};

dns::Rdata value_of(const Element& element, dns::Type type) {
  switch (type) {
    case dns::Type::A:
    case dns::Type::AAAA: return element.address(type);
    case dns::Type::CNAME: return dns::Cname{element.host()};
    case dns::Type::NS: return dns::Ns{element.host()};
    case dns::Type::MX: return dns::Mx{element.number<std::uint16_t>("priority"), element.host()};
    case dns::Type::SRV:
      return dns::Srv{element.number<std::uint16_t>("priority"),
                      element.number<std::uint16_t>("weight"),
                      element.number<std::uint16_t>("port"), element.host()};
    case dns::Type::CAA: return element.caa();
    default: return dns::Txt{element.text("data")};
  }
}

constexpr std::array kTypes = {dns::Type::A,  dns::Type::AAAA, dns::Type::CAA, dns::Type::CNAME,
                               dns::Type::MX, dns::Type::NS,   dns::Type::SRV, dns::Type::TXT};

bool is_known(dns::Type type) {
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

/// FNV-1a, so that the number does not depend on the standard library.
std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

/// A word that nobody knows gets a number of the range for private use (RFC 6895 section 3.1),
/// always the same.
dns::Type type_of_word(const std::string& word) {
  if (const auto type = dns::parse_type(word)) return *type;
  return static_cast<dns::Type>(65280 + hash_of(word) % 120);
}

Error refusal(const Record& record, const std::string& why) {
  const std::string key = record.key.text();
  Error error(ErrorKind::unsupported, key + ": " + why);
  error.about(key);
  return error;
}

/// The members that hold the value; what a type does not have is left out.
struct Members {
  const Record& record;
  Json& body;

  void operator()(const dns::A&) const { body.add("data", dns::print_rdata(record.value)); }
  void operator()(const dns::Aaaa&) const { body.add("data", dns::print_rdata(record.value)); }
  void operator()(const dns::Cname& cname) const { body.add("data", cname.target.text()); }
  void operator()(const dns::Ns& ns) const { body.add("data", ns.target.text()); }
  void operator()(const dns::Mx& mx) const {
    body.add("data", mx.exchange.text()).add("priority", int{mx.preference});
  }
  void operator()(const dns::Srv& srv) const {
    body.add("data", srv.target.text()).add("priority", int{srv.priority});
    body.add("weight", int{srv.weight}).add("port", int{srv.port});
  }
  void operator()(const dns::Txt& txt) const { body.add("data", txt.octets); }
  void operator()(const dns::Caa& caa) const {
    if (caa.value.empty() || caa.value.ends_with('.')) {
      throw refusal(record, "a CAA value without text or with a final dot cannot be stored");
    }
    body.add("data", caa.value + ".").add("flags", int{caa.flags});
    body.add("tag", std::string(caa.tag.view()));
  }
  template <class Other>
  void operator()(const Other&) const {
    throw refusal(record, "DigitalOcean has no records of this type");
  }
};

}  // namespace

bool is_soa(const Json& element) {
  const Json* type = element.find("type");
  return type != nullptr && type->string() != nullptr && *type->string() == "SOA";
}

Record read_record(const Json& element, const dns::Name& apex) {
  const Element members(element, apex);
  const std::string& word = members.text("type");
  const dns::Type type = type_of_word(word);
  Record record;
  record.key = {members.owner(), type};
  record.ttl = std::min(members.number<std::uint32_t>("ttl"), dns::kMaxTtl);
  record.id = std::to_string(members.number<std::int64_t>("id"));
  if (is_known(type)) {
    record.value = value_of(members, type);
  } else {
    record.value = dns::Opaque{type, members.text("data")};
    record.foreign =
        "DigitalOcean, as " + base::escape_for_terminal(word) + " record that is not read";
  }
  return record;
}

std::string print_record(const Record& record, const dns::Name& apex) {
  if (!record.foreign.empty()) throw refusal(record, "the set belongs to " + record.foreign);
  Json body = Json::object({{"type", dns::type_name(record.key.type)},
                            {"name", record.key.name.text_relative_to(apex)},
                            {"ttl", record.ttl}});
  std::visit(Members{record, body}, record.value);
  return http::print_json(body);
}

}  // namespace mxsmith::providers::digitalocean
