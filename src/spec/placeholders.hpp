// Placeholders: "${zone}", "${zone_dashed}", "${var.NAME}"; "$${" stands for a literal "${".
//
// They are filled after layers and stages are merged, in every string value and in the names of
// tables that users name (DKIM selectors), once: what a variable holds is not searched again.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/parsed.hpp"
#include "spec/node.hpp"

namespace mxsmith::spec {

/// What placeholders stand for in one zone.
struct Variables {
  std::string zone;  ///< Without final dot.
  std::map<std::string, std::string> vars;
};

/// The text with its placeholders filled; the fault's offset is that of the "${" it is about.
base::Parsed<std::string> fill(std::string_view text, const Variables& variables);

/// A text that fill() turns into `literal`.
std::string escape_placeholders(std::string_view literal);

/// Whether fill() would change it.
bool has_placeholders(std::string_view text);

/// Fills a whole tree in place; faults are told once (rule spec-placeholder), since they do not
/// name the zone but in a note. Whether anything was filled.
bool fill_tree(Node& tree, const Variables& variables, const base::SourcePos& zone_pos,
               base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
