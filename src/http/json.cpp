#include "http/json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "http/json_parser.hpp"

namespace mxsmith::http {

namespace {

using base::Error;
using base::ErrorKind;

nlohmann::json to_library(const Json& value) {
  if (const bool* boolean = value.boolean()) return *boolean;
  if (const auto* integer = value.integer()) return *integer;
  if (const auto* number = value.number()) return *number;
  if (const auto* text = value.string()) return *text;
  return nullptr;
}

/// Appends a scalar; the library knows about escapes and the shortest decimals.
void print_scalar(const Json& value, std::string& out) {
  try {
    out += to_library(value).dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::invalid, "a text to be sent as JSON is not UTF-8");
  }
}

void print_into(const Json& value, std::string& out) {
  if (const auto* elements = value.elements()) {
    out += '[';
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (i != 0) out += ',';
      print_into((*elements)[i], out);
    }
    out += ']';
  } else if (const auto* members = value.members()) {
    out += '{';
    for (std::size_t i = 0; i < members->size(); ++i) {
      if (i != 0) out += ',';
      print_scalar(Json((*members)[i].first), out);
      out += ':';
      print_into((*members)[i].second, out);
    }
    out += '}';
  } else {
    print_scalar(value, out);
  }
}

}  // namespace

Json Json::array(Array elements) {
  Json json;
  json.value_ = std::move(elements);
  return json;
}

Json Json::object(Members members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

const Json* Json::find(std::string_view name) const {
  const Members* all = members();
  if (all == nullptr) return nullptr;
  for (auto member = all->rbegin(); member != all->rend(); ++member) {
    if (member->first == name) return &member->second;
  }
  return nullptr;
}

Json& Json::add(std::string name, Json value) {
  std::get<Members>(value_).emplace_back(std::move(name), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string print_json(const Json& value) {
  std::string text;
  print_into(value, text);
  return text;
}

Json parse_json(std::string_view text, const std::string& what) {
  return parse_json_body(Body(std::string(text)), what);
}

Json parse_json_body(Body body, const std::string& what) {
  JsonText text(std::move(body).take_pieces());
  return JsonParser(text, nullptr, what).parse();
}

Json parse_json_elements(Body&& body, std::string_view member,
                         const std::function<void(Json&&)>& element, const std::string& what) {
  JsonText text(std::move(body).take_pieces());
  JsonElements elements{member, element};
  Json rest = JsonParser(text, &elements, what).parse();
  if (elements.found) return rest;
  throw Error(ErrorKind::protocol,
              "the answer to " + what + " has no array \"" + std::string(member) + "\"");
}

}  // namespace mxsmith::http
