// A DNS record as DigitalOcean spells it, and back.
//
// Names are relative and the apex is "@". Hosts are written with their final dot, or they would be
// taken for names in the zone, and come back without it; the apex as a host comes back as "@". A
// CAA value is treated as a host. Texts are neither quoted nor escaped.
#pragma once

#include <string>

#include "http/json.hpp"
#include "provider/provider.hpp"

namespace mxsmith::providers::digitalocean {

using Record = provider::RecordApi::Record;

/// One element of "domain_records". Types that are not DNS data here are somebody else's: foreign.
/// Throws Error{protocol} for what is no record of this zone, or cannot be understood although mail
/// may depend on it.
Record read_record(const http::Json& element, const dns::Name& apex);

/// Whether the element is the SOA record, of which the API shows nothing but the TTL.
bool is_soa(const http::Json& element);

/// What is sent to make a record or to replace one. Throws Error{unsupported} for what cannot be
/// stored, naming the record.
std::string print_record(const Record& record, const dns::Name& apex);

}  // namespace mxsmith::providers::digitalocean
