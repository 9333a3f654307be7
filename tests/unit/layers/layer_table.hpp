// cmake/layers.txt as a value: which layer may include which, and what stays in a few files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::tests {

struct Layer {
  std::string name;
  std::string folder;  ///< "src/dns"
  std::vector<std::string> neighbours;
};

/// A header that is not ours, and the files that may include it.
struct ForeignHeader {
  std::string prefix;  ///< "nlohmann/" or a whole name.
  std::vector<std::string> files;
};

struct LayerTable {
  std::vector<Layer> layers;
  std::vector<ForeignHeader> foreign;
  std::vector<std::string> pure;             ///< Names of layers.
  std::vector<std::string> impure_includes;  ///< Whole names, or folders with a final slash.
  std::vector<std::string> impure_words;
  std::vector<std::string> print_words;
  std::vector<std::string> print_allowed;  ///< Files, or folders with a final slash.

  /// The layer whose folder holds the file; null for files outside all of them.
  [[nodiscard]] const Layer* layer_of(std::string_view path) const;
  [[nodiscard]] bool is_pure(const Layer& layer) const;
};

/// Throws std::runtime_error naming the row it cannot read.
LayerTable parse_layer_table(std::string_view text);

/// Whether `name` is one of `rows`, or lies below one of them that ends in a slash.
bool listed(const std::vector<std::string>& rows, std::string_view name);

}  // namespace mxsmith::tests
