#include "cli/render/services.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"
#include "mail/service_template.hpp"

namespace mxsmith::cli::render {

namespace {

using mail::Service;
using mail::ServiceField;
using mail::ServicePart;
using mail::ServiceRecord;

struct PartRecords {
  ServicePart part;
  std::string_view title;
  const std::vector<ServiceRecord>* records;
};
std::vector<PartRecords> parts_of(const Service& service) {
  return {{ServicePart::dkim, "DKIM", &service.dkim},
          {ServicePart::verification, "Ownership", &service.verification},
          {ServicePart::discovery, "Mail programs", &service.discovery},
          {ServicePart::bounce, "Return path", &service.bounce},
          {ServicePart::policy, "Policies", &service.policies}};
}

/// What declaring it brings: "MX, SPF, DKIM".
std::string brought(const Service& service) {
  std::vector<std::string> words;
  if (!service.mx.empty()) words.emplace_back("MX");
  if (!service.spf.empty()) words.emplace_back("SPF");
  if (std::any_of(service.dkim.begin(), service.dkim.end(),
                  [](const ServiceRecord& one) { return !one.suggested; })) {
    words.emplace_back("DKIM");
  }
  const bool for_programs = service.kind != mail::ServiceKind::sender;
  if (for_programs && !service.discovery.empty()) words.emplace_back("autodiscover");
  if (!service.bounce.empty()) words.emplace_back("return path");
  return base::join(words, ", ");
}

std::string services_text(const spec::KnownServices& known, const View& view) {
  constexpr std::size_t kKind = 24;
  constexpr std::size_t kName = 35;
  Page page = page_for(view);
  const auto all = known.catalogue().all();
  for (const Service& service : all) {
    Line line;
    line.text(safe(service.id), Ink::bold);
    line.column(kKind).text(std::string(mail::service_kind_word(service.kind)), Ink::dim);
    line.column(kName).text(safe(service.name));
    std::string note = known.is_own(service.id) ? "your own" : brought(service);
    if (service.verified) {
      page.add(std::move(line), safe(note));
    } else {
      page.add(std::move(line), "UNVERIFIED", Ink::yellow);
    }
  }
  page.blank();
  page.add(base::counted(all.size(), "service") + "; `mxsmith services NAME` shows one");
  return page.text();
}

/// "10 mx1.example.net, 20 mx2.example.net"
std::string hosts_words(const std::vector<mail::ServiceMx>& hosts) {
  std::vector<std::string> words;
  words.reserve(hosts.size());
  for (const mail::ServiceMx& mx : hosts) {
    // A gap stands for anything.
    std::string host = mx.host;
    constexpr std::string_view kAny = "${any}";
    const std::size_t gap = host.find(kAny);
    if (gap != std::string::npos) host.replace(gap, kAny.size(), "*");
    words.push_back(std::to_string(mx.preference) + " " + safe(host));
  }
  return base::join(words, ", ");
}

class ServicePage {
 public:
  ServicePage(const Service& service, const View& view)
      : service_(service), page_(page_for(view)) {}

  std::string text(const spec::KnownServices& known) {
    page_.add(Line().text(safe(service_.id), Ink::bold).text("   " + safe(service_.name)),
              mail::service_kind_word(service_.kind));
    if (!service_.verified) {
      page_.paragraph(Line().text("UNVERIFIED", Ink::yellow), kLabelColumn,
                      "nobody has confirmed this entry: compare every record with what the service "
                      "shows you",
                      Ink::yellow);
    }
    page_.blank();
    put_mx();
    put_spf();
    for (const PartRecords& part : parts_of(service_)) put_records(part);
    put_fields();
    put_about(known);
    put_example();
    return page_.text();
  }

 private:
  void labelled(std::string_view label, const std::string& words, Ink ink = Ink::plain) {
    page_.paragraph(Line().text(label, Ink::bold), kLabelColumn, words, ink);
  }

  [[nodiscard]] std::string doubt(std::string_view key) const {
    const bool unsure =
        std::find(service_.unsure.begin(), service_.unsure.end(), key) != service_.unsure.end();
    return unsure ? "   (not confirmed)" : "";
  }

  void put_mx() {
    if (service_.mx.empty()) return;
    labelled("MX", safe(service_.mx_at) + "   " + hosts_words(service_.mx) + doubt("mx"));
    for (const auto& set : service_.mx_other) labelled("", "as good: " + hosts_words(set));
    if (service_.mx_exclusive) labelled("", "no other host may stand beside them", Ink::dim);
    if (service_.mx_any_preference) labelled("", "other priorities are as good", Ink::dim);
  }

