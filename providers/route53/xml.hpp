// XML as Route 53 answers it: elements with text or elements in them, no attributes that matter.
//
// Answers come from outside: what is cut off, has anything beside its one root, or is nested
// deeper than any answer is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace mxsmith::providers::route53 {

struct Element {
  std::string name;  ///< Without a prefix of a namespace.
  std::string text;
  std::vector<Element> children;

  /// The first child of that name, or null.
  [[nodiscard]] const Element* find(std::string_view child) const;
  /// The text of the first child of that name; nothing there: empty.
  [[nodiscard]] const std::string& text_of(std::string_view child) const;
};

/// The root. `doing` goes before what is wrong. Throws Error{protocol}.
Element parse_xml(const http::Body& body, const std::string& doing);

/// Text as the content of an element.
std::string escape_xml(std::string_view text);

}  // namespace mxsmith::providers::route53
