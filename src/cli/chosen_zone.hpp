// The zone that a command's one argument names: a spec file, a folder, or the name of a zone of the
// project.
#pragma once

#include <string>

#include "cli/session.hpp"
#include "plan/live.hpp"
#include "spec/spec.hpp"

namespace mxsmith::cli {

/// A path if there is such a file or folder, else the name of a zone of `project` (or of the
/// project here, when that is empty). Throws Error{not_found} when it is neither.
engine::Selection choose(const std::string& what, const fs::path& project);

/// The specs of a selection; what is wrong with them is in Project::diagnostics.
spec::Project load_chosen(const engine::Selection& selection);

/// Words for somebody who named several zones.
struct OneZoneWords {
  std::string command;  ///< "mxsmith export"
  std::string why_one;  ///< "a zone file holds one"
};
/// The only zone that is meant; throws Error when there is none, or several.
const spec::ZoneSpec& the_zone(const spec::Project& project, const engine::Selection& selection,
                               const std::string& what, const OneZoneWords& words);

/// As its provider has it.
plan::LiveZone read_live(const spec::Project& project, const spec::ZoneSpec& spec,
                         Session& session);

}  // namespace mxsmith::cli
