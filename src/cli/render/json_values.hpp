// Values as JSON, for cli/render/json*.cpp alone: the library's header stays in them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "plan/plan.hpp"

namespace mxsmith::cli::render {

using Json = nlohmann::ordered_json;

/// The head of a document of schemas/report-v1.json.
Json document(std::string_view kind);
/// As it is printed: ASCII, with a line end behind it.
std::string dumped(const Json& json);

/// Octets that are not UTF-8 become \DDD: JSON cannot hold them.
std::string utf8(std::string_view text);
/// Without the final dot.
std::string zone_text(const dns::Name& name);
Json list(const std::vector<std::string>& texts);
/// Null for no time at all.
Json optional_time(base::Instant when);
/// Null for no place.
Json place(const base::SourcePos& pos);
Json to_json(const std::vector<base::Diagnostic>& diagnostics);
Json to_json(const base::Error& error);
Json to_json(const plan::ZonePlan& plan);

}  // namespace mxsmith::cli::render
