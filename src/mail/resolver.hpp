// Questions to DNS, as rules and evaluations ask them: one interface, whoever answers.
//
// The mail layer knows no socket. Whatever it has to look up (SPF, DANE, DMARC's tree walk, the
// rules that judge a live domain) it asks of a Resolver, and gets an Answer that tells apart what
// mail treats apart: there are records, there are none of that type, there is no such name, nobody
// could be asked, nobody did ask. Zones answer through mail/zone_resolver.hpp; servers through
// whoever implements this over a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/type.hpp"

namespace mxsmith::mail {

enum class LookupStatus : std::uint8_t {
  found,        ///< NOERROR with records of the type, at the end of the alias chain.
  no_data,      ///< NOERROR without any (RFC 2308 section 2.2).
  no_domain,    ///< NXDOMAIN (RFC 2308 section 2.1), of the name or of what it is an alias for.
  failed,       ///< SERVFAIL, another RCODE, a timeout, a loop of aliases: asking again may help.
  not_checked,  ///< It was not asked, because who answers cannot know.
};
/// "found", "no records", "no such name", "failed", "not checked".
std::string_view lookup_word(LookupStatus status);

/// What DNSSEC says of an answer (RFC 4033 section 5). DANE asks for `secure` (RFC 7672
/// section 2.1).
enum class Security : std::uint8_t { unknown, insecure, secure, bogus };

struct Answer {
  LookupStatus status = LookupStatus::not_checked;
  std::vector<dns::Rdata> values = {};  ///< Of the type asked for; not empty exactly when found.
  /// Seconds for which all of it may be relied on: the lowest TTL of the aliases and the records.
  /// Nothing when that is not known.
  std::optional<std::uint32_t> ttl = {};
  /// The aliases that were followed, in order, each the target of a CNAME; the last owns the
  /// values. Empty when the name asked for was none.
  std::vector<dns::Name> aliases = {};
  Security security = Security::unknown;
  std::string reason = {};  ///< For `failed` and `not_checked`, a phrase: "a loop of aliases".

  /// Neither records nor a failure: what RFC 7208 section 4.6.4 calls a void lookup.
  [[nodiscard]] bool is_void() const {
    return status == LookupStatus::no_data || status == LookupStatus::no_domain;
  }
};

/// Who answers. One caller at a time; answers may be kept, so the same question has the same answer
/// as long as a Resolver lives.
class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  /// Records of `type` at `name`, aliases followed (RFC 1034 section 3.6.2), unless CNAME itself is
  /// asked for. Never throws for what DNS answers or fails to.
  virtual Answer lookup(const dns::Name& name, dns::Type type) = 0;
};

}  // namespace mxsmith::mail
