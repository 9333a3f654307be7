#include "providers/route53/xml.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "base/error.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

constexpr int kDeepest = 32;

Element element_of(const pugi::xml_node& node, int depth, const std::string& doing) {
  if (depth > kDeepest) throw Error(ErrorKind::protocol, doing + ": the answer is nested too deep");
  Element element;
  element.name = node.name();
  element.name.erase(0, element.name.rfind(':') + 1);
  for (const pugi::xml_node& child : node.children()) {
    const auto type = child.type();
    if (type == pugi::node_element) {
      element.children.push_back(element_of(child, depth + 1, doing));
    } else if (type == pugi::node_pcdata || type == pugi::node_cdata) {
      element.text += child.value();
    }
  }
  return element;
}

}  // namespace

const Element* Element::find(std::string_view child) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Element& one) { return one.name == child; });
  return found == children.end() ? nullptr : &*found;
}

const std::string& Element::text_of(std::string_view child) const {
  static const std::string kNone;
  const Element* found = find(child);
  return found == nullptr ? kNone : found->text;
}

Element parse_xml(const http::Body& body, const std::string& doing) {
  const std::string text = body.text();
  pugi::xml_document document;
  // As a fragment, so that text beside the root is seen and not passed over.
  const auto parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_fragment);
  if (!parsed) {
    throw Error(ErrorKind::protocol, doing + ": the answer is no XML: " + parsed.description() +
                                         " at octet " + std::to_string(parsed.offset));
  }
  pugi::xml_node root;
  for (const pugi::xml_node& node : document.children()) {
    const bool element = node.type() == pugi::node_element;
    if (element && root.empty()) {
      root = node;
    } else if (element || node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      throw Error(ErrorKind::protocol, doing + ": the answer is no XML: it has more than one root");
    }
  }
  if (root.empty()) throw Error(ErrorKind::protocol, doing + ": the answer is no XML: it is empty");
  return element_of(root, 0, doing);
}

std::string escape_xml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

}  // namespace mxsmith::providers::route53