  void put_spf() {
    const std::string at = safe(service_.spf_at) + "   ";
    std::string lookups;
    if (service_.spf_lookups != 0 && !service_.spf.empty()) {
      lookups = "   (" + base::counted(service_.spf_lookups, "lookup") + " when it was counted)";
    }
    if (!service_.spf.empty()) {
      labelled("SPF", at + safe(base::join(service_.spf, " ")) + lookups + doubt("spf"));
    } else {
      labelled("SPF", service_.kind == mail::ServiceKind::none ? "v=spf1 -all"
                                                               : "asks for none in your record");
    }
    if (!service_.spf_other.empty()) {
      labelled("", "also known: " + safe(base::join(service_.spf_other, " ")), Ink::dim);
    }
    if (!service_.spf_retired.empty()) {
      labelled("", "of no use any more: " + safe(base::join(service_.spf_retired, " ")), Ink::dim);
    }
    if (service_.spf_all && service_.kind != mail::ServiceKind::none) {
      labelled("", "everybody else: " + std::string(mail::qualifier_word(*service_.spf_all)),
               Ink::dim);
    }
  }

  void put_records(const PartRecords& part) {
    std::string_view title = part.title;
    for (const ServiceRecord& record : *part.records) {
      // What is only known so that it is recognised says nothing to a reader.
      if (record.suggested && part.part != ServicePart::policy) continue;
      std::string words =
          safe(record.name) + "   " + dns::type_name(record.type) + "   " + safe(record.value);
      if (record.suggested) words += "   (suggested; declare it yourself)";
      labelled(title, words + (title.empty() ? "" : doubt(mail::service_part_word(part.part))));
      title = "";
    }
  }

  void put_fields() {
    std::string_view title = "Fields";
    if (!service_.fields.empty()) page_.blank();
    for (const ServiceField& field : service_.fields) {
      labelled(title, safe(field.name) + "   " + need_words(field) + ": " + safe(field.meaning));
      if (!field.choices.empty()) labelled("", "  one of " + choices_words(field), Ink::dim);
      title = "";
    }
    for (const auto& group : service_.one_of) {
      labelled("", "one of these is needed: " + safe(base::join(group, ", ")));
    }
  }

  static std::string need_words(const ServiceField& field) {
    if (field.otherwise) {
      return "\"" + safe(*field.otherwise) + "\" unless given" +
             (field.asked_with_hyphen ? " (needed where the zone's name has a hyphen)" : "");
    }
    return field.optional ? "optional" : "needed";
  }

  [[nodiscard]] std::string choices_words(const ServiceField& field) const {
    std::vector<std::string> words;
    words.reserve(field.choices.size());
    for (const auto& [word, text] : field.choices) {
      const std::string key = "field." + field.name + "." + word;
      const bool unsure =
          std::find(service_.unsure.begin(), service_.unsure.end(), key) != service_.unsure.end();
      words.push_back(safe(word) + (unsure ? " (not confirmed)" : ""));
    }
    return base::join(words, ", ") + doubt("field." + field.name);
  }

  void put_about(const spec::KnownServices& known) {
    page_.blank();
    if (!service_.notes.empty()) labelled("Notes", safe(service_.notes));
    if (service_.shared_key) {
      labelled("", "All its customers publish the same DKIM key.");
    }
    if (!service_.verification.empty()) {
      labelled("", service_.verification_keep
                       ? "The ownership token stays unless the service says otherwise."
                       : "The ownership token may go once the domain is verified.");
    }
    const std::string checked = service_.checked.empty() ? "" : ", read " + service_.checked;
    labelled("Source", (known.is_own(service_.id) ? "your own entry; " : "") +
                           safe(base::join(service_.sources, "; ")) + checked);
    if (!service_.unsure.empty()) {
      labelled("Not confirmed", safe(base::join(service_.unsure, ", ")), Ink::yellow);
    }
  }

  void put_example() {
    page_.blank();
    page_.add("In a spec:", Ink::bold);
    if (service_.kind == mail::ServiceKind::none) {
      page_.add("  mail.none = true");
      return;
    }
    std::vector<std::string> lines;
    for (const ServiceField& field : service_.fields) {
      if (field.optional || (field.otherwise && !field.asked_with_hyphen)) continue;
      if (field.asked_with_hyphen) continue;
      lines.push_back("  " + safe(field.name) + " = \"...\"");
    }
    for (const auto& group : service_.one_of) {
      lines.push_back("  " + safe(group.front()) + " = \"...\"");
    }
    if (lines.empty()) {
      page_.add("  services = [\"" + safe(service_.id) + "\"]");
      return;
    }
    page_.add("  [mail.service." + safe(service_.id) + "]");
    for (const std::string& line : lines) page_.add(line);
  }

