// JSON (RFC 8259) as providers need it: a small value, and a reader for large answers that never
// holds the whole document.
//
// Answers come from outside: nesting is limited to 64, ill-formed UTF-8, numbers that do not fit
// and anything after the value are errors. All parsing throws Error{protocol} with the octet
// offset.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/message.hpp"

namespace mxsmith::http {

/// A JSON value. Members keep their order; of equal names the last counts.
class Json {
 public:
  using Array = std::vector<Json>;
  using Members = std::vector<std::pair<std::string, Json>>;

  Json() = default;                                           ///< null
  Json(bool value) : value_(value) {}                         // NOLINT(google-explicit-constructor)
  Json(std::int64_t value) : value_(value) {}                 // NOLINT(google-explicit-constructor)
  Json(int value) : value_(std::int64_t{value}) {}            // NOLINT(google-explicit-constructor)
  Json(std::uint32_t value) : value_(std::int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  Json(double value) : value_(value) {}                       // NOLINT(google-explicit-constructor)
  Json(std::string value) : value_(std::move(value)) {}       // NOLINT(google-explicit-constructor)
  Json(const char* value) : value_(std::string(value)) {}     // NOLINT(google-explicit-constructor)
  static Json array(Array elements = {});
  static Json object(Members members = {});

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  /// Null unless it is of that type. Integers are not doubles.
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  [[nodiscard]] const double* number() const { return std::get_if<double>(&value_); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* elements() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Members* members() const { return std::get_if<Members>(&value_); }
  /// A member of an object, or null: also for what is no object.
  [[nodiscard]] const Json* find(std::string_view name) const;

  Json& add(std::string name, Json value);  ///< To an object; itself, for chains.
  Json& push(Json value);                   ///< To an array.

  friend bool operator==(const Json&, const Json&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Members> value_;
};

/// Compact, UTF-8. Strings that are not UTF-8 throw Error{invalid}: DNS values go in presentation
/// form, which is ASCII.
std::string print_json(const Json& value);

/// `what` names the answer in errors: "GET /zones/example.com.".
Json parse_json(std::string_view text, const std::string& what);
Json parse_json_body(Body body, const std::string& what);

/// Reads an object of which one member is a long array: `element` gets each element of it as it is
/// read, the result is the object with that array left empty. The body's pieces are freed on the
/// way. Throws when the member is missing or is no array.
Json parse_json_elements(Body&& body, std::string_view member,
                         const std::function<void(Json&&)>& element, const std::string& what);

}  // namespace mxsmith::http
