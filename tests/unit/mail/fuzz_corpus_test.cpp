// The corpora of the fuzzed readers, run as ordinary tests.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/mail_targets.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

TEST_CASE("corpora of the fuzzed readers of mail records") {
  const std::filesystem::path corpus =
      std::filesystem::path(MXSMITH_SOURCE_DIR) / "tests/fuzz/corpus";
  for (const auto& [name, target] : fuzz::kMailTargets) {
    std::size_t run = 0;
    for (const auto& file : std::filesystem::directory_iterator(corpus / name)) {
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string octets((std::istreambuf_iterator<char>(stream)), {});
      INFO(file.path().string());
      CHECK_NOTHROW(target(octets));
      // Cut anywhere, it has to be read as well.
      for (std::size_t end = 0; end < octets.size(); end += 1 + octets.size() / 64) {
        CHECK_NOTHROW(target(std::string_view(octets).substr(0, end)));
      }
      ++run;
    }
    INFO(std::string(name));
    CHECK(run >= 8);
  }
}
