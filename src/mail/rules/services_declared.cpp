// Declared services against what stands in the zone.

#include <algorithm>
#include <map>

#include "mail/rules/service_rows.hpp"
#include "mail/service_index.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

struct Wanted {
  const Service* service = nullptr;
  const DeclaredService* declared = nullptr;
  ServiceRecords records;
};

bool does_without(const DeclaredService& declared, ServicePart part) {
  return std::find(declared.without.begin(), declared.without.end(), part) !=
         declared.without.end();
}

/// The declared services with their records; at the apex, MX of the one that takes in alone.
std::vector<Wanted> wanted_of(const Judged& judged) {
  std::vector<Wanted> all;
  all.reserve(judged.declared.services.size());
  std::size_t takers = 0;
  for (const DeclaredService& declared : judged.declared.services) {
    const Service* service = judged.services.find(declared.id);
    if (service == nullptr) continue;
    all.push_back({service, &declared, {}});
    if (service->receives() && !does_without(declared, ServicePart::mx)) ++takers;
  }
  for (Wanted& one : all) {
    std::vector<ServicePart> without = one.declared->without;
    const std::string& inbound = judged.declared.inbound;
    // Of several without a word on who takes in, the spec lists the MX itself.
    const bool takes_in = inbound.empty() ? takers == 1 : inbound == one.service->id;
    if (one.service->receives() && !takes_in) without.push_back(ServicePart::mx);
    one.records =
        fill_service(*one.service, judged.zone.apex(), one.declared->fields, without).records;
  }
  return all;
}

bool is_hit(const Judged& judged, const ServiceHits& hits, const Service& service) {
  return std::any_of(hits.begin(), hits.end(), [&](std::uint16_t number) {
    return &judged.services.all()[number] == &service;
  });
}

// ---- MX ----

