#include <string_view>
#include <variant>

#include "base/text.hpp"
#include "plan/desired.hpp"

namespace mxsmith::plan {

namespace {

/// "*" stands for any run of octets, none included.
bool run_glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool Pattern::matches(const dns::Name& apex, const dns::Key& key) const {
  if (type && *type != key.type) return false;
  if (key.name == apex) return name == "@" || name == "**";
  return name != "@" && base::glob_matches(name, key.name.text_relative_to(apex));
}

bool Pattern::matches(const dns::Name& apex, const dns::Key& key, const dns::Rdata& rdata) const {
  if (!matches(apex, key)) return false;
  if (!value) return true;
  if (const auto* txt = std::get_if<dns::Txt>(&rdata)) return run_glob_matches(*value, txt->octets);
  return run_glob_matches(*value, dns::print_rdata(rdata));
}

bool Pattern::is_glob() const { return name.find('*') != std::string::npos; }

}  // namespace mxsmith::plan
