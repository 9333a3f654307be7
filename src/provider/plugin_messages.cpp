#include "provider/plugin_messages.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace mxsmith::provider::plugin {

using base::Effect;
using base::Error;
using base::ErrorKind;

void refuse(const std::string& message) { throw Error(ErrorKind::protocol, message); }

const Json& member(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  if (value == nullptr) refuse("there is no \"" + std::string(name) + "\"");
  return *value;
}

const std::string& text_member(const Json& object, std::string_view name) {
  const std::string* text = member(object, name).string();
  if (text == nullptr) refuse("\"" + std::string(name) + "\" is no text");
  return *text;
}

std::string text_member_or(const Json& object, std::string_view name, const std::string& fallback) {
  return object.find(name) == nullptr ? fallback : text_member(object, name);
}

const Json::Array& list_member(const Json& object, std::string_view name) {
  const Json::Array* list = member(object, name).elements();
  if (list == nullptr) refuse("\"" + std::string(name) + "\" is no list");
  return *list;
}

namespace {

std::uint64_t number_member(const Json& object, std::string_view name, std::uint64_t most) {
  const std::int64_t* number = member(object, name).integer();
  if (number == nullptr || *number < 0 || static_cast<std::uint64_t>(*number) > most) {
    refuse("\"" + std::string(name) + "\" is no number from 0 to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(*number);
}

template <class T>
void take_number(const Json& object, std::string_view name, T& into) {
  if (object.find(name) == nullptr) return;
  constexpr std::uint64_t kMost = std::min<std::uint64_t>(
      std::numeric_limits<T>::max(), std::numeric_limits<std::uint32_t>::max());
  into = static_cast<T>(number_member(object, name, kMost));
}

void take_support(const Json& object, std::string_view name, plan::Support& into) {
  const Json* value = object.find(name);
  if (value == nullptr) return;
  const bool* truth = value->boolean();
  if (truth == nullptr) refuse("\"" + std::string(name) + "\" is neither true nor false");
  into = *truth ? plan::Support::yes : plan::Support::no;
}

dns::Name name_member(const Json& object, std::string_view member_name) {
  const std::string& text = text_member(object, member_name);
  auto name = dns::Name::parse_absolute(text);
  if (!name || !text.ends_with('.')) {
    refuse("\"" + base::escape_for_terminal(text) + "\" is no absolute name with a final dot");
  }
  return *std::move(name);
}

dns::Key key_of(const Json& value) {
  const std::string& word = text_member(value, "type");
  const auto type = dns::parse_type(word);
  if (!type) refuse("\"" + base::escape_for_terminal(word) + "\" is no type of record");
  return {name_member(value, "name"), *type};
}

Json meta_json(const plan::Meta& meta) {
  Json object = Json::object();
  for (const auto& [name, text] : meta) object.add(name, http::parse_json(text, "metadata"));
  return object;
}

plan::Meta meta_of(const Json& value) {
  plan::Meta meta;
  const Json* object = value.find("meta");
  if (object == nullptr) return meta;
  if (object->members() == nullptr) refuse("\"meta\" is no object");
  for (const auto& [name, one] : *object->members()) meta[name] = http::print_json(one);
  return meta;
}

Json values_json(const dns::RRset& set) {
  Json values = Json::array();
  for (const auto& value : set.values) values.push(dns::print_rdata(value));
  return values;
}

dns::RRset rrset_of(const Json& value, const dns::Key& key) {
  dns::RRset set{key.name, key.type, 0, {}};
  set.ttl = static_cast<std::uint32_t>(number_member(value, "ttl", dns::kMaxTtl));
  for (const Json& one : list_member(value, "values")) {
    const std::string text = one.string() == nullptr ? std::string() : *one.string();
    auto rdata = dns::parse_rdata(key.type, text, dns::Name());
    if (!rdata) {
      refuse(key.text() + ": \"" + base::escape_for_terminal(text) + "\" is no value of that type");
    }
    set.values.push_back(*std::move(rdata));
  }
  if (set.values.empty()) refuse(key.text() + ": a set without values");
  return set;
}

std::string native_of(const Json& value) {
  const Json* native = value.find("native");
  return native == nullptr || native->is_null() ? std::string() : http::print_json(*native);
}

void add_native(Json& object, const std::string& native) {
  if (!native.empty()) object.add("native", http::parse_json(native, "native"));
}

Json state_json(const plan::SetState& state, const std::string& native) {
  Json object = Json::object();
  object.add("ttl", state.set.ttl).add("values", values_json(state.set));
  if (!state.meta.empty()) object.add("meta", meta_json(state.meta));
  if (!state.verbatim.empty()) object.add("verbatim", state.verbatim);
  add_native(object, native);
  return object;
}

plan::SetState state_of(const Json& value, const dns::Key& key) {
  return {rrset_of(value, key), meta_of(value), text_member_or(value, "verbatim", {})};
}

constexpr std::array kZoneKinds{
    std::pair{plan::ZoneKind::ordinary, "ordinary"},
    std::pair{plan::ZoneKind::secondary, "secondary"},
    std::pair{plan::ZoneKind::presigned, "presigned"},
};
constexpr std::array kGranularities{
    std::pair{plan::Granularity::record, "record"},
    std::pair{plan::Granularity::rrset, "rrset"},
    std::pair{plan::Granularity::zone, "zone"},
};
constexpr std::array kTxtOctets{
    std::pair{plan::TxtOctets::any, "any"},
    std::pair{plan::TxtOctets::utf8, "utf8"},
    std::pair{plan::TxtOctets::printable_ascii, "printable_ascii"},
};
constexpr std::array kEffects{
    std::pair{Effect::none, "none"},
    std::pair{Effect::unknown, "unknown"},
    std::pair{Effect::partial, "partial"},
};
/// Those that a provider has any business to throw.
constexpr std::array kKinds{
    std::pair{ErrorKind::auth, "auth"},
    std::pair{ErrorKind::not_found, "not_found"},
    std::pair{ErrorKind::conflict, "conflict"},
    std::pair{ErrorKind::rate_limited, "rate_limited"},
    std::pair{ErrorKind::unavailable, "unavailable"},
    std::pair{ErrorKind::protocol, "protocol"},
    std::pair{ErrorKind::unsupported, "unsupported"},
    std::pair{ErrorKind::invalid, "invalid"},
    std::pair{ErrorKind::usage, "usage"},
    std::pair{ErrorKind::io, "io"},
};
constexpr std::array kIntents{
    std::pair{http::Intent::auth, "auth"},
    std::pair{http::Intent::read, "read"},
    std::pair{http::Intent::write, "write"},
};
constexpr std::array kMethods{
    std::pair{http::Method::get, "GET"},         std::pair{http::Method::head, "HEAD"},
    std::pair{http::Method::post, "POST"},       std::pair{http::Method::put, "PUT"},
    std::pair{http::Method::patch, "PATCH"},     std::pair{http::Method::remove, "DELETE"},
    std::pair{http::Method::options, "OPTIONS"},
};

template <class Table, class Value>
std::string word_of(const Table& table, Value value) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == value; });
  return found == table.end() ? table.front().second : found->second;
}