bool same_set(std::vector<dns::Mx> a, std::vector<dns::Mx> b, bool any_preference) {
  if (any_preference) {
    for (dns::Mx& mx : a) mx.preference = 0;
    for (dns::Mx& mx : b) mx.preference = 0;
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// Whether the set is one of those that are as good, gaps in their hosts filled anyhow.
bool is_other_set(const Service& service, const std::vector<dns::Mx>& live) {
  return std::any_of(service.mx_other.begin(), service.mx_other.end(),
                     [&](const std::vector<ServiceMx>& set) {
                       if (set.size() != live.size()) return false;
                       return std::all_of(live.begin(), live.end(), [&](const dns::Mx& mx) {
                         return std::any_of(set.begin(), set.end(), [&](const ServiceMx& other) {
                           if (other.preference != mx.preference && !service.mx_any_preference)
                             return false;
                           return TextPattern(other.host).matches(host_text(mx.exchange));
                         });
                       });
                     });
}

std::string hosts_words(const std::vector<dns::Mx>& records) {
  std::string words;
  for (const dns::Mx& mx : records) {
    if (!words.empty()) words += ", ";
    words += std::to_string(mx.preference);
    words += ' ';
    words += host_text(mx.exchange);
  }
  return words;
}

void judge_mx_at(Judged& judged, const Wanted& one, const dns::Name& name,
                 const std::vector<dns::Mx>& records) {
  const Service& service = *one.service;
  const MxPlace* place = judged.zone.mx_of(name);
  if (place == nullptr) {
    if (!judged.whole()) return;
    return judged.tell("mx-service-mismatch", Subject::missing(name, dns::Type::MX),
                       "there is no MX, and " + service.id + " takes in mail here",
                       "MX " + hosts_words(records));
  }
  if (same_set(place->records, records, service.mx_any_preference)) return;
  if (is_other_set(service, place->records)) return;
  if (!service.mx_exclusive) {
    const bool among = std::all_of(records.begin(), records.end(),
                                   [&](const dns::Mx& mx) { return place->set->has(mx); });
    if (among) return;
  }
  const bool hosts = same_set(place->records, records, true);
  judged.tell("mx-service-mismatch", Subject::of(place->set->key()),
              hosts ? "the preferences are not those of " + service.id
                    : "the hosts are " + hosts_words(place->records) + ", and those of " +
                          service.id + " are " + hosts_words(records),
              hosts ? "MX " + hosts_words(records)
                    : "MX " + hosts_words(records) + "; or without = [\"mx\"] in the service",
              hosts ? std::optional(Severity::warning) : std::nullopt);
}

void judge_mx(Judged& judged, const Wanted& one) {
  std::map<dns::Name, std::vector<dns::Mx>> by_name;
  for (const auto& [name, mx] : one.records.mx) by_name[name].push_back(mx);
  for (const auto& [name, records] : by_name) judge_mx_at(judged, one, name, records);
}

// ---- SPF ----

/// Whether a record has the term, or another one by which the service is known.
bool has_term(const Judged& judged, const Service& service, const SpfRecord& record,
              const SpfTerm& wanted) {
  return std::any_of(record.terms.begin(), record.terms.end(), [&](const SpfTerm& term) {
    return term.identity() == wanted.identity() ||
           is_hit(judged, judged.services.index().spf(term), service);
  });
}

void judge_spf(Judged& judged, const Wanted& one) {
  for (const auto& [name, term] : one.records.spf) {
    const auto places = judged.zone.spf_of(name);
    const std::string what = one.service->id + " sends by " + term.text;
    if (places.empty()) {
      if (!judged.whole()) continue;
      judged.tell("spf-service-missing", Subject::missing(name, dns::Type::TXT),
                  what + ", and there is no SPF record", "TXT \"v=spf1 " + term.text + " ~all\"");
      continue;
    }
    const SpfRecord* record = judged.zone.usable_spf(name);
    if (record == nullptr || has_term(judged, *one.service, *record, term)) continue;
    const auto redirect =
        std::find_if(record->terms.begin(), record->terms.end(),
                     [](const SpfTerm& other) { return other.kind == SpfKind::redirect; });
    if (redirect != record->terms.end() && !record->all()) {
      judged.not_checked("spf-service-missing", Subject::of(places.front()->at),
                         "the record goes on in that of " + redirect->argument);
      continue;
    }
    judged.tell("spf-service-missing", Subject::of(places.front()->at),
                what + ", which the record lacks", "put " + term.text + " before the all");
  }
}

// ---- other records ----

/// What stands at a name in place of a record.
const dns::RRset* in_its_place(const Judged& judged, const ServiceRecords::Record& record) {
  const ZoneSets& sets = judged.zone.sets();
  if (const auto* set = sets.find(record.name, record.type)) return set;
  for (const dns::Type type : {dns::Type::CNAME, dns::Type::TXT, dns::Type::A, dns::Type::AAAA}) {
    if (type == record.type) continue;
    if (const auto* set = sets.find(record.name, type)) return set;
  }
  return nullptr;
}

std::string_view rule_of(const ServiceRecords::Record& record) {
  if (record.part == ServicePart::dkim) return "dkim-service-cname";
  return record.part == ServicePart::discovery ? "autodiscover-service" : "svc-complete";
}

std::string value_words(const ServiceRecords::Record& record) {
  const auto* txt = std::get_if<dns::Txt>(&record.value);
  std::string text = txt != nullptr ? txt->octets : dns::print_rdata(record.value);
  constexpr std::size_t kShown = 80;
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return dns::type_name(record.type) + " " + text;
}

void tell_absent(Judged& judged, const Wanted& one, const ServiceRecords::Record& record) {
  if (!judged.whole()) return;
  const bool discovery = record.part == ServicePart::discovery;
  const bool autoconfig =
      discovery && record.type == dns::Type::CNAME && record.name.labels().front() == "autoconfig";
  judged.tell(autoconfig ? "autoconfig-host" : "svc-complete",
              Subject::missing(record.name, record.type),
              "a record that " + one.service->id + " asks for is missing", value_words(record),
              discovery && !autoconfig ? std::optional(Severity::warning) : std::nullopt);
}

void judge_record(Judged& judged, const Wanted& one, const ServiceRecords::Record& record) {
  const dns::RRset* set = in_its_place(judged, record);
  const bool shared = record.part == ServicePart::verification && record.type == dns::Type::TXT;
  if (set == nullptr || (shared && !set->has(record.value))) {
    return tell_absent(judged, one, record);
  }
  if (set->type == record.type && set->has(record.value)) return;
  // A key may have been rotated, or an SPF record have grown: other rules read what TXT says.
  if (record.type == dns::Type::TXT && set->type == dns::Type::TXT) return;
  std::optional<Severity> severity;
  if (const auto* cname = std::get_if<dns::Cname>(&set->values.front())) {
    const ServiceHits hits = judged.services.index().target(record.part, cname->target);
    if (is_hit(judged, hits, *one.service)) severity = Severity::warning;
  }
  judged.tell(rule_of(record), Subject::of(set->key()),
              "there is " + dns::type_name(set->type) + " " +
                  (set->type == dns::Type::TXT ? "a text" : dns::print_rdata(set->values.front())) +
                  ", and " + one.service->id + " asks for another record",
              value_words(record), severity);
}

void judge_conflicts(Judged& judged, const std::vector<Wanted>& all) {
  std::map<dns::Key, const Wanted*> owners;
  for (const Wanted& one : all) {
    for (const ServiceRecords::Record& record : one.records.records) {
      if (record.suggested) continue;
      const bool shared = record.type == dns::Type::TXT && record.part != ServicePart::dkim;
      if (shared) continue;
      const auto [owner, added] = owners.try_emplace({record.name, record.type}, &one);
      if (added || owner->second == &one) continue;
      judged.tell("svc-conflict", Subject::of({record.name, record.type}),
                  owner->second->service->id + " and " + one.service->id +
                      " both need this name, each for a value of its own",
                  "have one of them use another name, if it can");
    }
  }
}

// ---- DMARC ----

bool has_own_envelope(const Service& service) {
  return service.relaxed_spf || service.spf_at != "@" ||
         std::any_of(service.bounce.begin(), service.bounce.end(),
                     [](const ServiceRecord& record) { return !record.suggested; });
}

void judge_alignment(Judged& judged, const std::vector<Wanted>& all) {
  const DmarcRecord* dmarc = judged.zone.usable_dmarc(judged.zone.apex());
  if (dmarc == nullptr || dmarc->spf_alignment != DmarcAlignment::strict) return;
  for (const Wanted& one : all) {
    if (!has_own_envelope(*one.service)) continue;
    judged.tell("dmarc-strict-spf-service",
                Subject::of(judged.zone.dmarc_of(judged.zone.apex()).front()->at, {}, "aspf"),
                one.service->id +
                    " sends with an envelope sender of another name, which aspf=s never takes",
                "leave aspf out, or make sure that all its mail is signed by DKIM");
  }
}

}  // namespace

void judge_declared_services(Judged& judged) {
  if (judged.declared.services.empty()) return;
  const std::vector<Wanted> all = wanted_of(judged);
  for (const Wanted& one : all) {
    judge_mx(judged, one);
    judge_spf(judged, one);
    for (const ServiceRecords::Record& record : one.records.records) {
      if (!record.suggested) judge_record(judged, one, record);
    }
  }
  judge_conflicts(judged, all);
  judge_alignment(judged, all);
}

}  // namespace mxsmith::mail
