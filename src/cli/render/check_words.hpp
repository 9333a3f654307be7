// What `check` found, ready to be shown: faults in specs and findings of rules together, what many
// zones share told once.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "engine/engine.hpp"

namespace mxsmith::cli::render {

struct CheckWords {
  std::vector<base::Diagnostic> shown;  ///< Sorted by place.
  /// What nobody looked up, each once, with the rules that wanted to know.
  std::map<std::string, std::set<std::string>> not_checked;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t remarks = 0;  ///< Those of severity info, shown or not.
  /// "3 zones: 1 error, 2 warnings, 5 remarks"
  std::string summary;
};
enum class Remarks : std::uint8_t { hidden, shown };
CheckWords check_words(const engine::Report& report, Remarks remarks);

}  // namespace mxsmith::cli::render
