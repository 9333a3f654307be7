// Looking at a name's labels without making strings of them: for code that walks a million sets.
#pragma once

#include <optional>
#include <string_view>

#include "dns/name.hpp"

namespace mxsmith::plan {

/// The wire form of the labels that `name` has in front of `apex`, without the root's octet; empty
/// for the apex itself, nothing for a name outside.
inline std::optional<std::string_view> labels_before(const dns::Name& name, const dns::Name& apex) {
  const std::string_view wire = name.wire();
  const std::string_view end = apex.wire();
  if (wire.size() < end.size() || !wire.ends_with(end)) return std::nullopt;
  const std::string_view front = wire.substr(0, wire.size() - end.size());
  // The suffix has to begin at a label: "badexample.com" is not below "example.com".
  std::size_t at = 0;
  while (at < front.size()) at += 1 + static_cast<unsigned char>(front[at]);
  return at == front.size() ? std::optional(front) : std::nullopt;
}

/// Takes the leftmost label off a sequence of labels in wire form; empty at the end.
inline std::string_view take_label(std::string_view& wire) {
  if (wire.empty() || wire[0] == '\0') return {};
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(wire[0]));
  const std::string_view label = wire.substr(1, length);
  wire.remove_prefix(1 + length);
  return label;
}

}  // namespace mxsmith::plan
