#include <cstddef>
#include <cstdint>

#include "fuzz/mail_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mxsmith::fuzz::spf({reinterpret_cast<const char*>(data), size});
  return 0;
}
