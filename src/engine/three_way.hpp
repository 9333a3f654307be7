// Undoing a change in a set that others may have changed since: value by value.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "plan/change.hpp"

namespace mxsmith::engine {

/// Which values an undo is about (`rollback --only`).
using ValueFilter = std::function<bool(const dns::Key&, const dns::Rdata&)>;

/// What a set becomes, or why it is left alone.
struct Undone {
  std::optional<plan::SetState> state;  ///< Nothing: the set goes.
  std::string conflict;  ///< Not empty: it changed in a way that undoing cannot respect.
};

/// Takes `change` back out of `live`: values it added go, values it took away come back, values
/// that came since and are not its own stay. TTL and metadata go back only where they are still as
/// the change left them. A conflict: a value it added was itself changed since, or what would come
/// back meets a successor of its own class (a second SPF record, another CNAME).
Undone undo_in(const std::optional<plan::SetState>& live, const plan::Change& change,
               const ValueFilter& concerns);

}  // namespace mxsmith::engine
