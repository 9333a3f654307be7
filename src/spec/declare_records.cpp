// mail.mx, mail.verification and [[record]]: sets in plain form.

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "spec/declaring.hpp"
#include "spec/keys.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::DesiredValue;
using plan::OwnedClass;

/// Which blank-separated field of a type's presentation form is a host; nothing for types without.
std::optional<std::size_t> host_field(dns::Type type) {
  switch (type) {
    case dns::Type::CNAME:
    case dns::Type::NS:
    case dns::Type::PTR:
    case dns::Type::DNAME: return 0;
    case dns::Type::MX:
    case dns::Type::SVCB:
    case dns::Type::HTTPS: return 1;
    case dns::Type::SRV: return 3;
    default: return std::nullopt;
  }
}

struct Field {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Field> field_at(std::string_view text, std::size_t index) {
  constexpr std::string_view kBlank = " \t";
  std::size_t at = 0;
  for (std::size_t i = 0;; ++i) {
    const std::size_t begin = text.find_first_not_of(kBlank, at);
    if (begin == std::string_view::npos) return std::nullopt;
    const std::size_t end = std::min(text.find_first_of(kBlank, begin), text.size());
    if (i == index) return Field{begin, end};
    at = end;
  }
}

std::optional<std::string> octets_of_hex(std::string_view text) {
  std::string octets;
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned octet = 0;
    const char* end = text.data() + i + 2;
    const auto [stop, error] = std::from_chars(text.data() + i, end, octet, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    octets += static_cast<char>(octet);
  }
  return octets;
}

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += "\\u00" + base::hex(std::string_view(&c, 1));
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// A plain value as JSON text.
std::string json_of(const Node& node) {
  if (node.string()) return json_string(*node.string());
  if (node.integer()) return std::to_string(*node.integer());
  if (node.boolean()) return *node.boolean() ? "true" : "false";
  if (const double* real = std::get_if<double>(&node.value)) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *real).ptr;
    return {buffer.data(), end};
  }
  std::vector<std::string> parts;
  if (node.array() != nullptr) {
    for (const Node& element : *node.array()) parts.push_back(json_of(element));
  }
  return "[" + base::join(parts, ",") + "]";
}

std::optional<plan::Meta> meta_of(const Node& block) {
  const Node* node = find_path(block, {"meta"});
  if (node == nullptr || node->table() == nullptr) return std::nullopt;
  plan::Meta meta;
  for (const Entry& entry : node->table()->entries) meta[entry.key] = json_of(entry.value);
  return meta;
}

/// Adds a value unless it is there already, which is an error.
void put(Declaring& declaring, std::vector<DesiredValue>& values, dns::Rdata rdata,
         const Node& node) {
  for (const DesiredValue& known : values) {
    if (known.value != rdata) continue;
    base::Diagnostic diagnostic{base::Severity::error,
                                "spec-value-twice",
                                "this value stands twice in one set",
                                {},
                                node.pos};
    diagnostic.notes.push_back({"the other one", known.pos});
    declaring.add(std::move(diagnostic));
    return;
  }
  values.push_back({std::move(rdata), node.pos});
}

class RecordReader {
 public:
  RecordReader(Declaring& declaring, const Node& block) : declaring_(declaring), block_(block) {}

  void declare() {
    const Node* name_node = declaring_.need(block_, "name", "[[record]]");
    const Node* type_node = declaring_.need(block_, "type", "[[record]]");
    if (name_node == nullptr || type_node == nullptr) return;
    const auto name = declaring_.owner(*name_node);
    const auto type = type_of(*type_node);
    if (!name || !type) return;
    DesiredUnit model = declaring_.unit(*name, *type, OwnedClass::whole, block_, "record");
    model.meta = meta_of(block_);
    if (*type == dns::Type::TXT) {
      read_txt();
      if (!none()) declare_txt(declaring_, *name, values_, model);
      return;
    }
    read_values(*type);
    if (none()) return;
    add_parts(model);
    model.values = std::move(values_);
    declaring_.add(std::move(model));
  }

