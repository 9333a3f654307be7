// Catch2, whichever of 2.13 and 3 is installed. Tests include this and nothing of Catch2 directly.
#pragma once

#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

namespace mxsmith::tests {

/// Matches a text that holds `part`; Catch2 3 gave that matcher another name.
inline auto has_text(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

}  // namespace mxsmith::tests
