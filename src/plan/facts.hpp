// What is known of the world beside a zone's own records.
//
// Planning is pure: whoever looked something up puts the answers here. What is not in it is "not
// checked", never "passed" and never "not there".
#pragma once

#include <map>
#include <optional>

#include "dns/rrset.hpp"
#include "mail/mta_sts.hpp"
#include "mail/resolver.hpp"

namespace mxsmith::plan {

struct Facts {
  /// What DNS answered, by the name and type asked for.
  std::map<dns::Key, mail::Answer> answers = {};
  /// The MTA-STS policy that is served now for the zone.
  std::optional<mail::MtaStsPolicy> mta_sts = {};
};

/// Answers from Facts.
class FactsResolver final : public mail::Resolver {
 public:
  /// They must outlive it and stay as they are.
  explicit FactsResolver(const Facts& facts) : facts_(facts) {}
  mail::Answer lookup(const dns::Name& name, dns::Type type) override;

 private:
  const Facts& facts_;
};

}  // namespace mxsmith::plan
