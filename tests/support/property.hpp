// Properties: a statement that must hold for every value rapidcheck can think of.
//
//   property("parsing undoes printing", [](const Rdata& r) { RC_ASSERT(...); });
//
// A failure prints the smallest counterexample and the seed to run it again (RC_PARAMS="seed=...").
#pragma once

#include <rapidcheck.h>

#include <string>

#include "support/catch.hpp"

namespace mxsmith::tests {

template <class Testable>
void property(const std::string& description, Testable&& testable) {
  INFO(description);
  CHECK(rc::check(description, std::forward<Testable>(testable)));
}

}  // namespace mxsmith::tests
