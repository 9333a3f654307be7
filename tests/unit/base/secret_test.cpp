#include "base/secret.hpp"

#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace mxsmith::base;
using mxsmith::tests::TemporaryDirectory;

namespace {

SecretSource command(std::vector<std::string> argv) { return SecretFromCommand{std::move(argv)}; }

/// The message of the refusal; fails the test when the secret is given.
std::string refusal(const SecretSource& source) {
  try {
    resolve_secret(source);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::auth);
    CHECK(error.effect() == Effect::none);
    return error.what();
  }
  FAIL("a secret was given");
  return {};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

// It must not be possible to copy a secret, and so to leave one behind.
static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST_CASE("a secret comes from the environment") {
  ::setenv("MXSMITH_TEST_SECRET", "s3cret", 1);
  CHECK(resolve_secret(SecretFromEnv{"MXSMITH_TEST_SECRET"}).reveal() == "s3cret");
  ::setenv("MXSMITH_TEST_SECRET", "", 1);
  CHECK(has(refusal(SecretFromEnv{"MXSMITH_TEST_SECRET"}), "it is empty"));
  ::unsetenv("MXSMITH_TEST_SECRET");
  const auto message = refusal(SecretFromEnv{"MXSMITH_TEST_SECRET"});
  CHECK(has(message, "environment variable MXSMITH_TEST_SECRET"));
  CHECK(has(message, "not set"));
}

TEST_CASE("a secret comes from a file, without its final newline") {
  const TemporaryDirectory dir;
  struct Row {
    const char* content;
    const char* secret;
  };
  const Row rows[] = {
      {"token", "token"},       {"token\n", "token"},   {"token\r\n", "token"},
      {"token\n\n", "token\n"}, {" token ", " token "},
  };
  for (const auto& row : rows) {
    INFO(row.content);
    CHECK(resolve_secret(SecretFromFile{dir.write("t", row.content)}).reveal() == row.secret);
  }
  CHECK(has(refusal(SecretFromFile{dir.write("t", "\n")}), "it is empty"));
  const auto message = refusal(SecretFromFile{dir.path() / "missing"});
  CHECK(has(message, "missing"));
  CHECK(has(message, "No such file"));
}

TEST_CASE("a secret comes from a command that is run without a shell") {
  CHECK(resolve_secret(command({"echo", "a b; $HOME"})).reveal() == "a b; $HOME");
  CHECK(has(refusal(command({"true"})), "it is empty"));
  CHECK(has(refusal(command({"sh", "-c", "echo hidden-word; exit 3"})), "failed"));
  CHECK(has(refusal(command({"sh", "-c", "kill -9 $$"})), "failed"));
  CHECK(has(refusal(command({"mxsmith-no-such-program"})), "No such file"));
  CHECK(has(refusal(command({})), "empty"));
  CHECK(has(refusal(command({"head", "-c", "70000", "/dev/zero"})), "64 KiB"));
}

TEST_CASE("no message tells a secret or a command's arguments") {
  CHECK_FALSE(has(refusal(command({"sh", "-c", "echo hidden-word; exit 3"})), "hidden-word"));
  CHECK(describe_secret(command({"vault", "read", "secret/path"})) == "command vault");
  CHECK(describe_secret(SecretFromEnv{"CF_API_TOKEN"}) == "environment variable CF_API_TOKEN");
  CHECK(describe_secret(SecretFromFile{"/run/token"}) == "file /run/token");
}

TEST_CASE("moving a secret leaves nothing behind") {
  for (const std::string octets :
       {"short", "one that is too long to lie within the string itself"}) {
    Secret first(octets);
    const Secret second(std::move(first));
    CHECK(second.reveal() == octets);
    CHECK(first.reveal().empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    Secret third("another");
    third = Secret(octets);
    CHECK(third.reveal() == octets);
  }
}
