// Permission to write belongs to a thread and ends with the scope.
#include "base/write_permit.hpp"

#include <thread>

#include "support/catch.hpp"

using namespace mxsmith;

TEST_CASE("a permit holds for its thread and its scope") {
  CHECK_FALSE(base::WritePermit::held());
  {
    const base::WritePermit outer;
    { const base::WritePermit inner; }
    CHECK(base::WritePermit::held());
    bool elsewhere = true;
    std::thread([&] { elsewhere = base::WritePermit::held(); }).join();
    CHECK_FALSE(elsewhere);
  }
  CHECK_FALSE(base::WritePermit::held());
}
