#include "spec/service_files.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mail/service_template.hpp"
#include "spec/keys.hpp"
#include "spec/toml_reader.hpp"

namespace mxsmith::spec {

namespace {

using mail::Service;
using mail::ServiceField;
using mail::ServiceMx;
using mail::ServiceRecord;

std::string text_of(const Node& node, std::string_view key, std::string_view otherwise = {}) {
  const Node* found = find_path(node, {key});
  return found != nullptr && found->string() ? *found->string() : std::string(otherwise);
}

bool truth_of(const Node& node, std::string_view key, bool otherwise) {
  const Node* found = find_path(node, {key});
  return found != nullptr && found->boolean() ? *found->boolean() : otherwise;
}

std::size_t number_of(const Node& node, std::string_view key, std::size_t otherwise) {
  const Node* found = find_path(node, {key});
  const bool good = found != nullptr && found->integer() && *found->integer() >= 0;
  return good ? static_cast<std::size_t>(*found->integer()) : otherwise;
}

std::vector<std::string> texts_of(const Node& node, std::string_view key) {
  std::vector<std::string> texts;
  const Node* found = find_path(node, {key});
  if (found == nullptr || found->array() == nullptr) return texts;
  texts.reserve(found->array()->size());
  for (const Node& element : *found->array()) {
    if (element.string()) texts.push_back(*element.string());
  }
  return texts;
}

const Array& tables_of(const Node& node, std::string_view key) {
  static const Array kNone;
  const Node* found = find_path(node, {key});
  return found != nullptr && found->array() ? *found->array() : kNone;
}

std::string date_of(const Node& node, std::string_view key) {
  const Node* found = find_path(node, {key});
  if (found == nullptr || found->date() == nullptr) return {};
  const auto date = found->date()->date;
  const std::string month = std::to_string(static_cast<unsigned>(date.month()));
  const std::string day = std::to_string(static_cast<unsigned>(date.day()));
  return std::to_string(static_cast<int>(date.year())) + (month.size() < 2 ? "-0" : "-") + month +
         (day.size() < 2 ? "-0" : "-") + day;
}

/// Placeholders that need no field. ${any} is for recognition alone and never filled.
bool is_given(std::string_view placeholder) {
  return placeholder == "zone" || placeholder == "zone_dashed" || placeholder == "any";
}

/// Keys of [mail.service.NAME] that are no fields.
constexpr std::array<std::string_view, 2> kReserved = {"without", "ttl"};

class ServiceReader {
 public:
  ServiceReader(const Node& root, base::Diagnostics& diagnostics)
      : root_(root), diagnostics_(diagnostics) {}

  Service read(const std::string& id) {
    service_.id = id;
    if (id != base::to_lower(id) ||
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
      error({root_.pos.file, 1, 1}, in_quotes(id) + " is no id of a service",
            "a file is named by the id: small letters, digits and hyphens, and .toml");
    }
    for (const std::string_view key : {"name", "kind", "verified"}) {
      if (find_path(root_, {key}) != nullptr) continue;
      diagnostics_.error("spec-missing-key", {root_.pos.file, 1, 1},
                         "the service says no `" + std::string(key) + "`");
    }
    read_top();
    read_fields();
    read_mx();
    read_spf();
    for (const auto& [key, list] :
         {std::pair("dkim", &service_.dkim), std::pair("verification", &service_.verification),
          std::pair("discovery", &service_.discovery), std::pair("bounce", &service_.bounce),
          std::pair("policy", &service_.policies)}) {
      for (const Node& block : tables_of(root_, key)) read_record(block, key, *list);
    }
    check_groups();
    return std::move(service_);
  }

 private:
  void error(const base::SourcePos& pos, std::string message, std::string hint = {}) {
    diagnostics_.error("spec-service-file", pos, std::move(message), std::move(hint));
  }

  void read_top() {
    service_.name = text_of(root_, "name");
    service_.kind =
        mail::parse_service_kind(text_of(root_, "kind")).value_or(mail::ServiceKind::sender);
    service_.verified = truth_of(root_, "verified", false);
    service_.checked = date_of(root_, "checked");
    service_.sources = texts_of(root_, "sources");
    service_.notes = text_of(root_, "notes");
    service_.unsure = texts_of(root_, "unsure");
    service_.built_on = texts_of(root_, "built_on");
    service_.shared_key = truth_of(root_, "shared_key", false);
    service_.relaxed_spf = truth_of(root_, "relaxed_spf", false);
    service_.verification_keep = truth_of(root_, "keep_token", true);
    for (const Node& group : tables_of(root_, "one_of")) {
      service_.one_of.push_back(texts_of(group, "fields"));
    }
  }

