#include "mail/mail_zone.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mail/tag_list.hpp"

namespace mxsmith::mail {

namespace {

/// Which record is looked for at a name, whatever stands there.
enum class Place : std::uint8_t { other, selector, dmarc, mta_sts, tls_rpt, bimi };

std::string_view take_label(std::string_view& wire) {
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(wire.front()));
  const std::string_view label = wire.substr(1, size);
  wire.remove_prefix(size + 1);
  return label;
}

Place place_of(const dns::Name& name) {
  std::string_view rest = name.wire();
  if (rest.size() < 2) return Place::other;
  const std::string_view first = take_label(rest);
  if (first == "_dmarc") return Place::dmarc;
  if (first == "_mta-sts") return Place::mta_sts;
  std::string_view below = rest;
  const std::string_view second = below.size() > 1 ? take_label(below) : std::string_view();
  if (first == "_smtp" && second == "_tls") return Place::tls_rpt;
  if (second == "_bimi") return Place::bimi;
  // Selectors may have dots in them (RFC 6376 section 3.1).
  while (rest.size() > 1) {
    if (take_label(rest) == "_domainkey") return Place::selector;
  }
  return Place::other;
}

/// Labels up to one, with dots between them, and the name behind that.
struct Split {
  std::string before;
  dns::Name behind;
};
Split split_at(const dns::Name& name, std::string_view wanted) {
  Split split{{}, name};
  for (const std::string& label : name.labels()) {
    split.behind = split.behind.parent();
    if (label == wanted) break;
    if (!split.before.empty()) split.before += '.';
    split.before += label;
  }
  return split;
}

template <class Data>
std::vector<Data> all_of(const dns::RRset& set) {
  std::vector<Data> records;
  records.reserve(set.values.size());
  for (const dns::Rdata& value : set.values) {
    if (const auto* data = std::get_if<Data>(&value)) records.push_back(*data);
  }
  return records;
}

/// Whether a program or a receiver asks for this name, so that an alias there has a meaning.
bool is_asked_for(const dns::Name& name) {
  if (place_of(name) != Place::other) return true;
  std::string_view wire = name.wire();
  if (wire.size() < 2) return false;
  const std::string_view first = take_label(wire);
  return first == "mta-sts" || first == "autodiscover" || first == "autoconfig";
}

bool begins_with_version(std::string_view octets, std::string_view version) {
  return octets.substr(0, version.size()) == version;
}

class Gathering {
 public:
  Gathering(MailZone& zone, KeyCache& keys) : zone_(zone), keys_(keys) {}

  void take(const dns::RRset& set) {
    switch (set.type) {
      case dns::Type::TXT: take_txt(set); break;
      case dns::Type::MX: zone_.mx.push_back({&set, all_of<dns::Mx>(set)}); break;
      case dns::Type::TLSA: take_tlsa(set); break;
      case dns::Type::SRV: take_srv(set); break;
      case dns::Type::CNAME: take_alias(set); break;
      default: break;
    }
  }

 private:
  void take_txt(const dns::RRset& set) {
    const Place place = place_of(set.name);
    for (std::size_t i = 0; i < set.values.size(); ++i) {
      const auto* txt = std::get_if<dns::Txt>(&set.values[i]);
      if (txt == nullptr) continue;
      const TxtPlace at{&set, i, txt->octets};
      zone_.txt.push_back(at);
      if (is_spf(at.octets)) zone_.spf.push_back({at, parse_spf(at.octets)});
      take_record(at, place);
    }
  }

  void take_record(const TxtPlace& at, Place place) {
    const dns::Name& name = at.set->name;
    switch (place) {
      case Place::selector: {
        Split split = split_at(name, "_domainkey");
        zone_.dkim.push_back(
            {at, std::move(split.before), std::move(split.behind), read_dkim(at.octets, keys_)});
        break;
      }
      case Place::dmarc:
        if (begins_with_version(at.octets, "v=DMARC1") || parse_dmarc(at.octets)) {
          zone_.dmarc.push_back({at, name.parent(), read_dmarc(at.octets)});
        }
        break;
      case Place::mta_sts:
        if (begins_with_version(at.octets, "v=STSv1")) {
          zone_.mta_sts.push_back({at, name.parent(), read_mta_sts_record(at.octets)});
        }
        break;
      case Place::tls_rpt:
        if (begins_with_version(at.octets, "v=TLSRPTv1")) {
          zone_.tls_rpt.push_back({at, name.parent().parent(), read_tls_rpt(at.octets)});
        }
        break;
      case Place::bimi:
        if (begins_with_version(at.octets, "v=BIMI1")) {
          Split split = split_at(name, "_bimi");
          zone_.bimi.push_back(
              {at, std::move(split.before), std::move(split.behind), read_bimi(at.octets)});
        }
        break;
      case Place::other: break;
    }
  }

