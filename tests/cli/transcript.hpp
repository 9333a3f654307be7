// Transcripts: commands with what they print, as a reader would see them on a terminal.
//
//   $ mxsmith plan --detailed-exitcode
//   example.com at zonefile ...
//   [2]
//
// A line that begins with "$ " is run by /bin/sh, its standard error joined to its output; a last
// line "[N]" is an exit code other than 0. Times, run ids, serials, hashes and the working folder
// are replaced by words before anything is compared, but not dates from 2040 on, which
// examples use for their stages.
#pragma once

#include <filesystem>
#include <string>

#include "support/process.hpp"

namespace mxsmith::tests {

/// Runs every command of the transcript in `folder`; gives the transcript with what they print now.
std::string replay(const std::string& transcript, const fs::path& folder);

/// What changes from run to run, replaced by words.
std::string normalized(const std::string& output, const fs::path& folder);

/// Options of a run of the program that depend on nothing around the test.
RunOptions in_folder(const fs::path& folder, std::vector<std::string> args);

}  // namespace mxsmith::tests
