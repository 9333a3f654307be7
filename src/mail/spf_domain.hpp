// Domain names in SPF, which come as octets out of records and macros, and what stands at them.
// Private to src/mail/spf*.cpp and src/mail/rules/spf*.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/resolver.hpp"
#include "mail/spf_check.hpp"

namespace mxsmith::mail {

/// A name for a query: no escapes, a final dot allowed. Nothing when it cannot be one: an empty
/// label, a label over 63 octets, over 255 octets altogether, nothing at all.
std::optional<dns::Name> spf_name(std::string_view octets);

/// What a macro expanded to, fit for a query: without final dot, labels taken from the left until
/// 253 octets remain (RFC 7208 section 7.3).
std::string spf_target(std::string expanded);

/// RFC 7208 section 4.3: a name with several labels that is no address in brackets.
bool is_spf_domain(std::string_view domain);

/// Whether `name` equals `domain` or lies below it; letter case does not matter.
bool is_within(std::string_view name, std::string_view domain);

/// Without final dot, octets as they are in presentation form.
std::string plain_text(const dns::Name& name);

/// The answer as a trace shows it.
SpfQuery shown_query(const dns::Name& name, dns::Type type, const Answer& answer);

/// The SPF record among TXT values (RFC 7208 section 4.5).
struct SelectedRecord {
  SpfResult fault = SpfResult::none;  ///< Where there is no text: none or permerror.
  std::optional<std::string> text;
};
SelectedRecord select_spf(const std::vector<dns::Rdata>& values);

/// Addresses of A and AAAA values.
std::vector<Ip> addresses_in(const std::vector<dns::Rdata>& values);

/// Exchanges of MX values by preference; the null MX of RFC 7505 has none.
std::vector<dns::Name> exchanges_in(const std::vector<dns::Rdata>& values);

}  // namespace mxsmith::mail
