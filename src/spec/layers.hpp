// Files laid over each other: reading, `extends`, [[for]].
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/name.hpp"
#include "spec/node.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

/// Reads each file once, and merges it with what it extends.
class Layers {
 public:
  Layers(FileSource& files, base::Diagnostics& diagnostics)
      : files_(files), diagnostics_(diagnostics) {}

  /// The file laid over all it extends; null after an error. `named_at` is the place that names the
  /// file. Rules: spec-file-missing, spec-extends.
  const Node* merged(const std::string& path, const base::SourcePos& named_at);

  /// Whether another file extends this one.
  [[nodiscard]] bool is_extended(const std::string& path) const {
    return extended_.count(path) != 0;
  }

 private:
  struct File {
    bool under_way = false;
    std::optional<Node> tree;
  };
  std::optional<Node> build(const std::string& path, const base::SourcePos& named_at);
  std::optional<Node> read(const std::string& path, const base::SourcePos& named_at);

  FileSource& files_;
  base::Diagnostics& diagnostics_;
  std::map<std::string, File> done_;
  std::vector<std::string> chain_;
  std::set<std::string> extended_;
};

/// Indexes of the [[for]] tables that hold for a zone, in order.
std::vector<std::size_t> exceptions_for(const Node& tree, const dns::Name& zone);

/// The tree with those exceptions laid over it and `for` taken out.
Node with_exceptions(const Node& tree, const std::vector<std::size_t>& which,
                     base::Diagnostics& diagnostics);

/// Names in [[for]] tables of `file` that are none of its zones (spec-for-zone).
void check_exceptions(const Node& tree, const std::string& file,
                      const std::vector<dns::Name>& zones, base::Diagnostics& diagnostics);

/// A name without final dot in lower-case A-labels, as globs are matched against.
std::string plain_text(const dns::Name& name);

}  // namespace mxsmith::spec
