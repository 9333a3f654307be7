#include "plan/change.hpp"

#include <utility>

namespace mxsmith::plan {

Change::Kind Change::kind() const {
  if (!before) return Kind::create;
  return after ? Kind::update : Kind::remove;
}

Change invert(const Change& change) {
  Change back = change;
  std::swap(back.before, back.after);
  return back;
}

}  // namespace mxsmith::plan
