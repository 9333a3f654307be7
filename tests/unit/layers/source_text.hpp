// C++ source as the layers test looks at it: its includes, and its words outside comments and
// strings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::tests {

struct Include {
  std::string name;     ///< "dns/name.hpp", "vector"
  bool quoted = false;  ///< With "", so a header of ours; else with <>.
  std::size_t line = 0;
};

struct Word {
  std::string text;  ///< An identifier.
  std::size_t line = 0;
};

/// The text with every sign inside comments, strings and character literals made a space; lines
/// stay where they are. Include names count as code.
std::string without_comments_and_strings(std::string_view source);

std::vector<Include> includes_of(std::string_view source);
std::vector<Word> words_of_code(std::string_view source);

}  // namespace mxsmith::tests
