// Whether somebody gets reports about TLS with a domain's hosts. Private to src/mail/rules.
#pragma once

#include <string>
#include <string_view>

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// Tells `rule` with `message` when no TLS-RPT record is to be found for the domain.
void require_tls_reports(Judged& judged, std::string_view rule, const dns::Name& domain,
                         const std::string& message);

}  // namespace mxsmith::mail
