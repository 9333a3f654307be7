// Texts of the catalogue with their placeholders: filled for one zone, or matched against what
// stands in one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/service.hpp"

namespace mxsmith::mail {

/// Names of the placeholders of a text, in order: "zone", "zone_dashed" and fields.
std::vector<std::string> placeholders_of(std::string_view text);

/// What placeholders stand for; a field that is not in it has no value.
using Placeholders = std::map<std::string, std::string, std::less<>>;

/// Nothing: the text holds a placeholder without a value.
std::optional<std::string> fill_template(std::string_view text, const Placeholders& values);

/// A text with gaps, each of one octet or more: what a template can look like in any zone. Letter
/// case does not matter.
class TextPattern {
 public:
  explicit TextPattern(std::string_view text);

  [[nodiscard]] bool matches(std::string_view text) const;
  /// Without any gap.
  [[nodiscard]] bool exact() const { return pieces_.size() == 1; }
  /// What stands before the first gap, and behind the last; lower case.
  [[nodiscard]] const std::string& head() const { return pieces_.front(); }
  [[nodiscard]] const std::string& tail() const { return pieces_.back(); }

 private:
  std::vector<std::string> pieces_;
};

/// A text in each way its choices can be made: fields with a fixed list of values are filled with
/// every one of them, all other placeholders stay.
std::vector<std::string> with_choices(const Service& service, std::string_view text);

}  // namespace mxsmith::mail
