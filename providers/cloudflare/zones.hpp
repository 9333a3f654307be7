// What Cloudflare says of a zone, what follows from it, and how a refused batch is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/client.hpp"
#include "http/json.hpp"
#include "plan/live.hpp"
#include "providers/cloudflare/batch.hpp"

namespace mxsmith::providers::cloudflare {

/// What limits depend on.
struct ZoneFacts {
  std::string plan;  ///< `plan.legacy_id`: "free", "pro", "business", "enterprise"; may be empty.
  enum class MayEdit : std::uint8_t { unknown, no, yes };
  MayEdit may_edit = MayEdit::unknown;
};

/// Throws Error{protocol} for an element that is no zone; nothing for one without a domain name.
std::optional<plan::ZoneRef> zone_ref(const http::Json& zone, const std::string& doing);
ZoneFacts zone_facts(const http::Json& zone);

/// Throws Error{protocol} for what could lead to another place when it stands in a path.
void check_zone_id(const std::string& id);

/// Operations of one batch: 200 on the free plan, 3,500 on those that are paid for.
std::size_t batch_limit(const ZoneFacts& facts);
plan::Traits traits_of(const ZoneFacts& facts);

/// Throws unless the batch was carried out. Names the record that the server speaks of, or, where
/// it speaks of none, those that it may be.
void check_batch(const http::Response& response, const std::string& doing, const Batch& batch,
                 const http::Secrets& secrets);

}  // namespace mxsmith::providers::cloudflare
