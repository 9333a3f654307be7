// Programs run without a shell.
#include "base/command.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

TEST_CASE("a command's output, errors and status") {
  const auto result = base::run_command({"sh", "-c", "printf out; printf err >&2; exit 3"});
  CHECK(result.output == "out");
  CHECK(result.errors == "err");
  CHECK(result.status == 3);
  CHECK(base::run_command({"sh", "-c", "kill -9 $$"}).status == 137);
  CHECK_THROWS_AS(base::run_command({"no-such-program-at-all"}), base::Error);
}

TEST_CASE("more than pipes hold goes in and out") {
  const auto much = base::run_command(
      {"sh", "-c",
       "i=0; while [ $i -lt 3000 ]; do printf %0100d 1; printf %0100d 2 >&2; i=$((i+1)); done"});
  CHECK(much.output.size() == 300000);
  CHECK(much.errors.size() == 300000);
  const std::string text(300000, 'x');
  const auto through = base::run_command({"cat"}, {text, {}});
  CHECK(through.output == text);
  CHECK(base::run_command({"cat"}).output.empty());
}

TEST_CASE("a program that does not read its input is no fault") {
  const std::string text(300000, 'x');
  CHECK(base::run_command({"true"}, {text, {}}).status == 0);
}

TEST_CASE("variables are set besides ours, or instead of them") {
  const auto result = base::run_command({"sh", "-c", "printf '%s|%s' \"$MXSMITH_A\" \"$HOME\""},
                                        {{}, {{"MXSMITH_A", "one two"}, {"HOME", "/nowhere"}}});
  CHECK(result.output == "one two|/nowhere");
  CHECK_FALSE(base::run_command({"sh", "-c", "printf %s \"$PATH\""}).output.empty());
}