template <class Table>
auto value_of(const Table& table, const std::string& word, std::string_view what) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return word == row.second; });
  if (found == table.end()) {
    refuse("\"" + base::escape_for_terminal(word) + "\" is no " + std::string(what));
  }
  return found->first;
}

}  // namespace

Json json_of(const plan::ZoneRef& zone) {
  return Json::object(
      {{"name", zone.name.text()}, {"id", zone.id}, {"kind", word_of(kZoneKinds, zone.kind)}});
}

plan::ZoneRef zone_of(const Json& value) {
  const std::string kind = text_member_or(value, "kind", "ordinary");
  return {name_member(value, "name"), text_member(value, "id"),
          value_of(kZoneKinds, kind, "kind of zone")};
}

Json json_of(const WireSet& set) {
  const dns::RRset& rrset = set.live.set;
  Json object = Json::object({{"name", rrset.name.text()},
                              {"type", dns::type_name(rrset.type)},
                              {"ttl", rrset.ttl},
                              {"values", values_json(rrset)}});
  if (!set.live.foreign().empty()) object.add("foreign", std::string(set.live.foreign()));
  if (!set.live.meta().empty()) object.add("meta", meta_json(set.live.meta()));
  if (!set.verbatim.empty()) object.add("verbatim", set.verbatim);
  add_native(object, set.native);
  return object;
}

WireSet set_of(const Json& value) {
  WireSet set;
  const dns::Key key = key_of(value);
  set.live.set = rrset_of(value, key);
  plan::LiveExtra extra;
  extra.foreign = text_member_or(value, "foreign", {});
  extra.meta = meta_of(value);
  if (!extra.foreign.empty() || !extra.meta.empty()) {
    set.live.extra = std::make_shared<const plan::LiveExtra>(std::move(extra));
  }
  set.verbatim = text_member_or(value, "verbatim", {});
  set.native = native_of(value);
  return set;
}

