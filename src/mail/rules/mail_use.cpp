#include "mail/rules/mail_use.hpp"

#include <algorithm>

#include "mail/mx.hpp"
#include "mail/rules/dkim_rows.hpp"

namespace mxsmith::mail {
namespace {

bool service_sends(const Judged& judged, const DeclaredService& declared) {
  const Service* service = judged.services.find(declared.id);
  return service == nullptr ||
         (service->kind != ServiceKind::gateway && service->kind != ServiceKind::archive &&
          service->kind != ServiceKind::forwarder);
}

}  // namespace

bool lets_anybody_send(const SpfRecord& record) {
  return std::any_of(record.terms.begin(), record.terms.end(), [](const SpfTerm& term) {
    if (term.kind == SpfKind::exp || term.kind == SpfKind::unknown_modifier) return false;
    return term.kind == SpfKind::redirect || term.qualifier != SpfQualifier::fail;
  });
}

bool sends_mail(const Judged& judged) {
  const Declared& declared = judged.declared;
  if (declared.no_mail) return false;
  const bool said = std::any_of(declared.services.begin(), declared.services.end(),
                                [&](const auto& one) { return service_sends(judged, one); }) ||
                    std::any_of(declared.selectors.begin(), declared.selectors.end(),
                                [](const auto& one) { return one.state == SelectorState::active; });
  if (said) return true;
  const dns::Name& apex = judged.zone.apex();
  bool has_spf = false;
  for (const SpfPlace& place : judged.zone.spf) {
    if (place.domain() != apex) continue;
    has_spf = true;
    // Who publishes a record that nobody can read meant to send.
    if (!place.record || lets_anybody_send(*place.record)) return true;
  }
  if (has_spf) return false;
  // Whoever takes in mail answers it.
  const MxPlace* mx = judged.zone.mx_of(apex);
  return mx != nullptr && !refuses_mail(mx->records);
}

bool has_signing_key(const Judged& judged) {
  const auto sites = selector_sites(judged.zone);
  if (std::any_of(sites.begin(), sites.end(), [](const auto& one) { return one.may_verify(); })) {
    return true;
  }
  const dns::Name keys = below(judged.zone.apex(), "_domainkey");
  const auto sets = judged.zone.sets().at(keys);
  return std::any_of(sets.begin(), sets.end(), [](const dns::RRset* set) {
    return set->type == dns::Type::NS || set->type == dns::Type::DNAME;
  });
}

dns::Name below(const dns::Name& apex, std::string_view label) {
  const auto name = apex.child(label);
  return name ? *name : apex;
}

}  // namespace mxsmith::mail
