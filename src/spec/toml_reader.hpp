// TOML text to a tree with places. The only door to the TOML library.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "spec/node.hpp"

namespace mxsmith::spec {

/// Reads a whole TOML document; the root is a table. `file` is the path as diagnostics show it.
/// Nothing is returned after an error: octets that are not UTF-8 (rule spec-encoding) or a syntax
/// error (spec-syntax). The parser stops at the first syntax error, so one is told per file.
std::optional<Node> read_toml(std::string_view text, const std::string& file,
                              base::Diagnostics& diagnostics);

/// Place of an octet in a text, columns counted in code points.
base::SourcePos place_in_text(std::string_view text, std::size_t offset,
                              std::shared_ptr<const std::string> file);

/// The offset of the first octet that is not UTF-8 as a diagnostic (spec-encoding); whether there
/// was one.
bool report_ill_formed(std::string_view text, const std::shared_ptr<const std::string>& file,
                       base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
