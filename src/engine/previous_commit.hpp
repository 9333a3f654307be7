// Which commit `--previous auto` means: the one whose specs were in force before the one that is
// checked out now.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace mxsmith::engine {

namespace fs = std::filesystem;

/// By preference: `recorded`, the commit of the zone's newest history entry; `told`, what the
/// pipeline says was there before; the first parent of HEAD. Empty ones and those of zeros alone do
/// not count. Nothing when HEAD is the first commit there is. Throws Error{not_found} when the
/// commit is not in this clone, which a shallow clone may lack: it is never passed over for
/// another.
std::optional<std::string> previous_commit(const fs::path& folder, const std::string& recorded,
                                           const std::string& told);

}  // namespace mxsmith::engine
