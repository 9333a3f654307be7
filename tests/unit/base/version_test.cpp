#include "base/version.hpp"

#include <string>

#include "base/file.hpp"
#include "support/catch.hpp"

using namespace mxsmith::base;

namespace {

std::string between(const std::string& text, const std::string& before, char after) {
  const auto begin = text.find(before);
  if (begin == std::string::npos) return {};
  const auto start = begin + before.size();
  return text.substr(start, text.find(after, start) - start);
}

}  // namespace

TEST_CASE("the version has one source, and the newest entry of CHANGELOG.md is about it") {
  const fs::path root = MXSMITH_SOURCE_DIR;
  CHECK(between(read_file(root / "CMakeLists.txt"), "project(mxsmith VERSION ", ' ') == version());
  CHECK(between(read_file(root / "CHANGELOG.md"), "\n## [", ']') == version());
}
