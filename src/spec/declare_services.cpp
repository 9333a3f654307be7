// `services` and mail.service: what the catalogue's entries bring.

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "spec/services.hpp"

namespace mxsmith::spec {

namespace {

using mail::ServicePart;
using plan::DesiredUnit;
using plan::OwnedClass;

/// One service as the spec names it.
struct Named {
  const mail::Service* service = nullptr;
  Node block;  ///< Its table; an empty one for the short form.
  base::SourcePos pos;
  mail::DeclaredService declared;
};

class ServicesReader {
 public:
  ServicesReader(Declaring& declaring, const Node& tree, const mail::Catalogue& catalogue)
      : declaring_(declaring), tree_(tree), catalogue_(catalogue) {}

  ServiceSpf declare() {
    gather();
    choose_inbound();
    for (const Named& named : named_) declare_one(named);
    for (auto& [name, unit] : mx_) declaring_.add(std::move(unit));
    for (Named& named : named_) declaring_.mail().services.push_back(std::move(named.declared));
    return std::move(spf_);
  }

 private:
  void gather() {
    const Array* names = Declaring::list(tree_, "services");
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
      const Node& node = (*names)[i];
      if (node.string() == nullptr) continue;
      const auto twice = find(*node.string());
      if (twice != named_.end()) {
        error_twice(node, *twice);
        continue;
      }
      add(*node.string(), Node{Table{}, node.pos}, node.pos);
    }
    const Node* tables = find_path(tree_, {"mail", "service"});
    if (tables == nullptr || tables->table() == nullptr) return;
    for (const Entry& entry : tables->table()->entries) {
      if (entry.value.table() == nullptr) continue;
      const auto known = find(entry.key);
      if (known == named_.end()) {
        add(entry.key, entry.value, entry.key_pos);
      } else {
        known->block = entry.value;
        known->pos = entry.key_pos;
        read_table(*known);
      }
    }
  }

  std::vector<Named>::iterator find(const std::string& id) {
    return std::find_if(named_.begin(), named_.end(),
                        [&](const Named& named) { return named.declared.id == id; });
  }

  void error_twice(const Node& node, const Named& first) {
    base::Diagnostic diagnostic{base::Severity::error, "spec-value-twice",
                                "the service " + in_quotes(*node.string()) + " stands twice",
                                "name it once", node.pos};
    diagnostic.notes.push_back({"the other one", first.pos});
    declaring_.add(std::move(diagnostic));
  }

  void add(const std::string& id, Node block, const base::SourcePos& pos) {
    const mail::Service* service = catalogue_.find(id);
    if (service == nullptr) {
      const std::vector<std::string> near = catalogue_.like(id);
      declaring_.error(
          "spec-unknown-service", pos,
          "there is no mail service " + in_quotes(id) +
              (near.empty() ? "" : ", did you mean \"" + near.front() + "\"?"),
          near.size() > 1 ? "similar: " + base::join(near, ", ") : "`mxsmith services` lists them");
      return;
    }
    if (service->kind == mail::ServiceKind::none) {
      declaring_.error("spec-service", pos, in_quotes(id) + " is a zone without mail",
                       "say mail.none = true in place of the service");
      return;
    }
    Named named;
    named.service = service;
    named.block = std::move(block);
    named.pos = pos;
    named.declared.id = id;
    read_table(named);
    named_.push_back(std::move(named));
  }

  void read_table(Named& named) {
    named.declared.pos = named.pos;
    for (const Entry& entry : named.block.table()->entries) {
      if (entry.key == "without") {
        read_without(named, entry.value);
      } else if (entry.key != "ttl" && entry.value.string() != nullptr) {
        named.declared.fields[entry.key] = *entry.value.string();
      }
    }
  }

  void read_without(Named& named, const Node& list) {
    if (list.array() == nullptr) return;
    for (const Node& node : *list.array()) {
      if (node.string() == nullptr) continue;
      if (const auto part = mail::parse_service_part(*node.string())) {
        named.declared.without.push_back(*part);
        continue;
      }
      std::vector<std::string> words;
      words.reserve(mail::kServiceParts.size());
      for (const ServicePart part : mail::kServiceParts) {
        words.emplace_back(mail::service_part_word(part));
      }
      const auto near = base::did_you_mean(*node.string(), words);
      declaring_.error("spec-word", node.pos,
                       in_quotes(*node.string()) + " is no part of a service" +
                           (near ? ", did you mean \"" + *near + "\"?" : ""),
                       "parts: " + base::join(words, ", "));
    }
  }

