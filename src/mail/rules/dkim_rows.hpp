// Between the files of DKIM's rules. Private to src/mail/rules/dkim*.cpp.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mail/rule.hpp"

namespace mxsmith::mail {

std::span<const Rule> dkim_tag_rules();       ///< What the tags of a record say.
std::span<const Rule> dkim_key_rules();       ///< What the key in it is worth.
std::span<const Rule> dkim_selector_rules();  ///< Where records and aliases stand.
std::span<const Rule> dkim_domain_rules();    ///< What a domain's keys are together.

/// Tells what the reader of every key record found: one function for all rules about tags and keys.
void judge_dkim_records(Judged& judged);

/// A name that verifiers ask for a key: "s1._domainkey.example.com".
struct SelectorSite {
  std::string selector;
  dns::Name domain;
  const dns::RRset* set = nullptr;    ///< TXT or CNAME.
  const DkimPlace* record = nullptr;  ///< Null: an alias.

  /// Whether signatures can be verified by it, or by what stands behind the alias.
  [[nodiscard]] bool may_verify() const;
};
/// In order of domains; each value of a TXT set is one. Left out are the names below _domainkey
/// that hold no keys (_adsp of RFC 5617, _report of RFC 6651).
std::vector<SelectorSite> selector_sites(const MailZone& zone);

}  // namespace mxsmith::mail