 private:
  std::optional<dns::Type> type_of(const Node& node) {
    const auto type = dns::parse_type(*node.string());
    if (!type) {
      static const std::vector<std::string> kUsual = {
          "A",   "AAAA", "CAA",  "CNAME", "DNAME", "DS",      "HTTPS",     "LOC",   "MX",
          "NS",  "PTR",  "SRV",  "SSHFP", "SVCB",  "TLSA",    "TXT",       "NAPTR", "SMIMEA",
          "URI", "RP",   "CERT", "HINFO", "CDS",   "CDNSKEY", "OPENPGPKEY"};
      std::string upper = *node.string();
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      const auto near = base::did_you_mean(upper, kUsual);
      declaring_.error("spec-record-type", node.pos,
                       in_quotes(*node.string()) + " is no record type" +
                           (near ? ", did you mean \"" + *near + "\"?" : ""),
                       "types without a name are written TYPE65280");
      return std::nullopt;
    }
    if (*type == dns::Type::SOA) {
      declaring_.error("spec-record-type", node.pos, "SOA is the provider's and is not declared");
      return std::nullopt;
    }
    return type;
  }

  void read_values(dns::Type type) {
    if (const Node* hex = find_path(block_, {"values_hex"})) {
      declaring_.error("spec-conflicting-keys", hex->pos,
                       "values_hex is for TXT; other types have a presentation form",
                       "write octets of unknown types as \"\\\\# LENGTH HEX\"");
    }
    const Array* values = Declaring::list(block_, "values");
    for (std::size_t i = 0; values != nullptr && i < values->size(); ++i) {
      const Node& node = (*values)[i];
      if (node.string() != nullptr) read_value(type, node);
    }
  }

  void read_value(dns::Type type, const Node& node) {
    auto rdata = parse_record_value(type, *node.string(), declaring_.zone());
    if (rdata) return put(declaring_, values_, std::move(*rdata), node);
    failed_ = true;
    declaring_.error(
        "spec-record-value", node.at(rdata.fault().offset),
        dns::type_name(type) + " " + in_quotes(*node.string()) + ": " + rdata.fault().message,
        rdata.fault().hint);
  }

  void read_txt() {
    const Array* values = Declaring::list(block_, "values");
    for (std::size_t i = 0; values != nullptr && i < values->size(); ++i) {
      const Node& node = (*values)[i];
      if (node.string() != nullptr) read_octets(node, *node.string());
    }
    const Array* hexes = Declaring::list(block_, "values_hex");
    for (std::size_t i = 0; hexes != nullptr && i < hexes->size(); ++i) {
      const Node& node = (*hexes)[i];
      if (node.string() == nullptr) continue;
      if (const auto octets = octets_of_hex(*node.string())) {
        read_octets(node, *octets);
      } else {
        failed_ = true;
        declaring_.error("spec-record-value", node.pos,
                         in_quotes(*node.string()) + " is not hexadecimal",
                         "two digits for each octet, no blanks: \"c0ffee\"");
      }
    }
  }

  void read_octets(const Node& node, const std::string& octets) {
    if (declaring_.check_txt(node, octets)) {
      put(declaring_, values_, dns::Txt{octets}, node);
    } else {
      failed_ = true;
    }
  }

  /// No values: an error unless something has been said about them already.
  bool none() {
    if (!values_.empty()) return false;
    if (!failed_) {
      declaring_.error("spec-missing-key", block_.pos, "[[record]] says no `values`",
                       "to have a set deleted, declare it in [[absent]]");
    }
    return true;
  }

  void add_parts(DesiredUnit& unit) const {
    for (const DesiredValue& value : values_) {
      if (const auto* mx = std::get_if<dns::Mx>(&value.value)) {
        unit.parts.emplace_back(mx->exchange.text(), value.pos);
      }
    }
  }

  Declaring& declaring_;
  const Node& block_;
  std::vector<DesiredValue> values_;
  bool failed_ = false;
};

/// SELECTOR._domainkey somewhere in the zone (RFC 6376 section 3.6.2.1); a selector may have dots.
bool is_selector(const dns::Name& name) {
  const std::vector<std::string> labels = name.labels();
  return std::find(labels.begin(), labels.end(), "_domainkey") > labels.begin() &&
         std::find(labels.begin(), labels.end(), "_domainkey") != labels.end();
}

}  // namespace

base::Parsed<dns::Rdata> parse_record_value(dns::Type type, const std::string& text,
                                            const dns::Name& zone) {
  const auto index = host_field(type);
  const bool generic = text.substr(0, 2) == "\\#";
  const auto field = index && !generic ? field_at(text, *index) : std::nullopt;
  if (!field) return dns::parse_rdata(type, text, dns::Name());
  const std::string_view host =
      std::string_view(text).substr(field->begin, field->end - field->begin);
  const auto absolute = absolute_host(host, zone);
  if (!absolute) {
    return base::Fault{"the host " + in_quotes(host) + " " + absolute.fault().message,
                       absolute.fault().hint, field->begin};
  }
  const std::string whole = text.substr(0, field->begin) + *absolute + text.substr(field->end);
  return dns::parse_rdata(type, whole, dns::Name());
}

