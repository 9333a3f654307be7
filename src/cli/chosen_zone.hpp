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

/// The only zone that is meant; throws Error when there is none, or several. `command` is for the
/// hint: "mxsmith export".
const spec::ZoneSpec& the_zone(const spec::Project& project, const engine::Selection& selection,
                               const std::string& what, const std::string& command);

/// As its provider has it.
plan::LiveZone read_live(const spec::Project& project, const spec::ZoneSpec& spec,
                         Session& session);

}  // namespace mxsmith::cli
