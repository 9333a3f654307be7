// Values of records as Cloudflare has them: `content` for the simple types, `priority` beside it or
// an object `data` for the others.
#pragma once

#include <vector>

#include "base/parsed.hpp"
#include "dns/name_text.hpp"
#include "dns/rdata.hpp"
#include "http/json.hpp"

namespace mxsmith::providers::cloudflare {

/// Every type that can be stored.
const std::vector<dns::Type>& stored_types();

/// Adds the members that say the value: content, priority, data. TXT goes quoted and cut at 255
/// octets. Throws Error{unsupported} for a value that this API has no words for.
void add_value(http::Json& record, const dns::Rdata& value);

/// The value of a record as it is listed; a fault for what cannot be read. A quoted text and the
/// same text without quotes are equal; hosts are absolute with and without a final dot.
base::Parsed<dns::Rdata> read_value(dns::Type type, const http::Json& record, dns::NamePool& names);

}  // namespace mxsmith::providers::cloudflare
