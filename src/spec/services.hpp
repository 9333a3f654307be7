// What a spec says of mail services, and what they bring into its zone.
#pragma once

#include <string>
#include <vector>

#include "mail/service.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

/// Terms of services for the SPF records of a zone, to be joined with those of mail.spf.
struct ServiceSpf {
  struct Term {
    dns::Name name;
    mail::SpfTerm term;
    std::string service;
    base::SourcePos pos;
  };
  struct AllWish {
    dns::Name name;
    mail::SpfQualifier all;
  };
  std::vector<Term> terms;  ///< In the order in which the services were declared.
  std::vector<AllWish> all;

  /// The weakest `all` that a service asks for at that name.
  [[nodiscard]] std::optional<mail::SpfQualifier> weakest(const dns::Name& name) const;
};

/// Declares the records of `services` and [mail.service.*], SPF aside, and fills in what
/// mail::Declared says of services and their selectors. Rules: spec-unknown-service, spec-service,
/// spec-service-field, spec-service-unverified, spec-inbound.
ServiceSpf declare_services(Declaring& declaring, const Node& tree,
                            const mail::Catalogue& catalogue);

/// mail.spf and the terms of services.
void declare_spf(Declaring& declaring, const Node* mail, const ServiceSpf& services);

}  // namespace mxsmith::spec
