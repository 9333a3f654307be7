// What is odd about a record's text, beside the value that receivers read from it all the same.
//
// A reader of this layer never refuses a live record: it gives the value as receivers would take
// it, and says what the specification forbids or advises against, each with its place. Whoever
// wants to be strict looks at the findings; whoever compares two records looks at the values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"

namespace mxsmith::mail {

/// Octets of a record's text, counted from 0.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;
  /// What is left behind its first octets.
  [[nodiscard]] Span from(std::size_t octets) const {
    const std::size_t skipped = std::min(octets, length);
    return {offset + skipped, length - skipped};
  }
  friend bool operator==(const Span&, const Span&) = default;
};

struct Finding {
  base::Severity severity = base::Severity::error;
  std::string_view rule;  ///< A literal: "dkim-p-base64"; stable and never reused.
  std::string message;    ///< A phrase without final stop; may hold octets of the record.
  std::string hint;       ///< What to do about it; may be empty.
  Span at;
};

/// Findings in the order in which they were made.
class Findings {
 public:
  void error(std::string_view rule, Span at, std::string message, std::string hint = {}) {
    add(base::Severity::error, rule, at, std::move(message), std::move(hint));
  }
  void warning(std::string_view rule, Span at, std::string message, std::string hint = {}) {
    add(base::Severity::warning, rule, at, std::move(message), std::move(hint));
  }
  void info(std::string_view rule, Span at, std::string message, std::string hint = {}) {
    add(base::Severity::info, rule, at, std::move(message), std::move(hint));
  }
  void add(base::Severity severity, std::string_view rule, Span at, std::string message,
           std::string hint = {}) {
    all_.push_back({severity, rule, std::move(message), std::move(hint), at});
  }

  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  /// The first finding of that rule, or null.
  [[nodiscard]] const Finding* find(std::string_view rule) const {
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [&](const Finding& one) { return one.rule == rule; });
    return found == all_.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool has_errors() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const Finding& one) { return one.severity == base::Severity::error; });
  }

 private:
  std::vector<Finding> all_;
};

/// A record as it was read.
template <class Value>
struct Reading {
  Value value;        ///< As receivers take it; defaults where nothing could be read.
  std::string text;   ///< The octets that were read, spelling and all.
  Findings findings;  ///< Places are in `text`.

  /// The value for whoever is strict: nothing where a finding is an error.
  [[nodiscard]] std::optional<Value> without_errors() && {
    return findings.has_errors() ? std::nullopt : std::optional(std::move(value));
  }
};

}  // namespace mxsmith::mail
