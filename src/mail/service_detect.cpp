// Which services the records of a zone speak of.

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/service.hpp"
#include "mail/service_index.hpp"

namespace mxsmith::mail {

namespace {

class Detection {
 public:
  Detection(const MailZone& zone, const Catalogue& catalogue)
      : zone_(zone), catalogue_(catalogue), index_(catalogue.index()) {}

  std::vector<DetectedService> run() {
    gather();
    share_out();
    std::vector<DetectedService> found;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (!found_[i].evidence.empty()) found.push_back(std::move(found_[i]));
    }
    for (DetectedService& one : found) {
      if (one.receives || one.sends) find_missing(one);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const DetectedService& a, const DetectedService& b) {
                       return a.evidence.size() > b.evidence.size();
                     });
    return found;
  }

 private:
  struct Clue {
    ServiceHits services;
    Evidence evidence;
  };

  void clue(ServiceHits services, dns::Key key, ServicePart part, std::string what) {
    clues_.push_back({std::move(services), {std::move(key), part, std::move(what)}});
  }

  void gather() {
    for (const MxPlace& place : zone_.mx) {
      for (const dns::Mx& mx : place.records) {
        ServiceHits hits = index_.exchange(mx.exchange);
        if (hits.empty()) hits = index_.target(ServicePart::bounce, mx.exchange);
        if (hits.empty()) continue;
        clue(std::move(hits), place.set->key(), ServicePart::mx, "MX " + host_text(mx.exchange));
      }
    }
    for (const SpfPlace& place : zone_.spf) gather_spf(place);
    gather_txt();
    zone_.sets().visit([&](const dns::RRset& set) {
      if (set.type == dns::Type::CNAME || set.type == dns::Type::SRV) gather_target(set);
    });
  }

  void gather_spf(const SpfPlace& place) {
    if (!place.record) return;
    for (const SpfTerm& term : place.record->terms) {
      ServiceHits hits = index_.spf(term);
      if (hits.empty()) hits = index_.retired_spf(term);
      if (hits.empty()) continue;
      clue(std::move(hits), place.at.set->key(), ServicePart::spf, "SPF " + term.identity());
    }
  }

  void gather_txt() {
    for (const DkimPlace& place : zone_.dkim) {
      const std::string name = place.at.set->name.text_relative_to(zone_.apex());
      ServiceHits hits = index_.telling_name(ServicePart::dkim, name);
      if (hits.empty()) continue;
      clue(std::move(hits), place.at.set->key(), ServicePart::dkim, "DKIM selector " + name);
    }
    for (const TxtPlace& place : zone_.txt) {
      ServiceHits hits;
      if (place.set->name == zone_.apex()) {
        hits = index_.token(place.octets);
      } else {
        hits = index_.telling_name(ServicePart::verification,
                                   place.set->name.text_relative_to(zone_.apex()));
      }
      if (hits.empty()) continue;
      clue(std::move(hits), place.set->key(), ServicePart::verification,
           "ownership token " + std::string(place.octets));
    }
  }

  void gather_target(const dns::RRset& set) {
    for (const dns::Rdata& value : set.values) {
      const auto* cname = std::get_if<dns::Cname>(&value);
      const auto* srv = std::get_if<dns::Srv>(&value);
      const dns::Name& target = cname != nullptr ? cname->target : srv->target;
      if (target.is_root()) continue;
      for (const ServicePart part : {ServicePart::dkim, ServicePart::discovery, ServicePart::bounce,
                                     ServicePart::verification, ServicePart::policy}) {
        ServiceHits hits = index_.target(part, target);
        if (hits.empty()) continue;
        clue(std::move(hits), set.key(), part, dns::type_name(set.type) + " " + host_text(target));
        break;
      }
    }
  }

  /// What only one service can mean first; then what several can, to those of them that are there
  /// by more than that, else to those that are not built on another.
  void share_out() {
    found_.resize(catalogue_.all().size());
    for (const Clue& one : clues_) {
      if (one.services.size() == 1) note(one.services.front(), one.evidence);
    }
    std::vector<bool> sure(found_.size());
    for (std::size_t i = 0; i < found_.size(); ++i) sure[i] = !found_[i].evidence.empty();
    for (const Clue& one : clues_) {
      if (one.services.size() == 1) continue;
      const bool any = std::any_of(one.services.begin(), one.services.end(),
                                   [&](std::uint16_t service) { return sure[service]; });
      for (const std::uint16_t service : one.services) {
        if (any ? sure[service] : !stands_on_another(service, one.services)) {
          note(service, one.evidence);
        }
      }
    }
  }

  [[nodiscard]] bool stands_on_another(std::uint16_t service, const ServiceHits& others) const {
    const auto& base = catalogue_.all()[service].built_on;
    return std::any_of(others.begin(), others.end(), [&](std::uint16_t other) {
      return std::find(base.begin(), base.end(), catalogue_.all()[other].id) != base.end();
    });
  }

  void note(std::uint16_t number, const Evidence& evidence) {
    DetectedService& one = found_[number];
    one.service = &catalogue_.all()[number];
    one.evidence.push_back(evidence);
    const bool apex = evidence.key.name == zone_.apex();
    one.receives = one.receives || (evidence.part == ServicePart::mx && apex);
    one.sends = one.sends || evidence.part == ServicePart::spf ||
                evidence.part == ServicePart::dkim || evidence.part == ServicePart::bounce;
  }

  /// Without the customer's fields only some records can be told; those are looked for.
  void find_missing(DetectedService& one) {
    std::vector<ServicePart> without = {ServicePart::verification, ServicePart::policy};
    // Another service may take in the mail, or the same one by hosts of an older set.
    without.push_back(ServicePart::mx);
    if (!one.sends) without.push_back(ServicePart::dkim);
    const Filled filled = fill_service(*one.service, zone_.apex(), {}, without);
    for (const auto& [name, term] : filled.records.spf) {
      if (!one.receives && !one.sends) break;
      if (has_term(name, *one.service)) continue;
      one.missing.push_back(term.text + " in the SPF record at " +
                            name.text_relative_to(zone_.apex()));
    }
    for (const ServiceRecords::Record& record : filled.records.records) {
      if (record.suggested || stands(record)) continue;
      one.missing.push_back(record.name.text_relative_to(zone_.apex()) + " " +
                            dns::type_name(record.type) + " " + dns::print_rdata(record.value));
    }
  }

  /// Any of the terms by which the service is known will do.
  [[nodiscard]] bool has_term(const dns::Name& name, const Service& service) const {
    for (const SpfPlace* place : zone_.spf_of(name)) {
      if (!place->record) return true;
      for (const SpfTerm& term : place->record->terms) {
        for (const std::uint16_t hit : index_.spf(term)) {
          if (&catalogue_.all()[hit] == &service) return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] bool stands(const ServiceRecords::Record& record) const {
    const dns::RRset* set = zone_.sets().find(record.name, record.type);
    return set != nullptr && set->has(record.value);
  }

  const MailZone& zone_;
  const Catalogue& catalogue_;
  const ServiceIndex& index_;
  std::vector<Clue> clues_;
  std::vector<DetectedService> found_;
};

}  // namespace

std::vector<DetectedService> detect_services(const MailZone& zone, const Catalogue& catalogue) {
  return Detection(zone, catalogue).run();
}

}  // namespace mxsmith::mail