void declare_txt(Declaring& declaring, const dns::Name& name,
                 const std::vector<DesiredValue>& values, const DesiredUnit& model) {
  std::map<OwnedClass, DesiredUnit> classes;
  for (const DesiredValue& value : values) {
    const std::string& octets = std::get<dns::Txt>(value.value).octets;
    const OwnedClass owned =
        is_selector(name) ? OwnedClass::whole : plan::classify_txt(name, octets);
    DesiredUnit unit = model;
    unit.unit.owned = owned;
    if (owned == OwnedClass::value) {
      unit.unit.octets = octets;
      unit.pos = value.pos;
      unit.values = {value};
      declaring.add(std::move(unit));
    } else {
      classes.try_emplace(owned, std::move(unit)).first->second.values.push_back(value);
    }
  }
  for (auto& [owned, unit] : classes) {
    if (unit.values.size() > 1 && owned != OwnedClass::whole) {
      declaring.add(base::Diagnostic{base::Severity::warning, "spec-two-records",
                                     std::string(plan::class_name(owned)) +
                                         " stands twice at one name: receivers heed none of them",
                                     "keep one of them", unit.values[1].pos});
    }
    unit.pos = unit.values.front().pos;
    declaring.add(std::move(unit));
  }
}

void declare_mx(Declaring& declaring, const Node& mail) {
  const Array* hosts = Declaring::list(mail, "mx");
  if (hosts == nullptr) return;
  const Node* list = find_path(mail, {"mx"});
  const Node& first = hosts->empty() ? *list : hosts->front();
  DesiredUnit unit =
      declaring.unit(declaring.zone(), dns::Type::MX, OwnedClass::whole, first, "mail.mx");
  if (hosts->empty()) {
    declaring.error("spec-missing-key", list->pos, "mail.mx is empty",
                    "for a zone without mail say mail.none = true; to leave its MX alone, take "
                    "mail.mx out");
  }
  for (const Node& block : *hosts) {
    const DesiredUnit same =
        declaring.unit(declaring.zone(), dns::Type::MX, OwnedClass::whole, block, "mail.mx");
    if (same.ttl != unit.ttl) {
      declaring.error("spec-conflicting-keys", block.pos,
                      "the hosts of mail.mx are one set and have one TTL",
                      "say the same `ttl` in each, or in none");
    }
    const Node* host = declaring.need(block, "host", "[[mail.mx]]");
    const Node* priority = find_path(block, {"priority"});
    if (priority == nullptr) {
      declaring.error("spec-missing-key", block.pos, "[[mail.mx]] says no `priority`",
                      "priority = 10; lower numbers are tried first");
    }
    const auto exchange = host == nullptr ? std::nullopt : declaring.host(*host);
    if (!exchange || priority == nullptr || priority->integer() == nullptr) continue;
    const dns::Mx mx{static_cast<std::uint16_t>(*priority->integer()), *exchange};
    unit.parts.emplace_back(exchange->text(), host->pos);
    put(declaring, unit.values, mx, *host);
  }
  if (!unit.values.empty()) declaring.add(std::move(unit));
}

void declare_verifications(Declaring& declaring, const Node& mail) {
  const Array* list = Declaring::list(mail, "verification");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const Node& block = (*list)[i];
    const Node* value = declaring.need(block, "value", "[[mail.verification]]");
    const Node* name_node = Declaring::text(block, "name");
    const auto name = name_node ? declaring.owner(*name_node) : declaring.zone();
    if (value == nullptr || !name) continue;
    const bool cname = Declaring::word(block, "type", "TXT") == "CNAME";
    DesiredUnit unit = declaring.unit(*name, cname ? dns::Type::CNAME : dns::Type::TXT,
                                      OwnedClass::whole, block, "mail.verification");
    if (!cname) {
      if (!declaring.check_txt(*value, *value->string())) continue;
      declare_txt(declaring, *name, {{dns::Txt{*value->string()}, value->pos}}, unit);
    } else if (const auto target = declaring.host(*value)) {
      unit.values = {{dns::Cname{*target}, value->pos}};
      declaring.add(std::move(unit));
    }
  }
}

void declare_records(Declaring& declaring, const Node& tree) {
  const Array* list = Declaring::list(tree, "record");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    RecordReader(declaring, (*list)[i]).declare();
  }
}

}  // namespace mxsmith::spec
