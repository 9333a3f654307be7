// The values of protocol provider-v1 (schemas/provider-v1.json) as JSON and back: what host and
// plug-in say to each other of zones, sets, traits, changes, requests and errors.
//
// Reading takes nothing on trust: whatever is missing, of another type or out of range throws
// Error{protocol} that names the member.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "http/json.hpp"
#include "http/message.hpp"
#include "plan/live.hpp"
#include "provider/provider.hpp"

namespace mxsmith::provider::plugin {

using http::Json;

inline constexpr int kProtocol = 1;

Json json_of(const plan::ZoneRef& zone);
plan::ZoneRef zone_of(const Json& value);

/// A set as `read` gives it, with the plug-in's own memory of it.
struct WireSet {
  plan::LiveSet live;
  std::string native;    ///< JSON text, given back with `before`; may be empty.
  std::string verbatim;  ///< For history; may be empty.
};
Json json_of(const WireSet& set);
/// Names are absolute, with a final dot; values in presentation form with absolute names.
WireSet set_of(const Json& value);

Json json_of(const plan::Traits& traits);
/// Members that are missing have the values of a plain plan::Traits.
plan::Traits traits_of(const Json& value);

/// A change as `apply` carries it: `before` with what `read` said of the set.
struct WireChange {
  plan::Change change;
  std::string native;
};
Json json_of(const WireChange& change);
WireChange change_of(const Json& value);

Json json_of(const base::Error& error);
base::Error error_of(const Json& value);

Json json_of(const http::Request& request);
http::Request request_of(const Json& value);
Json json_of(const http::Response& response);
http::Response response_of(const Json& value);

// Reading single members; all throw Error{protocol}.
const Json& member(const Json& object, std::string_view name);
const std::string& text_member(const Json& object, std::string_view name);
std::string text_member_or(const Json& object, std::string_view name, const std::string& fallback);
const Json::Array& list_member(const Json& object, std::string_view name);
[[noreturn]] void refuse(const std::string& message);

}  // namespace mxsmith::provider::plugin
