// A block of code in Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mxsmith::cli::render {

/// How often `sign` stands behind itself at most.
std::size_t longest_run(std::string_view text, char sign);
/// `safe_text`, which ends in a line end, between fences that no run of back-ticks in it can end.
std::string fenced(std::string_view language, const std::string& safe_text);

}  // namespace mxsmith::cli::render
