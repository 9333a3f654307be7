// Scope: which sets a spec touches, and what they become. The table in docs/scope.md, row by row.
//
// Hands-off works by carrying over: what may not be touched goes from live into what is to be,
// before anything is compared, so that provider kinds cannot differ in it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/change.hpp"
#include "plan/desired.hpp"
#include "plan/guard.hpp"
#include "plan/live.hpp"

namespace mxsmith::plan {

/// What became of one unit or live set.
struct ScopeNote {
  int row = 0;
  Unit unit;
  std::string text;  ///< "unmanaged mail record", "kept: changed outside and no longer declared"
  bool worth_showing = false;
};

struct Scope {
  std::vector<Change> changes;  ///< Sorted by key; only sets that differ.
  std::vector<ScopeNote> notes;
  std::vector<GuardFinding> guards;  ///< Those only scope can see: drift, name-taken-over,
                                     ///< mass-delete's share, absent-glob.
  base::Diagnostics diagnostics;     ///< Rows 16, 17, 24: no plan while there are errors.
  Manifest manifest;                 ///< What will be owned once the changes are applied.
  std::size_t left_alone = 0;        ///< Live sets that nothing in the spec touches.
};

/// Whether deletions by memory are possible at all.
enum class HistoryKnown : std::uint8_t { no, yes };

Scope scope(const Desired& desired, const LiveZone& live, const Manifest& previous,
            HistoryKnown known, const Traits& traits);

/// The mail records by which `manage = "mail"` deletes (row 12).
bool is_mail_record(const dns::Name& apex, const dns::Key& key, const dns::Rdata& value);

}  // namespace mxsmith::plan
