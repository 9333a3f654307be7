// The result of turning text into a value: the value, or one fault that says where and why.
//
// Every `parse_*` function of the pure layers (dns, mail, plan, spec) returns a Parsed<T>. They
// never throw for bad input, because bad input belongs to a user's file and becomes a Diagnostic
// with a position (base/diagnostic.hpp). A Fault holds no file name and no line: only the caller
// knows where the text came from.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

namespace mxsmith::base {

/// Why a text could not be read as a value.
struct Fault {
  std::string
      message;  ///< What is wrong, a phrase without final stop: "preference 70000 is over 65535".
  std::string hint = {};   ///< What to do about it; may be empty.
  std::size_t offset = 0;  ///< Octet in the parsed text where the fault is, from 0.
};

/// A value of type T, or the Fault that kept it from being made.
template <class T>
class [[nodiscard]] Parsed {
 public:
  Parsed(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Parsed(Fault fault) : state_(std::in_place_index<1>, std::move(fault)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value; only when ok().
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// The fault; only when not ok().
  [[nodiscard]] const Fault& fault() const { return std::get<1>(state_); }

 private:
  std::variant<T, Fault> state_;
};

}  // namespace mxsmith::base