  static bool does_without(const Named& named, ServicePart part) {
    const auto& without = named.declared.without;
    return std::find(without.begin(), without.end(), part) != without.end();
  }

  /// Which service's MX stand at the apex.
  void choose_inbound() {
    const Node* mx = find_path(tree_, {"mail", "mx"});
    const Node* inbound = find_path(tree_, {"mail", "inbound"});
    std::vector<const Named*> takers;
    for (const Named& named : named_) {
      if (named.service->receives() && !does_without(named, ServicePart::mx)) {
        takers.push_back(&named);
      }
    }
    if (inbound != nullptr && inbound->string() != nullptr) return chosen(*inbound, mx, takers);
    if (mx != nullptr) return;  // What the spec lists stands alone.
    const bool exclusive = std::any_of(takers.begin(), takers.end(), [](const Named* named) {
      return named->service->mx_exclusive;
    });
    if (takers.size() < 2 || !exclusive) {
      for (const Named* named : takers) inbound_.push_back(named);
      return;
    }
    base::Diagnostic diagnostic{
        base::Severity::error, "spec-inbound",
        takers[0]->declared.id + " and " + takers[1]->declared.id +
            " both take in the zone's mail, and their MX cannot stand side by side",
        "say which one the world sends to: mail.inbound = \"" + takers[0]->declared.id +
            "\"; or leave MX away in one of them: without = [\"mx\"]",
        takers[1]->pos};
    diagnostic.notes.push_back({takers[0]->declared.id + " is here", takers[0]->pos});
    declaring_.add(std::move(diagnostic));
  }

  void chosen(const Node& inbound, const Node* mx, const std::vector<const Named*>& takers) {
    if (mx != nullptr) {
      base::Diagnostic diagnostic{base::Severity::error, "spec-conflicting-keys",
                                  "mail.inbound and mail.mx both say where the mail goes",
                                  "keep one of them", inbound.pos};
      diagnostic.notes.push_back({"mail.mx is here", mx->pos});
      return declaring_.add(std::move(diagnostic));
    }
    const std::string& id = *inbound.string();
    for (const Named* named : takers) {
      if (named->declared.id == id) inbound_.push_back(named);
    }
    declaring_.mail().inbound = id;
    if (!inbound_.empty()) return;
    std::vector<std::string> ids;
    ids.reserve(takers.size());
    for (const Named* named : takers) ids.push_back(named->declared.id);
    const bool declared = find(id) != named_.end();
    declaring_.error("spec-inbound", inbound.pos,
                     "mail.inbound is " + in_quotes(id) +
                         (declared ? ", which takes in no mail for this zone"
                                   : ", which is none of the zone's services"),
                     ids.empty() ? "none of the zone's services takes in mail"
                                 : "services here that do: " + base::join(ids, ", "));
  }

  void declare_one(const Named& named) {
    std::vector<ServicePart> without = named.declared.without;
    const bool takes_in = std::find(inbound_.begin(), inbound_.end(), &named) != inbound_.end();
    if (named.service->receives() && !takes_in) without.push_back(ServicePart::mx);
    const mail::Filled filled =
        mail::fill_service(*named.service, declaring_.zone(), named.declared.fields, without);
    for (const mail::FieldFault& fault : filled.faults) tell(named, fault);
    warn(named, filled.records);
    for (const auto& [name, mx] : filled.records.mx) add_mx(named, name, mx);
    for (const auto& [name, term] : filled.records.spf) {
      spf_.terms.push_back({name, term, named.declared.id, named.pos});
    }
    const bool asks = named.service->spf_all && !does_without(named, ServicePart::spf);
    if (asks && named.service->spf_at == "@") {
      spf_.all.push_back({declaring_.zone(), *named.service->spf_all});
    } else if (asks && !filled.records.spf.empty()) {
      spf_.all.push_back({filled.records.spf.front().first, *named.service->spf_all});
    }
    for (const mail::ServiceRecords::Record& record : filled.records.records) {
      if (!record.suggested) add_record(named, record);
    }
  }

  void tell(const Named& named, const mail::FieldFault& fault) {
    const Entry* given = named.block.table()->entry(fault.field);
    const bool missing = given == nullptr;
    std::string hint = fault.hint;
    if (missing && !fault.field.empty()) {
      hint += hint.empty() ? "" : "; ";
      hint += "set it under [mail.service." + named.declared.id +
              "], or leave what needs it away by `without`";
    }
    declaring_.error("spec-service-field", missing ? named.pos : given->value.pos, fault.message,
                     std::move(hint));
  }