  void read_fields() {
    const Node* fields = find_path(root_, {"field"});
    if (fields == nullptr || fields->table() == nullptr) return;
    for (const Entry& entry : fields->table()->entries) {
      if (entry.value.table() == nullptr) continue;
      const bool reserved =
          std::find(kReserved.begin(), kReserved.end(), entry.key) != kReserved.end();
      if (reserved || is_given(entry.key)) {
        error(entry.key_pos, "a field cannot be called `" + entry.key + "`", "choose another name");
      }
      service_.fields.push_back(field_of(entry));
    }
    // Defaults hold placeholders, too, and all fields are known by now.
    for (const Entry& entry : fields->table()->entries) {
      if (const Node* text = find_path(entry.value, {"default"})) check_text(*text);
    }
  }

  ServiceField field_of(const Entry& entry) {
    ServiceField field;
    field.name = entry.key;
    field.meaning = text_of(entry.value, "meaning");
    if (field.meaning.empty()) {
      diagnostics_.error("spec-missing-key", entry.key_pos,
                         "the field `" + entry.key + "` says no `meaning`",
                         "what it is, and where the service shows it: who has to give it asks");
    }
    const Node* otherwise = find_path(entry.value, {"default"});
    if (otherwise != nullptr && otherwise->string()) field.otherwise = *otherwise->string();
    field.optional = truth_of(entry.value, "optional", false);
    field.asked_with_hyphen = truth_of(entry.value, "ask_with_hyphen", false);
    field.form =
        mail::parse_field_form(text_of(entry.value, "form")).value_or(mail::FieldForm::text);
    field.least = number_of(entry.value, "least", 1);
    field.most = number_of(entry.value, "most", 0);
    const Node* choices = find_path(entry.value, {"choices"});
    if (choices == nullptr || choices->table() == nullptr) return field;
    for (const Entry& choice : choices->table()->entries) {
      if (choice.value.string()) field.choices[choice.key] = *choice.value.string();
    }
    return field;
  }

  void check_text(const Node& node) {
    if (node.string() == nullptr) return;
    for (const std::string& name : mail::placeholders_of(*node.string())) {
      if (is_given(name) || service_.field(name) != nullptr) continue;
      error(node.pos, "the placeholder ${" + base::escape_for_terminal(name) + "} has no field",
            "declare [field." + base::escape_for_terminal(name) +
                "]; ${zone} and ${zone_dashed} are known, ${any} is for suggested records");
    }
  }

  /// The string at a key that has to be there.
  const Node* need(const Node& block, std::string_view key, std::string_view where) {
    const Node* node = find_path(block, {key});
    if (node == nullptr) {
      diagnostics_.error("spec-missing-key", block.pos,
                         std::string(where) + " says no `" + std::string(key) + "`");
    } else {
      check_text(*node);
    }
    return node;
  }

  std::vector<ServiceMx> hosts_of(const Node& block) {
    std::vector<ServiceMx> hosts;
    const Array& list = tables_of(block, "hosts");
    hosts.reserve(list.size());
    for (const Node& host : list) {
      need(host, "host", "a host of mx");
      need(host, "priority", "a host of mx");
      hosts.push_back(
          {text_of(host, "host"), static_cast<std::uint16_t>(number_of(host, "priority", 0))});
    }
    return hosts;
  }

  void read_mx() {
    const Node* block = find_path(root_, {"mx"});
    if (block == nullptr || block->table() == nullptr) return;
    if (const Node* at = find_path(*block, {"at"})) check_text(*at);
    service_.mx_at = text_of(*block, "at", "@");
    service_.mx_exclusive = truth_of(*block, "exclusive", false);
    service_.mx_any_preference = truth_of(*block, "any_priority", false);
    service_.mx = hosts_of(*block);
    for (const Node& set : tables_of(*block, "also")) service_.mx_other.push_back(hosts_of(set));
  }

