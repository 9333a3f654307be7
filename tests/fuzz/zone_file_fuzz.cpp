#include <cstddef>
#include <cstdint>

#include "fuzz/zone_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mxsmith::fuzz::zone_file({reinterpret_cast<const char*>(data), size});
  return 0;
}
