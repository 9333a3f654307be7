// One service's records for one zone.

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "mail/dkim.hpp"
#include "mail/service.hpp"
#include "mail/service_index.hpp"
#include "mail/service_template.hpp"

namespace mxsmith::mail {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool has_form(FieldForm form, std::string_view text) {
  const auto all = [&](auto allowed) { return std::all_of(text.begin(), text.end(), allowed); };
  switch (form) {
    case FieldForm::text:
    case FieldForm::dkim:
      return all([](char c) { return c >= 0x20 && c <= 0x7e; }) && text.front() != ' ' &&
             text.back() != ' ';
    case FieldForm::word:
      return all([](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
    case FieldForm::digits: return all([](char c) { return c >= '0' && c <= '9'; });
    case FieldForm::hex:
      return all([](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      });
    case FieldForm::host: {
      if (text == "@") return true;
      const auto name = dns::Name::parse_absolute(text);
      return name.ok() && !name->is_root() &&
             all([](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
    }
  }
  return false;
}

std::string form_words(const ServiceField& field) {
  std::string words = field.form == FieldForm::word     ? "letters, digits, - and _"
                      : field.form == FieldForm::digits ? "digits"
                      : field.form == FieldForm::hex    ? "digits and the letters a to f"
                      : field.form == FieldForm::host   ? "a name"
                                                      : "printable ASCII without blanks around it";
  if (field.most != 0 && field.least == field.most) {
    words += ", " + std::to_string(field.most) + " of them";
  } else if (field.most != 0) {
    words += ", " + std::to_string(field.least) + " to " + std::to_string(field.most) + " of them";
  } else if (field.least > 1) {
    words += ", at least " + std::to_string(field.least) + " of them";
  }
  return words;
}

/// What a DKIM field stands for in a TXT record: the record as pasted, or one around the key.
base::Parsed<std::string> dkim_record(const std::string& text) {
  std::string record = text;
  if (!parse_dkim(text)) {
    const auto key = dkim_key_from_text(text);
    if (!key) return key.fault();
    record = print_dkim(*key);
  }
  const DkimReading reading = read_dkim(record);
  for (const Finding& finding : reading.findings.all()) {
    if (finding.severity == base::Severity::error) {
      return base::Fault{finding.message, finding.hint};
    }
  }
  if (!reading.value.revoked()) return record;
  return base::Fault{"the record holds no key: its p= is empty",
                     "an empty p= revokes a key; take the record that the service shows"};
}

class Filling {
 public:
  Filling(const Service& service, const dns::Name& zone,
          const std::map<std::string, std::string>& given, const std::vector<ServicePart>& without)
      : service_(service), zone_(zone), given_(given), without_(without) {
    values_["zone"] = host_text(zone);
    std::string dashed = values_["zone"];
    std::replace(dashed.begin(), dashed.end(), '.', '-');
    values_["zone_dashed"] = dashed;
  }

  Filled run() {
    gather_used();
    check_unknown();
    for (const ServiceField& field : service_.fields) resolve(field);
    check_one_of();
    fill_mx();
    fill_spf();
    fill_all(ServicePart::dkim, service_.dkim);
    fill_all(ServicePart::verification, service_.verification);
    fill_all(ServicePart::discovery, service_.discovery);
    fill_all(ServicePart::bounce, service_.bounce);
    fill_all(ServicePart::policy, service_.policies);
    return std::move(filled_);
  }

 private:
  [[nodiscard]] bool left_out(ServicePart part) const {
    return std::find(without_.begin(), without_.end(), part) != without_.end();
  }

  void fault(const std::string& field, std::string message, std::string hint = {}) {
    filled_.faults.push_back({field, std::move(message), std::move(hint)});
  }

  /// Fields of one record, which stands only if all the optional ones in it are given.
  void use(std::initializer_list<std::string_view> texts) {
    std::vector<std::string> names;
    for (const std::string_view text : texts) {
      for (std::string& name : placeholders_of(text)) names.push_back(std::move(name));
    }
    mentioned_.insert(names.begin(), names.end());
    const bool stands = std::none_of(names.begin(), names.end(), [&](const std::string& name) {
      const ServiceField* field = service_.field(name);
      return field != nullptr && field->optional && !field->otherwise && given_.count(name) == 0;
    });
    if (stands) used_.insert(names.begin(), names.end());
  }

  void use_records(ServicePart part, const std::vector<ServiceRecord>& records) {
    if (left_out(part)) return;
    for (const ServiceRecord& record : records) {
      if (!record.suggested) use({record.name, record.value});
    }
  }

  /// Fields that the wanted parts hold.
  void gather_used() {
    if (!left_out(ServicePart::mx)) {
      for (const ServiceMx& mx : service_.mx) use({service_.mx_at, mx.host});
    }
    if (!left_out(ServicePart::spf)) {
      for (const std::string& term : service_.spf) use({service_.spf_at, term});
    }
    use_records(ServicePart::dkim, service_.dkim);
    use_records(ServicePart::verification, service_.verification);
    use_records(ServicePart::discovery, service_.discovery);
    use_records(ServicePart::bounce, service_.bounce);
    use_records(ServicePart::policy, service_.policies);
  }

  void check_unknown() {
    std::vector<std::string> known;
    known.reserve(service_.fields.size());
    for (const ServiceField& field : service_.fields) known.push_back(field.name);
    for (const auto& [name, value] : given_) {
      if (service_.field(name) != nullptr) continue;
      const auto near = base::did_you_mean(name, known);
      fault(name,
            service_.id + " has no field `" + base::escape_for_terminal(name) + "`" +
                (near ? ", did you mean `" + *near + "`?" : ""),
            known.empty() ? "it has none" : "its fields: " + base::join(known, ", "));
    }
  }

  void resolve(const ServiceField& field) {
    const auto found = given_.find(field.name);
    if (found != given_.end()) return take(field, found->second);
    const bool hyphen = field.asked_with_hyphen && values_["zone"].find('-') != std::string::npos;
    if (field.otherwise && !hyphen) {
      if (const auto text = fill_template(*field.otherwise, values_)) take(field, *text);
      return;
    }
    if (field.optional || used_.count(field.name) == 0) return;
    fault(field.name, service_.id + " needs `" + field.name + "`: " + field.meaning,
          hyphen ? "it does not follow from a zone's name with a hyphen in it" : choices_of(field));
  }

  static std::string choices_of(const ServiceField& field) {
    if (field.choices.empty()) return {};
    std::vector<std::string> words;
    words.reserve(field.choices.size());
    for (const auto& [word, stands_for] : field.choices) words.push_back(word);
    return "one of " + base::join(words, ", ");
  }

  void take(const ServiceField& field, const std::string& text) {
    if (!field.choices.empty()) {
      const auto choice = field.choices.find(text);
      if (choice != field.choices.end()) {
        values_[field.name] = choice->second;
        return;
      }
      std::vector<std::string> words;
      words.reserve(field.choices.size());
      for (const auto& [word, stands_for] : field.choices) words.push_back(word);
      const auto near = base::did_you_mean(text, words);
      return fault(field.name,
                   refused(field, text) + (near ? ", did you mean \"" + *near + "\"?" : ""),
                   choices_of(field));
    }
    const bool fits = text.size() >= field.least && (field.most == 0 || text.size() <= field.most);
    const bool multi_line_key =
        field.form == FieldForm::dkim && text.find("-----BEGIN") != std::string::npos;
    if (text.empty() || !fits || (!multi_line_key && !has_form(field.form, text))) {
      return fault(field.name, refused(field, text), refusal_hint(field, text));
    }
    if (field.form != FieldForm::dkim) {
      values_[field.name] = text;
      return;
    }
    auto record = dkim_record(text);
    if (record) {
      values_[field.name] = std::move(*record);
    } else {
      fault(field.name, "`" + field.name + "` of " + service_.id + ": " + record.fault().message,
            record.fault().hint.empty() ? field.meaning : record.fault().hint);
    }
  }

  [[nodiscard]] std::string refused(const ServiceField& field, const std::string& text) const {
    constexpr std::size_t kShown = 60;
    std::string shown = base::escape_for_terminal(text.substr(0, kShown));
    if (text.size() > kShown) shown += "...";
    return "`" + field.name + "` of " + service_.id + " cannot be \"" + shown + "\"";
  }

  /// People paste the whole record where a part of it is meant.
  [[nodiscard]] std::string refusal_hint(const ServiceField& field, const std::string& text) const {
    const std::string placeholder = "${" + field.name + "}";
    for (const auto* list : {&service_.verification, &service_.bounce, &service_.dkim}) {
      for (const ServiceRecord& record : *list) {
        const std::size_t at = record.value.find(placeholder);
        if (at == std::string::npos || at == 0) continue;
        const std::string head = record.value.substr(0, at);
        if (text.compare(0, head.size(), head) == 0) {
          return "give only what stands behind \"" + head + "\"";
        }
      }
    }
    return "it is " + form_words(field) + ": " + field.meaning;
  }

  void check_one_of() {
    for (const auto& group : service_.one_of) {
      const bool any = std::any_of(group.begin(), group.end(), [&](const std::string& name) {
        return given_.count(name) != 0 || mentioned_.count(name) == 0;
      });
      if (any) continue;
      std::vector<std::string> meanings;
      meanings.reserve(group.size());
      for (const std::string& name : group) {
        meanings.push_back("`" + name + "`: " + service_.field(name)->meaning);
      }
      fault(group.front(), service_.id + " needs one of `" + base::join(group, "`, `") + "`",
            base::join(meanings, "; "));
    }
  }

  /// An owner name; nothing when a field is missing, or with a fault.
  std::optional<dns::Name> owner(std::string_view text) {
    auto filled = fill_template(text, values_);
    if (!filled) return std::nullopt;
    // "pdk1._domainkey.${sub}" where sub is the apex itself.
    if (filled->ends_with(".@")) filled->resize(filled->size() - 2);
    const auto name = dns::Name::parse(*filled, zone_);
    if (name && name->is_at_or_below(zone_)) return *name;
    wrong(*filled + " is no name in the zone" + (name ? "" : ": " + name.fault().message));
    return std::nullopt;
  }

  void wrong(const std::string& message) {
    fault("", service_.id + ": " + base::escape_for_terminal(message));
  }

  void fill_mx() {
    if (left_out(ServicePart::mx) || service_.mx.empty()) return;
    const auto at = owner(service_.mx_at);
    for (const ServiceMx& mx : service_.mx) {
      const auto host = at ? fill_template(mx.host, values_) : std::nullopt;
      if (!host) continue;
      const auto name = dns::Name::parse_absolute(*host);
      if (name) {
        filled_.records.mx.emplace_back(*at, dns::Mx{mx.preference, *name});
      } else {
        wrong(*host + " is no host: " + name.fault().message);
      }
    }
  }

  void fill_spf() {
    if (left_out(ServicePart::spf) || service_.spf.empty()) return;
    const auto at = owner(service_.spf_at);
    for (const std::string& text : service_.spf) {
      const auto term = at ? fill_template(text, values_) : std::nullopt;
      if (!term) continue;
      auto parsed = parse_spf_term(*term);
      if (parsed) {
        filled_.records.spf.emplace_back(*at, std::move(*parsed));
      } else {
        wrong(*term + " is no SPF term: " + parsed.fault().message);
      }
    }
  }

  void fill_all(ServicePart part, const std::vector<ServiceRecord>& records) {
    if (left_out(part)) return;
    for (const ServiceRecord& record : records) {
      const auto value = fill_template(record.value, values_);
      const auto name = value ? owner(record.name) : std::nullopt;
      if (!name) continue;
      if (record.type == dns::Type::TXT) {
        filled_.records.records.push_back(
            {*name, record.type, dns::Txt{*value}, part, record.suggested});
        continue;
      }
      auto rdata = dns::parse_rdata(record.type, *value, dns::Name());
      if (rdata) {
        filled_.records.records.push_back(
            {*name, record.type, std::move(*rdata), part, record.suggested});
      } else {
        wrong(*value + ": " + rdata.fault().message);
      }
    }
  }

  const Service& service_;
  const dns::Name& zone_;
  const std::map<std::string, std::string>& given_;
  const std::vector<ServicePart>& without_;
  Placeholders values_;
  std::set<std::string> mentioned_;  ///< Fields that the wanted parts could hold.
  std::set<std::string> used_;       ///< Fields of records that will stand.
  Filled filled_;
};

}  // namespace

bool field_takes(const ServiceField& field, std::string_view value) {
  if (!field.choices.empty()) return field.choices.count(std::string(value)) != 0;
  return !value.empty() && value.size() >= field.least &&
         (field.most == 0 || value.size() <= field.most) && has_form(field.form, value);
}

Filled fill_service(const Service& service, const dns::Name& zone,
                    const std::map<std::string, std::string>& fields,
                    const std::vector<ServicePart>& without) {
  return Filling(service, zone, fields, without).run();
}

}  // namespace mxsmith::mail
