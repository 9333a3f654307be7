// What load() makes of the files for one zone, and evaluate() starts from.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "spec/node.hpp"
#include "spec/placeholders.hpp"
#include "spec/service_files.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

/// An overlay that holds from `at` on.
struct Stage {
  base::Instant at{};
  std::optional<base::Seconds> window;
  std::string name;  ///< As given, else its time.
  Node overlay;      ///< Without at, name and window.
  base::SourcePos pos;
};

/// Layers and [[for]] merged, stages taken out: shared by all zones with the same exceptions.
struct MergedSpec {
  Node base;
  std::vector<Stage> stages;  ///< Ascending.
};

/// Contents of key files by resolved path; nothing for one that is not there.
using KeyFiles = std::map<std::string, std::optional<std::string>>;

struct ZoneTree {
  std::shared_ptr<const MergedSpec> spec;
  Variables variables;
  base::SourcePos zone_pos;
  KeyFiles key_files;
  KnownServices services;
};

/// A path as written in a file, made to start where all others start: at the file that names it.
std::string beside(const base::SourcePos& pos, const std::string& path);

/// Takes `stage` out of a merged tree, in order of time. Rules: spec-stage-time, spec-stage-twice.
std::vector<Stage> take_stages(Node& tree, base::Diagnostics& diagnostics);

/// Stages of one file ascend (spec-stage-order).
void check_stage_order(const Node& file_tree, base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