Json json_of(const plan::Traits& traits) {
  const auto truth = [](plan::Support support) { return Json(support == plan::Support::yes); };
  const auto number = [](std::size_t n) { return Json(static_cast<std::int64_t>(n)); };
  Json types = Json::array();
  for (const auto type : traits.types) types.push(dns::type_name(type));
  Json keys = Json::array();
  for (const auto& key : traits.meta_keys) keys.push(key);
  return Json::object({
      {"granularity", word_of(kGranularities, traits.granularity)},
      {"atomic_step", truth(traits.atomic_step)},
      {"update_in_place", truth(traits.update_in_place)},
      {"null_mx", truth(traits.null_mx)},
      {"apex_ns", truth(traits.apex_ns)},
      {"types", std::move(types)},
      {"min_ttl", traits.min_ttl},
      {"max_ttl", traits.max_ttl},
      {"min_txt_octets", number(traits.min_txt_octets)},
      {"max_txt_octets", number(traits.max_txt_octets)},
      {"txt_octets", word_of(kTxtOctets, traits.txt_octets)},
      {"txt_without", traits.txt_without},
      {"caa_parameters", truth(traits.caa_parameters)},
      {"max_changes_per_step", number(traits.max_changes_per_step)},
      {"max_values_per_step", number(traits.max_values_per_step)},
      {"max_writes_per_step", number(traits.max_writes_per_step)},
      {"max_octets_per_step", number(traits.max_octets_per_step)},
      {"step_cost", Json::object({{"per_change", number(traits.step_cost.per_change)},
                                  {"per_value", number(traits.step_cost.per_value)},
                                  {"per_octet", number(traits.step_cost.per_octet)},
                                  {"names_per_change", number(traits.step_cost.names_per_change)},
                                  {"names_per_value", number(traits.step_cost.names_per_value)},
                                  {"before", truth(traits.step_cost.before)}})},
      {"meta_keys", std::move(keys)},
      {"multiple_writers", truth(traits.multiple_writers)},
      {"settle_after", Json(static_cast<std::int64_t>(traits.settle_after.count()))},
  });
}

plan::Traits traits_of(const Json& value) {
  if (value.members() == nullptr) refuse("the traits are no object");
  plan::Traits traits;
  const std::string granularity = text_member_or(value, "granularity", "rrset");
  traits.granularity = value_of(kGranularities, granularity, "granularity");
  take_support(value, "atomic_step", traits.atomic_step);
  take_support(value, "update_in_place", traits.update_in_place);
  take_support(value, "null_mx", traits.null_mx);
  take_support(value, "apex_ns", traits.apex_ns);
  take_support(value, "multiple_writers", traits.multiple_writers);
  take_number(value, "min_ttl", traits.min_ttl);
  take_number(value, "max_ttl", traits.max_ttl);
  take_number(value, "min_txt_octets", traits.min_txt_octets);
  take_number(value, "max_txt_octets", traits.max_txt_octets);
  const std::string octets = text_member_or(value, "txt_octets", "any");
  traits.txt_octets = value_of(kTxtOctets, octets, "kind of octets");
  traits.txt_without = text_member_or(value, "txt_without", {});
  take_support(value, "caa_parameters", traits.caa_parameters);
  take_number(value, "max_changes_per_step", traits.max_changes_per_step);
  take_number(value, "max_values_per_step", traits.max_values_per_step);
  take_number(value, "max_writes_per_step", traits.max_writes_per_step);
  take_number(value, "max_octets_per_step", traits.max_octets_per_step);
  if (const Json* cost = value.find("step_cost")) {
    take_number(*cost, "per_change", traits.step_cost.per_change);
    take_number(*cost, "per_value", traits.step_cost.per_value);
    take_number(*cost, "per_octet", traits.step_cost.per_octet);
    take_number(*cost, "names_per_change", traits.step_cost.names_per_change);
    take_number(*cost, "names_per_value", traits.step_cost.names_per_value);
    take_support(*cost, "before", traits.step_cost.before);
  }
  if (traits.min_ttl > traits.max_ttl || traits.max_ttl > dns::kMaxTtl) {
    refuse("the range of TTLs is none");
  }
  std::uint32_t settle = 0;
  take_number(value, "settle_after", settle);
  traits.settle_after = base::Seconds(settle);
  if (value.find("types") != nullptr) {
    for (const Json& one : list_member(value, "types")) {
      const auto type = one.string() == nullptr ? std::nullopt : dns::parse_type(*one.string());
      if (!type) refuse("\"types\" holds what is no type of record");
      traits.types.push_back(*type);
    }
  }
  if (value.find("meta_keys") != nullptr) {
    for (const Json& one : list_member(value, "meta_keys")) {
      if (one.string() == nullptr) refuse("\"meta_keys\" holds what is no text");
      traits.meta_keys.push_back(*one.string());
    }
  }
  return traits;
}

