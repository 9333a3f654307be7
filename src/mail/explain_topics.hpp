// The topics of an explanation, a function each. Private to src/mail/explain*.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/explain.hpp"

namespace mxsmith::mail {

/// What all topics look at.
struct ExplainView {
  const JudgeInput& input;
  const MailZone& zone;
  Resolver& resolver;  ///< The zone's own records first, then the world.
  const std::vector<DetectedService>& services;

  [[nodiscard]] const dns::Name& domain() const { return zone.apex(); }
  /// Whether it can be said that something is missing.
  [[nodiscard]] bool whole() const { return input.coverage == Coverage::whole; }
  /// The alias at a name below the domain: "_dmarc", "_smtp._tls"; or null.
  [[nodiscard]] const AliasPlace* alias_below(std::string_view labels) const;
};

/// Without final dot, U-labels beside A-labels.
std::string plain(const dns::Name& name);

/// What is known of a domain's mail, for the summary and for what is missing.
struct MailFacts {
  bool receives = false;
  bool refuses = false;  ///< Null MX.
  bool has_spf = false;  ///< Exactly one record, readable.
  bool sends = false;    ///< SPF lets somebody send, or there is none.
  bool signs = false;    ///< A DKIM key that is not revoked, or an alias for one.
  std::optional<DmarcPolicy> dmarc = {};
  bool has_dmarc = false;  ///< A record that counts, or an alias for one.
  bool dmarc_reports = false;
  bool has_mta_sts = false;
  bool has_tls_rpt = false;
};

Topic explain_inbound(const ExplainView& view, MailFacts& facts);
Topic explain_senders(const ExplainView& view, MailFacts& facts);
Topic explain_rest(const ExplainView& view, MailFacts& facts);
Topic explain_signing(const ExplainView& view, MailFacts& facts);
Topic explain_encryption(const ExplainView& view, MailFacts& facts);
Topic explain_services(const ExplainView& view);

}  // namespace mxsmith::mail
