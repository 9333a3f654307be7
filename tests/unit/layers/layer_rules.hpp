// The rules of layering as functions over one file's text: what is wrong with it, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "unit/layers/layer_table.hpp"

namespace mxsmith::tests {

/// One file, by its path from the repository's root.
struct SourceFile {
  std::string path;
  std::string text;
};

/// Everything in the file that the table or the rules for headers forbid: "src/dns/name.cpp:3:
/// ...".
std::vector<std::string> violations_in(const SourceFile& file, const LayerTable& table);

/// What is wrong with the table itself: unknown neighbours, and layers that would include each
/// other in a circle.
std::vector<std::string> faults_of(const LayerTable& table);

}  // namespace mxsmith::tests
