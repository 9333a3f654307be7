// Golden files: what a program printed when somebody last read it with care.
//
// MXSMITH_GOLDEN=write in the environment writes them anew; the difference is then reviewed like
// any other change.
#pragma once

#include <filesystem>
#include <string>

namespace mxsmith::tests {

/// Fails the running test unless the file holds exactly `actual`.
void check_golden(const std::filesystem::path& file, const std::string& actual);

}  // namespace mxsmith::tests
