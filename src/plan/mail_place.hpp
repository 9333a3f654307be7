// The names of a zone at which records of its own mail stand. Cheap: it is asked of every set.
#pragma once

#include <cstdint>

#include "dns/name.hpp"

namespace mxsmith::plan {

enum class MailPlace : std::uint8_t { none, apex, selector, dmarc, mta_sts, tls_rpt, bimi };

MailPlace mail_place(const dns::Name& apex, const dns::Name& name);

}  // namespace mxsmith::plan
