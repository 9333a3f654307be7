// Which rule a term of an SPF record breaks that cannot be read. Private to
// src/mail/rules/spf*.cpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace mxsmith::mail {

/// The id of a rule for a term that read_spf_term refuses. "txt-non-ascii" for octets that no term
/// may hold.
std::string_view rule_of_faulty_term(std::string_view term);

/// Where a second term begins that stands in this one without a space between ("ip4:192.0.2.1-all",
/// "include:a.exampleinclude:b.example"); 0: there is none.
std::size_t second_term_in(std::string_view term);

}  // namespace mxsmith::mail
