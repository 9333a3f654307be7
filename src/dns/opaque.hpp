// Rdata of the types that mxsmith does not have to understand, between text and wire form: ldns
// knows how they are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/parsed.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"

namespace mxsmith::dns {

/// Presentation form of a rare type to wire form; a fault for types that have no known one.
base::Parsed<std::string> wire_of_text(Type type, const std::string& text, const Name& origin);

/// The way back, one line of printable ASCII; nothing where the type has none or the octets do not
/// fit it, so that the text would not lead back to them.
std::optional<std::string> text_of_wire(Type type, std::string_view wire);

}  // namespace mxsmith::dns
