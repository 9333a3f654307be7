// Published vectors, read where they lie: MXSMITH_SHARED, by default ../shared beside the
// repository. Without that directory they cannot run, which is said aloud; MXSMITH_DEMAND_SHARED=1
// makes it a failure.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "support/catch.hpp"

namespace mxsmith::tests {

inline std::filesystem::path vectors_directory() {
  const char* set = std::getenv("MXSMITH_SHARED");
  const auto root = set != nullptr ? std::filesystem::path(set)
                                   : std::filesystem::path(MXSMITH_SOURCE_DIR) / "../shared";
  return root / "mail" / "data";
}

/// A file as it is; nothing, with a message, when it is not there. `count` is how many cases it is
/// known to hold.
inline std::optional<nlohmann::json> published_file(const std::string& file, std::size_t count) {
  const auto path = vectors_directory() / file;
  std::ifstream stream(path);
  if (!stream) {
    std::cerr << "NOT RUN: " << count << " published vectors, there is no " << path.string()
              << " (set MXSMITH_SHARED)\n";
    const char* demand = std::getenv("MXSMITH_DEMAND_SHARED");
    if (demand != nullptr && std::string(demand) == "1") FAIL("published vectors are demanded");
    return {};
  }
  return nlohmann::json::parse(stream);
}

/// The cases of a file, and how many of them run is said.
inline std::optional<nlohmann::json> published_cases(const std::string& file, std::size_t count,
                                                     const char* key = "cases") {
  auto whole = published_file(file, count);
  if (!whole) return {};
  nlohmann::json cases = whole->at(key);
  REQUIRE(cases.size() >= count);
  std::cout << "published vectors run: " << cases.size() << " of " << file << "\n";
  return cases;
}

}  // namespace mxsmith::tests
