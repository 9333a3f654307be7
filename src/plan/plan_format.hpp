// What writing and reading plans share: names of the formats, and octets as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mxsmith::plan {

inline constexpr std::string_view kPlanFormat = "mxsmith-plan-v1";
inline constexpr std::string_view kZonePlanFormat = "mxsmith-zone-plan-v1";
inline constexpr std::string_view kManifestFormat = "mxsmith-manifest-v1";

/// Any octets as ASCII: printable ones and line feeds stand for themselves, a backslash is doubled,
/// everything else is \DDD.
std::string escape_octets(std::string_view octets);
std::optional<std::string> unescape_octets(std::string_view text);

/// Whether arrays and objects are nested at most `limit` deep. A look at the signs alone, before
/// any parser recurses into them.
bool is_nested_within(std::string_view json, int limit);

}  // namespace mxsmith::plan
