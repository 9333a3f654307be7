// Who runs this and why, for history and for the message of a lock.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "state/store.hpp"

namespace mxsmith::cli {

/// From the system, the variables that pipelines set, and the repository of the working directory.
state::Actor find_actor(const std::vector<std::string>& command_line, const CommonOptions& common);

/// The commit that `directory` or a folder above it has checked out; empty when there is none.
std::string checked_out_commit(const fs::path& directory);

/// One word of a command line as a shell would need it.
std::string shell_word(const std::string& word);

}  // namespace mxsmith::cli
