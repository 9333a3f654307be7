// The scope table of docs/scope.md as data: each case names its row.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/scope.hpp"
#include "support/plan_builders.hpp"

namespace mxsmith::tests {

struct ScopeCase {
  int row = 0;
  std::string name;
  std::vector<plan::DesiredUnit> declared = {};
  std::vector<plan::DesiredUnit> previous = {};
  std::vector<std::string> live = {};
  std::vector<std::string> after = {};  ///< The whole zone; not looked at when `error` is set.
  std::vector<int> reasons = {};        ///< Rows that changes name as reasons, in any order.
  std::vector<std::string> guards = {};
  std::string error = {};              ///< Rule id.
  std::vector<std::string> kept = {};  ///< Keys of the manifest besides those declared.
  int shown_note = 0;                  ///< Row of a note worth showing; 0: none is asked for.
  plan::ManageMode manage = plan::ManageMode::declared;
  plan::HistoryKnown history = plan::HistoryKnown::yes;
  std::vector<plan::AbsentRule> absent = {};
  std::vector<plan::IgnoreRule> ignore = {};
  Owners foreign = {};
  std::function<void(plan::Traits&)> traits = {};
};

std::vector<ScopeCase> scope_cases();

}  // namespace mxsmith::tests