  void read_spf() {
    const Node* block = find_path(root_, {"spf"});
    if (block == nullptr || block->table() == nullptr) return;
    if (const Node* at = find_path(*block, {"at"})) check_text(*at);
    service_.spf_at = text_of(*block, "at", "@");
    service_.spf = texts_of(*block, "terms");
    service_.spf_other = texts_of(*block, "also");
    service_.spf_retired = texts_of(*block, "retired");
    service_.spf_all = mail::parse_qualifier_word(text_of(*block, "all"));
    service_.spf_lookups = static_cast<unsigned>(number_of(*block, "lookups", 0));
    for (const std::string_view key : {"terms", "also", "retired"}) {
      for (const Node& term : tables_of(*block, key)) check_term(term);
    }
  }

  void check_term(const Node& node) {
    check_text(node);
    if (node.string() == nullptr) return;
    std::string text = *node.string();
    for (const std::string& name : mail::placeholders_of(text)) {
      const std::string placeholder = "${" + name + "}";
      text.replace(text.find(placeholder), placeholder.size(), "x");
    }
    const auto term = mail::parse_spf_term(text);
    if (!term) {
      error(node.pos, in_quotes(*node.string()) + " is no SPF term: " + term.fault().message,
            term.fault().hint);
    } else if (term->text != text) {
      error(node.pos, in_quotes(*node.string()) + " is no SPF term", "it means " + term->text);
    } else if (term->kind == mail::SpfKind::all) {
      error(node.pos, "`all` is no term of a service", "say `all = \"softfail\"` under [spf]");
    }
  }

  void read_record(const Node& block, std::string_view part, std::vector<ServiceRecord>& list) {
    const std::string where = "[[" + std::string(part) + "]]";
    need(block, "name", where);
    need(block, "type", where);
    need(block, "value", where);
    ServiceRecord record;
    record.name = text_of(block, "name");
    record.type = dns::parse_type(text_of(block, "type")).value_or(dns::Type::TXT);
    record.value = text_of(block, "value");
    record.telling = truth_of(block, "telling", false);
    record.suggested = truth_of(block, "suggested", false);
    list.push_back(std::move(record));
  }

  void check_groups() {
    for (const Node& group : tables_of(root_, "one_of")) {
      const std::vector<std::string> names = texts_of(group, "fields");
      if (names.empty()) error(group.pos, "[[one_of]] names no fields");
      for (const std::string& name : names) {
        const ServiceField* field = service_.field(name);
        if (field != nullptr && field->optional) continue;
        error(group.pos, "[[one_of]] names " + in_quotes(name) + ", which is no optional field",
              "declare it with optional = true");
      }
    }
  }

  const Node& root_;
  base::Diagnostics& diagnostics_;
  Service service_;
};

mail::Catalogue read_built_in() {
  std::vector<Service> services;
  services.reserve(built_in_service_texts().size());
  base::Diagnostics diagnostics;
  for (const ServiceText& one : built_in_service_texts()) {
    const std::string id(one.id);
    auto service = read_service(one.text, id, "services/" + id + ".toml", diagnostics);
    if (service) services.push_back(std::move(*service));
  }
  if (diagnostics.has_errors()) {
    const base::Diagnostic first = diagnostics.sorted().front();
    throw base::Error(base::ErrorKind::invalid, first.pos.text() + ": " + first.message);
  }
  return mail::Catalogue(std::move(services));
}

}  // namespace

const mail::Catalogue& built_in_services() {
  static const mail::Catalogue kCatalogue = read_built_in();
  return kCatalogue;
}

std::optional<Service> read_service(std::string_view text, const std::string& id,
                                    const std::string& file, base::Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.errors();
  const auto tree = read_toml(text, file, diagnostics);
  if (!tree) return std::nullopt;
  check_service_shape(*tree, diagnostics);
  Service service = ServiceReader(*tree, diagnostics).read(id);
  if (diagnostics.errors() != errors) return std::nullopt;
  return service;
}

KnownServices::KnownServices(std::vector<mail::Service> own) {
  if (own.empty()) return;
  own_ = std::make_shared<Own>();
  own_->services = std::move(own);
}

const mail::Catalogue& KnownServices::catalogue() const {
  if (!own_) return built_in_services();
  std::call_once(own_->once, [this] {
    const auto ours = built_in_services().all();
    std::vector<Service> all(ours.begin(), ours.end());
    all.insert(all.end(), own_->services.begin(), own_->services.end());
    own_->catalogue = mail::Catalogue(std::move(all));
  });
  return own_->catalogue;
}

bool KnownServices::is_own(std::string_view id) const {
  return own_ && std::any_of(own_->services.begin(), own_->services.end(),
                             [&](const Service& service) { return service.id == id; });
}

}  // namespace mxsmith::spec