Json json_of(const WireChange& wire) {
  const plan::Change& change = wire.change;
  Json object =
      Json::object({{"name", change.key.name.text()}, {"type", dns::type_name(change.key.type)}});
  if (change.before) object.add("before", state_json(*change.before, wire.native));
  if (change.after) object.add("after", state_json(*change.after, {}));
  return object;
}

WireChange change_of(const Json& value) {
  WireChange wire;
  wire.change.key = key_of(value);
  if (const Json* before = value.find("before")) {
    wire.change.before = state_of(*before, wire.change.key);
    wire.native = native_of(*before);
  }
  if (const Json* after = value.find("after")) {
    wire.change.after = state_of(*after, wire.change.key);
  }
  if (!wire.change.before && !wire.change.after) refuse("a change of nothing");
  return wire;
}

Json json_of(const Error& error) {
  Json object = Json::object({{"kind", word_of(kKinds, error.kind())},
                              {"effect", word_of(kEffects, error.effect())},
                              {"message", std::string(error.what())}});
  if (!error.key().empty()) object.add("key", error.key());
  if (!error.hint().empty()) object.add("hint", error.hint());
  if (!error.request_id().empty()) object.add("request_id", error.request_id());
  return object;
}

Error error_of(const Json& value) {
  const std::string effect = text_member_or(value, "effect", "unknown");
  Error error(value_of(kKinds, text_member(value, "kind"), "kind of error"),
              base::escape_for_terminal(text_member(value, "message")),
              value_of(kEffects, effect, "effect"));
  const auto told = [&](std::string_view name) {
    return base::escape_for_terminal(text_member_or(value, name, {}));
  };
  if (auto key = told("key"); !key.empty()) error.about(std::move(key));
  if (auto hint = told("hint"); !hint.empty()) error.with_hint(std::move(hint));
  if (auto id = told("request_id"); !id.empty()) error.with_request_id(std::move(id));
  return error;
}

namespace {

Json headers_json(const http::Headers& headers) {
  Json list = Json::array();
  for (const auto& [name, value] : headers.fields()) list.push(Json::array({name, value}));
  return list;
}

http::Headers headers_of(const Json& value) {
  http::Headers headers;
  if (value.find("headers") == nullptr) return headers;
  for (const Json& field : list_member(value, "headers")) {
    const Json::Array* pair = field.elements();
    const bool fits = pair != nullptr && pair->size() == 2 && (*pair)[0].string() != nullptr &&
                      (*pair)[1].string() != nullptr;
    if (!fits) refuse("a header field is no list of name and value");
    const std::string& name = *(*pair)[0].string();
    const std::string& text = *(*pair)[1].string();
    if (name.empty() || (name + text).find_first_of("\r\n") != std::string::npos) {
      refuse("a header field with a line break, or without a name");
    }
    headers.add(name, text);
  }
  return headers;
}

/// Text as it is; octets that are no UTF-8 as base64.
void add_body(Json& object, const std::string& body) {
  if (body.empty()) return;
  if (base::is_utf8(body)) {
    object.add("body", body);
  } else {
    object.add("body_base64", base::print_base64(body));
  }
}

std::string body_of(const Json& value) {
  if (value.find("body_base64") == nullptr) return text_member_or(value, "body", {});
  auto octets = base::parse_base64(text_member(value, "body_base64"));
  if (!octets) refuse("\"body_base64\" is no base64");
  return *std::move(octets);
}

}  // namespace

Json json_of(const http::Request& request) {
  Json object = Json::object({{"method", word_of(kMethods, request.method)},
                              {"intent", word_of(kIntents, request.intent)},
                              {"url", request.url},
                              {"headers", headers_json(request.headers)}});
  add_body(object, request.body);
  return object;
}

http::Request request_of(const Json& value) {
  http::Request request;
  request.method = value_of(kMethods, text_member(value, "method"), "method");
  request.intent = value_of(kIntents, text_member(value, "intent"), "intent");
  request.url = text_member(value, "url");
  const bool web = request.url.starts_with("https://") || request.url.starts_with("http://");
  if (!web) refuse("a request to what is neither http:// nor https://");
  request.headers = headers_of(value);
  request.body = body_of(value);
  return request;
}

Json json_of(const http::Response& response) {
  Json object =
      Json::object({{"status", response.status}, {"headers", headers_json(response.headers)}});
  add_body(object, response.body.text());
  return object;
}

http::Response response_of(const Json& value) {
  http::Response response;
  response.status = static_cast<int>(number_member(value, "status", 999));
  response.headers = headers_of(value);
  response.body = http::Body(body_of(value));
  return response;
}

}  // namespace mxsmith::provider::plugin
