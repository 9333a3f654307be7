// Journals fsync at every line. On a disk these tests would take minutes and say the same, so their
// folders stand in memory where the machine has such a place and nobody asked for another.
#include <stdlib.h>
#include <unistd.h>

namespace {

[[maybe_unused]] const bool kInMemory = [] {
  return ::access("/dev/shm", W_OK | X_OK) == 0 && ::setenv("TMPDIR", "/dev/shm", 0) == 0;
}();

}  // namespace
