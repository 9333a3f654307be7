// Runs a fuzz target over its corpus as an ordinary test: every file of it whole, and cut anywhere.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "support/catch.hpp"

namespace mxsmith::fuzz {

inline void run_corpus(std::string_view name, void (*target)(std::string_view)) {
  const std::filesystem::path corpus =
      std::filesystem::path(MXSMITH_SOURCE_DIR) / "tests/fuzz/corpus" / name;
  std::size_t run = 0;
  for (const auto& file : std::filesystem::directory_iterator(corpus)) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string octets((std::istreambuf_iterator<char>(stream)), {});
    INFO(file.path().string());
    CHECK_NOTHROW(target(octets));
    for (std::size_t end = 0; end < octets.size(); end += 1 + octets.size() / 64) {
      CHECK_NOTHROW(target(std::string_view(octets).substr(0, end)));
    }
    ++run;
  }
  INFO(std::string(name));
  CHECK(run >= 8);
}

}  // namespace mxsmith::fuzz