  const Service& service_;
  Page page_;
};

Json to_json(const std::vector<mail::ServiceMx>& hosts) {
  Json array = Json::array();
  for (const mail::ServiceMx& mx : hosts) {
    array.push_back({{"host", mx.host}, {"priority", mx.preference}});
  }
  return array;
}

Json to_json(const ServiceField& field) {
  Json json;
  json["name"] = field.name;
  json["meaning"] = field.meaning;
  json["needed"] = !field.optional && !field.otherwise;
  json["default"] = field.otherwise ? Json(*field.otherwise) : Json();
  json["choices"] = Json::array();
  for (const auto& [word, text] : field.choices) json["choices"].push_back(word);
  return json;
}

Json to_json(const Service& service, const spec::KnownServices& known) {
  Json json;
  json["id"] = service.id;
  json["name"] = service.name;
  json["kind"] = mail::service_kind_word(service.kind);
  json["verified"] = service.verified;
  json["not_confirmed"] = list(service.unsure);
  json["own"] = known.is_own(service.id);
  json["mx"] = {
      {"name", service.mx_at}, {"exclusive", service.mx_exclusive}, {"hosts", to_json(service.mx)}};
  json["spf"] = {{"name", service.spf_at},
                 {"terms", list(service.spf)},
                 {"all", service.spf_all ? Json(mail::qualifier_word(*service.spf_all)) : Json()}};
  json["records"] = Json::array();
  for (const PartRecords& part : parts_of(service)) {
    for (const ServiceRecord& record : *part.records) {
      if (record.suggested && part.part != ServicePart::policy) continue;
      json["records"].push_back({{"part", mail::service_part_word(part.part)},
                                 {"name", record.name},
                                 {"type", dns::type_name(record.type)},
                                 {"value", record.value},
                                 {"suggested", record.suggested}});
    }
  }
  json["fields"] = Json::array();
  for (const ServiceField& field : service.fields) json["fields"].push_back(to_json(field));
  json["notes"] = service.notes;
  json["sources"] = list(service.sources);
  json["checked"] = service.checked.empty() ? Json() : Json(service.checked);
  return json;
}

std::string_view use_words(const mail::DetectedService& one) {
  if (one.receives && one.sends) return "takes in mail and sends";
  if (one.receives) return "takes in mail";
  return one.sends ? "sends"
                   : "seen by a record alone; nothing says that it sends or takes in mail";
}

std::string detected_text(const ZoneServices& found, const View& view) {
  Page page = page_for(view);
  page.add(Line().text(safe(found.zone.display()), Ink::bold).text("   " + safe(found.source)));
  if (found.services.empty()) {
    page.add("none of the services in the catalogue is to be seen here");
    return page.text();
  }
  for (const mail::DetectedService& one : found.services) {
    page.blank();
    page.add(Line()
                 .text(safe(one.service->id), Ink::bold)
                 .text("   " + safe(one.service->name) + ": " + std::string(use_words(one))),
             one.service->verified ? "" : "UNVERIFIED", Ink::yellow);
    std::string_view label = "by";
    for (const mail::Evidence& evidence : one.evidence) {
      page.paragraph(Line().text("  ").text(label, Ink::dim), kLabelColumn,
                     safe(evidence.key.name.text_relative_to(found.zone)) + "   " +
                         safe(shortened(evidence.what, view.verbose ? evidence.what.size() : 76)));
      label = "";
    }
    label = "missing";
    for (const std::string& missing : one.missing) {
      page.paragraph(Line().text("  ").text(label, Ink::yellow), kLabelColumn, safe(missing));
      label = "";
    }
  }
  return page.text();
}

std::string detected_json(const ZoneServices& found) {
  Json json = document("detected_services");
  json["zone"] = zone_text(found.zone);
  json["source"] = utf8(found.source);
  json["services"] = Json::array();
  for (const mail::DetectedService& one : found.services) {
    Json service;
    service["id"] = one.service->id;
    service["name"] = one.service->name;
    service["receives"] = one.receives;
    service["sends"] = one.sends;
    service["verified"] = one.service->verified;
    service["evidence"] = Json::array();
    for (const mail::Evidence& evidence : one.evidence) {
      service["evidence"].push_back({{"record", evidence.key.text()},
                                     {"part", mail::service_part_word(evidence.part)},
                                     {"what", utf8(evidence.what)}});
    }
    service["missing"] = list(one.missing);
    json["services"].push_back(std::move(service));
  }
  return dumped(json);
}

std::string in_format(const std::string& text, Format format) {
  return format == Format::markdown ? fenced("text", text) : text;
}

}  // namespace

std::string print_services(const spec::KnownServices& services, Format format, const View& view) {
  if (format != Format::json) return in_format(services_text(services, view), format);
  Json json = document("services");
  json["services"] = Json::array();
  for (const Service& service : services.catalogue().all()) {
    json["services"].push_back(to_json(service, services));
  }
  return dumped(json);
}

std::string print_service(const spec::KnownServices& services, const Service& service,
                          Format format, const View& view) {
  if (format != Format::json) {
    return in_format(ServicePage(service, view).text(services), format);
  }
  Json json = document("services");
  json["services"] = Json::array({to_json(service, services)});
  return dumped(json);
}

std::string print_detected(const ZoneServices& found, Format format, const View& view) {
  if (format == Format::json) return detected_json(found);
  return in_format(detected_text(found, view), format);
}

}  // namespace mxsmith::cli::render
