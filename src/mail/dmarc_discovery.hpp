// Which DMARC record holds for a domain, and where its organization ends: the DNS tree walk of
// RFC 9989 section 4.10.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/dmarc.hpp"
#include "mail/resolver.hpp"

namespace mxsmith::mail {

/// One query of the walk.
struct DmarcStep {
  dns::Name domain;  ///< The query is for _dmarc below it.
  LookupStatus status = LookupStatus::not_checked;
  std::size_t records = 0;            ///< With v=DMARC1; more than one are all discarded.
  std::optional<DmarcRecord> record;  ///< When there is exactly one.
};

struct DmarcDiscovery {
  std::vector<DmarcStep> steps;  ///< In the order of the queries; at most eight.
  /// Where the record stands that applies; nothing if DMARC does not apply.
  std::optional<dns::Name> policy_domain;
  std::optional<DmarcRecord> record;
  /// Section 4.10.2; the domain itself when no record says otherwise.
  dns::Name organization;
  /// A query failed or was not made: policy and organization may be others.
  bool complete = true;
};

/// The walk for one author domain. RFC 9989 lets receivers stop early when they need the policy
/// only; here it goes on to the top, since alignment needs the organization.
DmarcDiscovery discover_dmarc(const dns::Name& author, Resolver& resolver);

/// Names without _dmarc that the walk would ask for, in order, if nothing stopped it.
std::vector<dns::Name> tree_walk(const dns::Name& author);

/// Whether an author domain exists is for the caller to find out (RFC 9989 section 3.2.13).
enum class AuthorDomain : char { exists, nonexistent };
/// What applies to the author domain by section 4.10.1: p= of its own record, else sp= or np=.
/// Nothing if DMARC does not apply.
std::optional<DmarcAction> policy_for(const DmarcDiscovery& discovery, const dns::Name& author,
                                      AuthorDomain existence);

}  // namespace mxsmith::mail
