// Every folder of examples/ does what its transcript says.
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "transcript.hpp"

namespace mxsmith::tests {

namespace {

void check_example(const char* name) {
  const fs::path example = fs::path(MXSMITH_SOURCE_DIR) / "examples" / name;
  const TemporaryDirectory directory;
  fs::copy(example, directory.path(), fs::copy_options::recursive);
  fs::remove(directory.path() / "transcript.txt");
  const fs::path transcript = example / "transcript.txt";
  check_golden(transcript, replay(slurp(transcript), directory.path()));
}

}  // namespace

TEST_CASE("example: go-live with stages") { check_example("go-live"); }
TEST_CASE("example: Microsoft 365 and senders") { check_example("microsoft-365"); }
TEST_CASE("example: one more service may send") { check_example("secure-exchanges"); }
TEST_CASE("example: a web shop beside Google Workspace") { check_example("cimcloud-google"); }
TEST_CASE("example: parked domain") { check_example("parked"); }
TEST_CASE("example: three hundred customers") { check_example("customers"); }
TEST_CASE("example: DKIM rotation with dates") { check_example("dkim-rotation"); }
TEST_CASE("example: DMARC, step by step") { check_example("dmarc-ramp"); }
TEST_CASE("example: MTA-STS and TLS reports kept by a third party") {
  check_example("mta-sts-delegated");
}
TEST_CASE("example: one zone at two providers") { check_example("two-providers"); }

TEST_CASE("example: a provider of one's own") { check_example("plugin"); }

TEST_CASE("example: a pipeline with shared history") { check_example("pipeline"); }

TEST_CASE("there is a test for every example") {
  const std::string tests = slurp(fs::path(MXSMITH_SOURCE_DIR) / "tests/cli/examples_test.cpp");
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(MXSMITH_SOURCE_DIR) / "examples")) {
    if (!entry.is_directory()) continue;
    ++folders;
    CHECK(fs::exists(entry.path() / "README.md"));
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK(tests.find("check_example(\"" + name + "\")") != std::string::npos);
  }
  CHECK(folders >= 9);
}

TEST_CASE("the go-live leaves nothing behind but a higher serial") {
  const TemporaryDirectory directory;
  fs::copy(fs::path(MXSMITH_SOURCE_DIR) / "examples/go-live", directory.path(),
           fs::copy_options::recursive);
  const std::string before = directory.read("example.com.zone");
  const auto apply = run(MXSMITH_BINARY, in_folder(directory.path(), {"apply", "--yes"}));
  INFO(apply.out << apply.err);
  REQUIRE(apply.exit == 0);
  CHECK(directory.read("example.com.zone") != before);
  const auto again =
      run(MXSMITH_BINARY, in_folder(directory.path(), {"plan", "--detailed-exitcode"}));
  CHECK(again.exit == 0);
  const auto back =
      run(MXSMITH_BINARY, in_folder(directory.path(), {"rollback", "example.com", "--yes"}));
  INFO(back.out << back.err);
  REQUIRE(back.exit == 0);
  std::string after = directory.read("example.com.zone");
  const auto serial = before.find("2024031502");
  REQUIRE(serial != std::string::npos);
  CHECK(after.substr(serial, 10) > before.substr(serial, 10));
  CHECK(after.replace(serial, 10, "2024031502") == before);
}

}  // namespace mxsmith::tests
