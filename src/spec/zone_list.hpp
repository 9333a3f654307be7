// The zones a spec is about, in each of the forms of `zone` and `zones`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/name.hpp"
#include "spec/node.hpp"
#include "spec/spec.hpp"

namespace mxsmith::spec {

/// A zone with what its list or table says of it.
struct ListedZone {
  dns::Name name;
  base::SourcePos pos;
  std::map<std::string, std::string> vars;
};

/// Rules: spec-no-zone, spec-conflicting-keys, spec-zone-name, spec-missing-key, spec-csv-key,
/// spec-file-missing, spec-csv.
std::vector<ListedZone> listed_zones(const Node& tree, FileSource& files,
                                     base::Diagnostics& diagnostics);

}  // namespace mxsmith::spec
