// What a spec says of a zone's mail beyond its records: which services, which keys sign, whether
// there is to be mail at all, and how rules are to be taken.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/name.hpp"
#include "mail/mta_sts.hpp"
#include "mail/service_part.hpp"

namespace mxsmith::mail {

/// Where a DKIM key stands in its life. `next`, `active` and `retiring` are published; `revoked` is
/// published with an empty p= (RFC 6376 section 3.6.1).
enum class SelectorState : std::uint8_t { next, active, retiring, revoked };
std::string_view selector_state_word(SelectorState state);
std::optional<SelectorState> parse_selector_state(std::string_view word);

struct DeclaredSelector {
  std::string selector;  ///< "s1", "s1.eu": labels before _domainkey, lower case.
  SelectorState state = SelectorState::active;
  /// Who signs with it: a service's id, or empty for the domain's own signer.
  std::string signer;
  base::SourcePos pos;
};

struct DeclaredService {
  std::string id;                             ///< "google-workspace"
  std::map<std::string, std::string> fields;  ///< Values of its fields, by name.
  std::vector<ServicePart> without;           ///< Parts of it that the zone does without.
  base::SourcePos pos;
};

/// What a rule's findings count for in this zone.
struct RuleSetting {
  std::string rule;
  std::optional<base::Severity> severity;  ///< Nothing: off, the rule is not told.
  std::string reason;                      ///< Never empty.
  base::SourcePos pos;
};

struct Declared {
  bool no_mail = false;  ///< mail.none: neither sends nor receives.
  std::vector<DeclaredService> services;
  std::string inbound;  ///< mail.inbound: the service that takes in the mail; empty: not said.
  std::vector<DeclaredSelector> selectors;
  std::optional<MtaStsPolicy> mta_sts;  ///< What is to be served (mail.mta_sts); nothing: not said.
  std::vector<RuleSetting> rules;

  /// Null: that service is not declared.
  [[nodiscard]] const DeclaredService* service(std::string_view id) const;
  /// Null: no such selector is declared.
  [[nodiscard]] const DeclaredSelector* selector(std::string_view selector) const;
};

}  // namespace mxsmith::mail