  void take_tlsa(const dns::RRset& set) {
    const auto labels = set.name.labels();
    if (labels.size() < 2 || labels[0].size() < 2 || labels[0][0] != '_') return;
    std::uint16_t port = 0;
    const char* const end = labels[0].data() + labels[0].size();
    const auto read = std::from_chars(labels[0].data() + 1, end, port);
    if (read.ec != std::errc() || read.ptr != end || labels[1] != "_tcp") return;
    zone_.tlsa.push_back({&set, port, set.name.parent().parent(), all_of<dns::Tlsa>(set)});
  }

  void take_srv(const dns::RRset& set) {
    const ClientService* service = client_service_of(set.name);
    if (service == nullptr) return;
    zone_.srv.push_back({&set, service, client_domain_of(set.name), all_of<dns::Srv>(set)});
  }

  void take_alias(const dns::RRset& set) {
    if (set.values.empty() || !is_asked_for(set.name)) return;
    const auto* cname = std::get_if<dns::Cname>(&set.values.front());
    if (cname != nullptr) zone_.aliases.push_back({&set, cname->target});
  }

  MailZone& zone_;
  KeyCache& keys_;
};

bool may_be_mail(dns::Type type) {
  return type == dns::Type::TXT || type == dns::Type::MX || type == dns::Type::TLSA ||
         type == dns::Type::SRV || type == dns::Type::CNAME;
}

/// The places of one domain in a list that is in order of owners, where owner and domain are the
/// same.
template <class List>
auto find_domain(const List& list, const dns::Name& domain) {
  return std::find_if(list.begin(), list.end(),
                      [&](const auto& place) { return place.set->name == domain; });
}

}  // namespace

MailZone::MailZone(const ZoneSets& sets, KeyCache& keys) : sets_(&sets) {
  std::vector<const dns::RRset*> found;
  sets.visit([&](const dns::RRset& set) {
    if (may_be_mail(set.type)) found.push_back(&set);
  });
  std::sort(found.begin(), found.end(), [](const dns::RRset* a, const dns::RRset* b) {
    const auto order = a->name <=> b->name;
    return order != 0 ? order < 0 : a->type < b->type;
  });
  Gathering gathering(*this, keys);
  for (const dns::RRset* set : found) gathering.take(*set);
}

const MxPlace* MailZone::mx_of(const dns::Name& domain) const {
  const auto found = find_domain(mx, domain);
  return found == mx.end() ? nullptr : &*found;
}

std::vector<const SpfPlace*> MailZone::spf_of(const dns::Name& domain) const {
  std::vector<const SpfPlace*> result;
  for (const SpfPlace& place : spf) {
    if (place.domain() == domain) result.push_back(&place);
  }
  return result;
}

const SpfRecord* MailZone::usable_spf(const dns::Name& domain) const {
  const auto places = spf_of(domain);
  return places.size() == 1 && places[0]->record ? &*places[0]->record : nullptr;
}

std::vector<const DmarcPlace*> MailZone::dmarc_of(const dns::Name& domain) const {
  std::vector<const DmarcPlace*> result;
  for (const DmarcPlace& place : dmarc) {
    if (place.domain == domain) result.push_back(&place);
  }
  return result;
}

const DmarcRecord* MailZone::usable_dmarc(const dns::Name& domain) const {
  const DmarcPlace* only = nullptr;
  for (const DmarcPlace* place : dmarc_of(domain)) {
    // What only begins like a record is discarded before they are counted.
    if (!is_dmarc(place->at.octets)) continue;
    if (only != nullptr) return nullptr;
    only = place;
  }
  return only != nullptr && parse_dmarc(only->at.octets) ? &only->reading.value : nullptr;
}

std::vector<TxtPlace> MailZone::txt_at(const dns::Name& name) const {
  std::vector<TxtPlace> result;
  const dns::RRset* set = sets_->find(name, dns::Type::TXT);
  if (set == nullptr) return result;
  result.reserve(set->values.size());
  for (std::size_t i = 0; i < set->values.size(); ++i) {
    if (const auto* value = std::get_if<dns::Txt>(&set->values[i])) {
      result.push_back({set, i, value->octets});
    }
  }
  return result;
}

const AliasPlace* MailZone::alias_at(const dns::Name& name) const {
  const auto found = find_domain(aliases, name);
  return found == aliases.end() ? nullptr : &*found;
}

}  // namespace mxsmith::mail