  static bool has_part(const mail::ServiceRecords& records, std::string_view word) {
    if (word == "mx") return !records.mx.empty();
    return std::any_of(records.records.begin(), records.records.end(), [&](const auto& record) {
      return !record.suggested && mail::service_part_word(record.part) == word;
    });
  }

  /// What is not confirmed and in use here.
  void warn(const Named& named, const mail::ServiceRecords& records) {
    const mail::Service& service = *named.service;
    const std::string advice =
        "compare its records with what the service shows you; an entry of "
        "your own (`services` in mxsmith.toml) takes its place";
    if (!service.verified) {
      declaring_.add(base::Diagnostic{base::Severity::warning, "spec-service-unverified",
                                      "the catalogue's entry for " + service.id + " is unverified",
                                      advice, named.pos});
      return;
    }
    for (const std::string& unsure : service.unsure) {
      const std::vector<std::string> path = base::split(unsure, '.');
      if (path.front() == "field" && path.size() > 1) {
        const auto given = named.declared.fields.find(path[1]);
        if (given == named.declared.fields.end()) continue;
        if (path.size() > 2 && given->second != path[2]) continue;
        declaring_.add(base::Diagnostic{base::Severity::warning, "spec-service-unverified",
                                        service.id + ": what the catalogue makes of `" + path[1] +
                                            " = \"" + base::escape_for_terminal(given->second) +
                                            "\"` is not confirmed",
                                        advice, named.block.table()->find(path[1])->pos});
      } else if (has_part(records, path.front())) {
        declaring_.add(base::Diagnostic{
            base::Severity::info, "spec-service-unverified",
            service.id + ": its records for " + path.front() + " are not confirmed", advice,
            named.pos});
      }
    }
  }

  [[nodiscard]] DesiredUnit unit(const Named& named, const dns::Name& name, dns::Type type) const {
    DesiredUnit made = declaring_.unit(name, type, OwnedClass::whole, named.block,
                                       "mail.service." + named.declared.id);
    made.pos = named.pos;
    return made;
  }

  void add_mx(const Named& named, const dns::Name& name, const dns::Mx& mx) {
    auto found = mx_.find(name);
    if (found == mx_.end()) found = mx_.emplace(name, unit(named, name, dns::Type::MX)).first;
    found->second.values.push_back({mx, named.pos});
    found->second.parts.emplace_back(mx.exchange.text(), named.pos);
  }

  void add_record(const Named& named, const mail::ServiceRecords::Record& record) {
    DesiredUnit made = unit(named, record.name, record.type);
    if (record.part == ServicePart::dkim) {
      add_selector(named, record.name);
      if (record.type == dns::Type::TXT) {
        made.parts = {{"k", field_pos(named, "key")}, {"p", field_pos(named, "key")}};
      }
    }
    if (record.type == dns::Type::TXT) {
      return declare_txt(declaring_, record.name, {{record.value, named.pos}}, made);
    }
    made.values = {{record.value, named.pos}};
    declaring_.add(std::move(made));
  }

  static base::SourcePos field_pos(const Named& named, std::string_view field) {
    const Node* node = named.block.table()->find(field);
    return node == nullptr ? named.pos : node->pos;
  }

  /// Selectors of the zone's own name; those below it sign for another domain.
  void add_selector(const Named& named, const dns::Name& name) {
    const std::string relative = name.text_relative_to(declaring_.zone());
    constexpr std::string_view kEnd = "._domainkey";
    if (!relative.ends_with(kEnd)) return;
    declaring_.mail().selectors.push_back({relative.substr(0, relative.size() - kEnd.size()),
                                           mail::SelectorState::active, named.declared.id,
                                           named.pos});
  }

  Declaring& declaring_;
  const Node& tree_;
  const mail::Catalogue& catalogue_;
  std::vector<Named> named_;
  std::vector<const Named*> inbound_;
  std::map<dns::Name, DesiredUnit> mx_;
  ServiceSpf spf_;
};

}  // namespace

std::optional<mail::SpfQualifier> ServiceSpf::weakest(const dns::Name& name) const {
  std::optional<mail::SpfQualifier> weak;
  for (const AllWish& wish : all) {
    if (wish.name == name) weak = weak ? std::max(*weak, wish.all) : wish.all;
  }
  return weak;
}

ServiceSpf declare_services(Declaring& declaring, const Node& tree,
                            const mail::Catalogue& catalogue) {
  return ServicesReader(declaring, tree, catalogue).declare();
}

}  // namespace mxsmith::spec
