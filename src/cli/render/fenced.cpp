#include "cli/render/fenced.hpp"

#include <algorithm>

namespace mxsmith::cli::render {

std::size_t longest_run(std::string_view text, char sign) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == sign ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string fenced(std::string_view language, const std::string& safe_text) {
  const std::string fence(std::max<std::size_t>(3, longest_run(safe_text, '`') + 1), '`');
  return fence + std::string(language) + "\n" + safe_text + fence + "\n";
}

}  // namespace mxsmith::cli::render
