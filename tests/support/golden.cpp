#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>

#include "support/catch.hpp"
#include "support/process.hpp"

namespace mxsmith::tests {

void check_golden(const std::filesystem::path& file, const std::string& actual) {
  const char* wish = std::getenv("MXSMITH_GOLDEN");
  if (wish != nullptr && std::string_view(wish) == "write") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << actual;
  }
  INFO("golden file " << file);
  REQUIRE(std::filesystem::exists(file));
  CHECK(actual == slurp(file));
}

}  // namespace mxsmith::tests
